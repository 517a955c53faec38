// Back from the bank. Lean's window tells what became of the flow, and the host goes on.

import { postJson } from "./api.js";
import { emit } from "./events.js";
import { WINDOW_TIMEOUT_MS } from "./lean-window.js";
import { leaveSoon, wayOn } from "./leaving.js";
import { renderScreen } from "./render-screen.js";
import { report } from "./report.js";
import { callLean, LATE, loadLean } from "./sdk.js";
import { addRecentBank, forgetFlow, savedFlow } from "./storage.js";

/** What Lean adds to the URL. */
const LANDING_PARAMETERS = [
  "bank_identifier",
  "consent_attempt_id",
  "consent_id",
  "granular_status_code",
  "status_additional_info",
];

const root = /** @type {HTMLElement} */ (document.getElementById("lean-return"));
const { home, loader = "", capture = "", callback = "", events = "", method } = root.dataset;
const { lang } = document.documentElement;
const [flowOfThisTab, chosenBank] = savedFlow();
const flow = flowOfThisTab || root.dataset.flow || "";

/**
 * @param {string} name
 * @param {object} [detail]
 */
function emitReturn(name, detail) {
  emit(root, name, { method, state: "return", language: lang, ...detail });
}

function onBlocked() {
  emitReturn("loader_blocked");
  postJson(events, { flow, event: "loader_blocked" }).catch(() => {});
}

function landedWith() {
  const query = new URLSearchParams(location.search);
  const given = LANDING_PARAMETERS.filter((name) => query.get(name));
  return Object.fromEntries(given.map((name) => [name, query.get(name) ?? ""]));
}

const frameCount = () => document.getElementsByTagName("iframe").length;

/**
 * Return what the SDK says of the outcome, whenever that is: its window may come late.
 * The URL says nothing: anyone can write a link.
 *
 * @param {LeanCall} call
 * @param {() => void} onSilence where there is no window in time
 * @returns {Promise<LeanResult | undefined>}
 */
function askLean({ method: name, config }, onSilence) {
  return new Promise((resolve) => {
    const before = frameCount();
    const timeout = setTimeout(() => {
      if (frameCount() === before) onSilence();
    }, WINDOW_TIMEOUT_MS);
    /** @param {LeanResult} [result] */
    const callback = (result) => {
      clearTimeout(timeout);
      resolve(result);
    };
    try {
      callLean(name ?? "", { ...config, callback });
    } catch (error) {
      console.error(error);
      callback();
    }
  });
}

/**
 * @param {string} name
 * @param {import("./template.js").Values} [values]
 */
function show(name, values = {}) {
  const title = renderScreen(root, name, values);
  document.title = `${title.textContent?.trim()} – ${root.dataset.host}`;
  title.focus();
}

/** @param {string | null} [bank] the one to open at once */
function pickerWith(bank) {
  const chosen = bank ? `&chosen=${encodeURIComponent(bank)}` : "";
  return `${root.dataset.picker}?flow=${flow}&lang=${lang}${chosen}`;
}

async function finish() {
  if (!flow) return show(root.dataset.several === undefined ? "lost" : "unknown", { next: home });
  history.replaceState(history.state, "", location.pathname + location.search);
  const [call] = await Promise.all([
    postJson(capture, { flow, landed_with: landedWith() }),
    loadLean(loader).catch(onBlocked),
  ]);
  if (!call.method) showKnown(call);
  else if (window.Lean) await ask(call);
  else showBlocked(call);
}

/**
 * Say that Lean's script is missing, until it comes or the network is back.
 *
 * @param {LeanCall} call
 */
function showBlocked(call) {
  show("blocked", { next: call.next ?? home });
  const controller = new AbortController();
  const { signal } = controller;
  const askNow = () => {
    controller.abort();
    show("asking");
    ask(call);
  };
  addEventListener(LATE, askNow, { signal });
  addEventListener("online", () => location.reload(), { signal });
}

/** @param {LeanCall} call */
async function ask(call) {
  const data = await askLean(call, () => showKnown(call));
  if (data) await end(data);
  else showKnown(call);
}

/**
 * Show what the server knows, without a word of the SDK.
 *
 * @param {LeanCall} call
 */
function showKnown({ sdk_status, next }) {
  show(sdk_status === "SUCCESS" ? "success" : "unknown", { next: next ?? home });
}

/**
 * Report the outcome, show it, and go on.
 *
 * @param {LeanResult} data
 */
async function end(data) {
  const { status = "", secondary_status, lean_correlation_id: id } = data;
  const bank = data.bank?.bank_identifier ?? (chosenBank || undefined);
  const isSuccess = status === "SUCCESS";
  emitReturn("flow_closed", { status, secondary_status, bank_identifier: bank });
  const { response, soon } = report(callback, { flow, data });
  if (isSuccess) {
    forgetFlow();
    addRecentBank(bank);
  }
  const nextOf = wayOn(root.dataset.back, status, id);
  const body = await soon;
  show(isSuccess ? "success" : "error", {
    ...body,
    id,
    next: nextOf(body),
    home: !nextOf(body) && home,
    pending: !body && "1",
    retry: bank && pickerWith(bank),
    another: pickerWith(),
  });
  const late = await response;
  const next = nextOf(late);
  root.querySelector("#pending")?.remove();
  for (const link of root.querySelectorAll("#screen [data-href=next]")) {
    if (next) /** @type {HTMLAnchorElement} */ (link).href = next;
  }
  if (isSuccess && next) leaveSoon(next, () => root.querySelector("#leaving")?.remove());
}

root.addEventListener("click", ({ target }) => {
  const action = /** @type {HTMLElement} */ (target).closest("[data-action]");
  if (!action) return;
  if (action.matches("[data-action=retry]")) location.reload();
  else navigator.clipboard?.writeText(root.querySelector("[data-slot=id]")?.textContent ?? "");
});

finish().catch(({ reason, isPassing }) => {
  show(isPassing ? "trouble" : "lost");
  // What was in the way is over: nothing stays that is no longer true.
  if (reason === "offline") addEventListener("online", () => location.reload());
});
