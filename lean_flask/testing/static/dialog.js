// The dialog of the stand-in: says what it was opened with, and ends in whichever way is asked.

const TEXTS = {
  en: {
    banner: "Stand-in for Lean. No bank is contacted.", approve: "Approve", cancel: "Cancel",
    fail: "Fail", reason: "Ends in an error with", redirect: "Continue at the bank",
    programmatic: "Close as the page would", silent: "Vanish without a word",
    choose: "Choose a bank", unlisted: "My bank is not listed", refused: "Lean refuses this config",
    connect: "Link your account", pay: "Pay from your account", checkout: "Pay by bank",
    captureRedirect: "Back from the bank", reconnect: "Link your account again",
    confirmed: "The bank confirmed", declined: "The bank declined", close: "Close",
    account: "Account",
  },
  ar: {
    banner: "بديل تجريبي عن Lean، ولا يتصل بأي بنك.", approve: "موافقة", cancel: "إلغاء",
    fail: "إخفاق", reason: "ينتهي بالخطأ", redirect: "المتابعة لدى البنك",
    programmatic: "إغلاق من الصفحة", silent: "اختفاء دون إشعار",
    choose: "اختر بنكًا", unlisted: "بنكي غير موجود في القائمة", refused: "ترفض Lean هذه الإعدادات",
    connect: "ربط حسابك", pay: "الدفع من حسابك", checkout: "الدفع عبر البنك",
    captureRedirect: "العودة من البنك", reconnect: "إعادة ربط حسابك",
    confirmed: "أكّد البنك العملية", declined: "رفض البنك العملية", close: "إغلاق",
    account: "الحساب",
  },
};

const parentOrigin = document.referrer ? new URL(document.referrer).origin : null;
const find = (selector) => document.querySelector(selector);
let method, config, texts, chosen;

addEventListener("message", ({ source, data }) => {
  if (source === parent && data?.type === "open") open(data);
});
parent.postMessage({ type: "ready" }, parentOrigin ?? "*");

async function open(message) {
  ({ method, config } = message);
  const language = config.language === "ar" ? "ar" : "en";
  texts = TEXTS[language];
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  for (const element of document.querySelectorAll("[data-text]")) {
    element.textContent = texts[element.dataset.text];
  }
  dress(config.customization ?? {});
  document.body.hidden = false;
  if (message.problems.length) refuse(message.problems);
  else await begin();
  find("h1").focus();
}

function dress(look) {
  const { style, dataset } = document.documentElement;
  if (look.force_appearance) dataset.appearance = look.force_appearance;
  if (look.theme_color) style.setProperty("--theme", look.theme_color);
  if (look.button_text_color) style.setProperty("--on-theme", look.button_text_color);
  const radius = look.button_border_radius;
  if (radius !== undefined) style.setProperty("--radius", radius === "pill" ? "99px" : `${radius}px`);
}

function refuse(problems) {
  find("h1").textContent = texts.refused;
  const list = find("#problems");
  list.replaceChildren(...problems.map((problem) => item(problem)));
  list.hidden = false;
  find("#ends").hidden = false;
  for (const button of find("#ends").querySelectorAll("button, .pair")) {
    button.hidden = button.dataset.lean !== "ERROR" && button.dataset.leanEnd !== "CANCELLED";
  }
  const close = find("[data-lean-end=CANCELLED]");
  close.textContent = texts.close;
  close.dataset.leanEnd = "REFUSED";
  close.dataset.problems = problems.join("; ");
}

function item(content) {
  const element = document.createElement("li");
  element.append(content);
  return element;
}

async function begin() {
  find("h1").textContent = texts[method];
  if (method === "captureRedirect") return showOutcome();
  const banks = await (await fetch("/stand-in/banks")).json();
  const identifier = config.bank_identifier;
  if (identifier || config.account_id) {
    const bank = banks.find((one) => one.identifier === identifier) ?? { identifier, name: identifier };
    return showEnds(bank);
  }
  return showBanks(banks);
}

function nameOf(bank) {
  return (config.language === "ar" && bank.arabic_name) || bank.name || "";
}

function showBanks(banks) {
  const purpose = method === "connect" ? "data" : "payments";
  const usable = banks.filter(({ availability: { active = {}, enabled = {} } }) => active[purpose] && enabled[purpose]);
  const rows = usable.map((bank) => {
    const button = document.createElement("button");
    button.textContent = nameOf(bank);
    button.dataset.bank = bank.identifier;
    button.onclick = () => showEnds(bank);
    return item(button);
  });
  const unlisted = document.createElement("button");
  unlisted.textContent = texts.unlisted;
  unlisted.dataset.leanEnd = "UNLISTED";
  find("#banks ul").replaceChildren(...rows, item(unlisted));
  find("#banks").hidden = false;
}

function showEnds(bank) {
  chosen = bank;
  find("#banks").hidden = true;
  find("#bank").hidden = false;
  find("#bank bdi").textContent = nameOf(bank);
  find("#bank img").hidden = !bank.logo_alt;
  if (bank.logo_alt) find("#bank img").src = bank.logo_alt;
  const account = config.account_id;
  find("#bank small").textContent = account ? `${texts.account} …${account.slice(-4)}` : "";
  find("[data-lean-end=REDIRECT]").hidden = !(config.success_redirect_url && config.fail_redirect_url);
  find("#ends").hidden = false;
}

function showOutcome() {
  const good = (config.granular_status_code ?? "SUCCESS") === "SUCCESS";
  find("h1").textContent = good ? texts.confirmed : texts.declined;
  find("#ends").hidden = false;
  for (const element of find("#ends").children) element.hidden = true;
  const button = find(".main");
  button.hidden = false;
  button.textContent = texts.close;
  button.dataset.leanEnd = good ? "SUCCESS" : "ERROR";
}

addEventListener("click", ({ target }) => {
  const button = target.closest("[data-lean-end]");
  if (button) end(button.dataset.leanEnd, button.dataset.problems);
});
addEventListener("keydown", ({ key }) => {
  if (key === "Escape" && config) end("CANCELLED");
});

const OUTCOMES = {
  SUCCESS: () => ({ message: "The flow was completed.", secondary_status: "OK", exit_point: "SUCCESS" }),
  CANCELLED: () => ({ message: "The customer left.", user_exit_intent: "USER_CANCELLED_PAYMENT" }),
  ERROR: () => ({ message: "The flow failed.", secondary_status: failure(), exit_point: "PAYMENT" }),
  REDIRECT: () => ({ message: "Handed over to the bank.", open_banking_redirect_url: bankPage() }),
  LINK_CLOSED_PROGRAMMATICALLY: () => ({ message: "Closed by the page." }),
};

function failure() {
  return method === "captureRedirect" ? config.granular_status_code : find("#secondary-status").value;
}

function bankPage() {
  const query = new URLSearchParams({
    success: config.success_redirect_url, fail: config.fail_redirect_url,
    bank: chosen?.identifier ?? "", language: config.language ?? "en",
  });
  return `${location.origin}/stand-in/bank?${query}`;
}

async function end(kind, problems) {
  if (kind === "SILENT") return tell(null);
  if (kind === "REFUSED") {
    return tell({ status: "ERROR", message: `CONFIG_ERROR__INVALID_PARAM_TYPE: ${problems}` });
  }
  const status = kind === "UNLISTED" ? "CANCELLED" : kind;
  const supported = kind !== "UNLISTED";
  const outcome = {
    status, ...OUTCOMES[status](), lean_correlation_id: correlationId(),
    bank: { bank_identifier: supported ? chosen?.identifier ?? null : null, is_supported: supported },
  };
  await fetch("/stand-in/ends", {
    method: "POST", headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ method, config, status, bank_identifier: chosen?.identifier ?? null }),
  });
  return tell(outcome);
}

function correlationId() {
  return [...crypto.getRandomValues(new Uint8Array(8))].map((byte) => byte.toString(16).padStart(2, "0")).join("").toUpperCase();
}

function tell(outcome) {
  parent.postMessage({ type: "end", outcome }, parentOrigin ?? "*");
}
