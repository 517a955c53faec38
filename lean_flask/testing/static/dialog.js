// The dialog of the stand-in: says what it was opened with, and ends in whichever way is asked.

import { showConsents } from "./dialog-consents.js";
import { TEXTS } from "./dialog-texts.js";

const parentOrigin = document.referrer ? new URL(document.referrer).origin : null;
const find = (selector) => document.querySelector(selector);
const CHOOSES_SOURCE = ["updatePaymentSource", "createBeneficiary"];
const CHOOSES_BANK = ["connect", "pay", "checkout", "authorizeConsent", "createPaymentSource"];
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
  const { problems } = message;
  if (problems.length) refuse(problems, `CONFIG_ERROR__INVALID_PARAM_TYPE: ${problems.join("; ")}`);
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

function refuse(problems, message) {
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
  close.dataset.message = message;
}

function item(content) {
  const element = document.createElement("li");
  element.append(content);
  return element;
}

async function begin() {
  find("h1").textContent = texts[method];
  if (method === "captureRedirect") return showOutcome();
  const banks = await json("/stand-in/banks");
  const known = config.customer_id ? await json(`/stand-in/customers/${config.customer_id}`) : {};
  if (method === "authorizeConsent") {
    const consent = known.consents?.find(({ id }) => id === config.consent_id);
    if (consent && consent.status !== "AWAITING_AUTHORISATION") {
      return refuse([`consent_id: ${consent.status}`], `409: the consent is ${consent.status}`);
    }
  }
  const identifier = config.bank_identifier;
  if (method === "manageConsents") manageConsents(known, banks);
  else if (CHOOSES_SOURCE.includes(method)) chooseSource(known.payment_sources ?? [], banks);
  else if (identifier || config.account_id || !CHOOSES_BANK.includes(method)) showEnds(bankOf(identifier, banks));
  else showBanks(banks);
}

async function json(path) {
  return (await fetch(path)).json();
}

function bankOf(identifier, banks) {
  return banks.find((one) => one.identifier === identifier) ?? { identifier, name: identifier };
}

function nameOf(bank) {
  return (config.language === "ar" && bank.arabic_name) || bank.name || "";
}

function showBanks(banks) {
  const purpose = method === "connect" ? "data" : "payments";
  const byRedirect = ["checkout", "authorizeConsent"].includes(method);
  const usable = banks.filter(({ availability: { active = {}, enabled = {} }, connection_type: type }) => (
    active[purpose] && enabled[purpose] && !(byRedirect && type === "REVERSE_ENGINEERED")
  ));
  const unlisted = document.createElement("button");
  unlisted.textContent = texts.unlisted;
  unlisted.dataset.leanEnd = "UNLISTED";
  choose(texts.choose, [...usable.map((bank) => choice(nameOf(bank), { bank: bank.identifier }, bank)), unlisted]);
}

function chooseSource(sources, banks) {
  const given = sources.find(({ id }) => id === config.payment_source_id);
  if (given || config.payment_source_id || !sources.length) {
    return showEnds(bankOf(given?.bank_identifier, banks), given?.accounts[0].iban);
  }
  choose(texts.chooseSource, sources.map((source) => {
    const bank = bankOf(source.bank_identifier, banks);
    const iban = source.accounts[0].iban;
    const button = choice(`${nameOf(bank)} …${iban.slice(-4)}`, { source: source.id }, bank, iban);
    button.addEventListener("click", () => { config.payment_source_id = source.id; });
    return button;
  }));
}

function choice(label, data, bank, account) {
  const button = document.createElement("button");
  button.textContent = label;
  Object.assign(button.dataset, data);
  button.onclick = () => showEnds(bank, account);
  return button;
}

function choose(title, buttons) {
  find("#choice h2").textContent = title;
  find("#choice ul").replaceChildren(...buttons.map(item));
  find("#choice").hidden = false;
}

function manageConsents(known, banks) {
  showConsents(find("#consents"), { known, config, texts, nameOf: (identifier) => nameOf(bankOf(identifier, banks)) });
  showEnds({});
  const close = find("[data-lean-end=CANCELLED]");
  const done = find("[data-lean-end=SUCCESS]");
  close.textContent = texts.close;
  done.textContent = texts.done;
  close.className = "main";
  done.className = "";
  find("#ends").prepend(close);
}

function showEnds(bank, account = config.account_id) {
  chosen = bank;
  find("#choice").hidden = true;
  find("#bank").hidden = !(bank.identifier || account || config.customer_name);
  find("#bank bdi").textContent = nameOf(bank) || config.customer_name || "";
  find("#bank img").hidden = !bank.logo_alt;
  if (bank.logo_alt) find("#bank img").src = bank.logo_alt;
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
  if (button) end(button.dataset.leanEnd, button.dataset.message);
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

async function end(kind, message) {
  if (kind === "SILENT") return tell(null);
  if (kind === "REFUSED") return tell({ status: "ERROR", message });
  const status = kind === "UNLISTED" ? "CANCELLED" : kind;
  const supported = kind !== "UNLISTED";
  const outcome = {
    status, ...OUTCOMES[status](), lean_correlation_id: correlationId(),
    bank: { bank_identifier: (supported && chosen?.identifier) || null, is_supported: supported },
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
