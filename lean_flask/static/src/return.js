// Back from the bank. Lean's window tells what became of the flow, and the host goes on.

import { getJson, postJson } from "./api.js";
import { Confirmation, isWord } from "./confirmation.js";
import { copyBefore } from "./copy.js";
import { emit } from "./events.js";
import { WINDOW_TIMEOUT_MS } from "./lean-window.js";
import { adviceOf, wayOn } from "./leaving.js";
import { showReceipt } from "./receipt.js";
import { renderScreen } from "./render-screen.js";
import { report } from "./report.js";
import { callLean, LATE, loadLean } from "./sdk.js";
import { addRecentBank, forgetFlow, savedFlow, savedLabel } from "./storage.js";

/** What Lean adds to the URL. */
const LANDING_PARAMETERS = [
  "bank_identifier",
  "consent_attempt_id",
  "consent_id",
  "granular_status_code",
  "status_additional_info",
];

/** Screens that the bank's word may change. */
const LOOKS = /^(success|unknown|refused)$/;

const root = /** @type {HTMLElement} */ (document.getElementById("lean-return"));
const { home, loader = "", capture = "", callback = "", events = "", method, asked } = root.dataset;
const { lang } = document.documentElement;
const [flowOfThisTab, chosen] = savedFlow();
const chosenBank = asked === "source" ? undefined : chosen;
const flow = flowOfThisTab || root.dataset.flow || "";
const label = flowOfThisTab ? savedLabel() : {};
const confirmation = new Confirmation(root, { urlOf: statusUrl, setNext, onWord });
/** The screen that is shown. */
let shown = "asking";
/** What the bank said last. @type {string | undefined} */
let word;

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
  shown = name;
  confirmation.stop();
  const title = renderScreen(root, name, values);
  document.title = `${title.textContent?.trim()} – ${root.dataset.host}`;
  title.focus();
}

/** @param {string | null} [choice] the one to open at once */
function pickerWith(choice) {
  const query = choice ? `&chosen=${encodeURIComponent(choice)}` : "";
  return `${root.dataset.picker}?flow=${flow}&lang=${lang}${query}`;
}

async function finish() {
  if (!flow) return show(root.dataset.several === undefined ? "lost" : "unknown", { next: home });
  const landed = landedWith(); // before the URL changes
  history.replaceState(history.state, "", location.pathname + location.search);
  const [call] = await Promise.all([
    postJson(capture, { flow, landed_with: landed }),
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

/** Where the server says what became of the flow. */
function statusUrl() {
  const id = flowOfThisTab ? label.id : root.dataset.id;
  const query = `flow=${flow}&lang=${lang}`;
  return id && root.dataset.picker?.replace(/picker$/, `flows/${id}?${query}`);
}

/** @param {string | null | undefined} next where the customer goes on */
function setNext(next) {
  for (const link of root.querySelectorAll("#screen [data-href=next]")) {
    if (next) /** @type {HTMLAnchorElement} */ (link).href = next;
  }
}

/**
 * Show what the server knows, without a word of the SDK.
 *
 * @param {LeanCall} call
 */
function showKnown(call) {
  if (isWord(call)) return onWord(call);
  if (call.sdk_status === "SUCCESS") return showSuccess(call);
  show("unknown", { next: call.next ?? home });
  return look();
}

/**
 * @param {FlowOutcome} outcome that the server knows
 * @param {string} [id] the SDK's correlation id
 */
function showSuccess(outcome, id) {
  show("success", { next: outcome.next, home: !outcome.next && home });
  settle(outcome, id);
}

/**
 * @param {FlowOutcome} outcome of the success that is shown
 * @param {string} [id] the SDK's correlation id
 */
function settle(outcome, id) {
  setNext(outcome.next);
  showReceipt(root, outcome, label, id);
  confirmation.start(outcome);
}

/**
 * Show what the bank said, whatever the SDK said before.
 *
 * @param {FlowOutcome} outcome
 */
function onWord(outcome) {
  const { status, next } = outcome;
  const name = status === "confirmed" ? "success" : "refused";
  if (word === status) return;
  word = status;
  emitReturn("outcome_changed", { status });
  if (name === "refused") {
    show(name, { next, home: !next && home, ...waysOn(), ...adviceOf(outcome) });
    showReceipt(root, outcome, label);
  } else if (shown === name) {
    showReceipt(root, outcome, label);
    root.querySelector("#pending")?.remove();
    confirmation.confirm(outcome);
  } else showSuccess(outcome);
}

/** Ask the server whether the bank has said something since. */
async function look() {
  const url = statusUrl();
  if (document.hidden || !LOOKS.test(shown) || word === "confirmed" || !url) return;
  /** @type {FlowOutcome} */
  const outcome = await getJson(url).catch(() => ({}));
  if (isWord(outcome)) onWord(outcome);
}

/** @param {string} [choice] the one to open at once, where there is something to choose */
const waysOn = (choice = chosen) => ({
  retry: (choice || !asked) && pickerWith(asked && choice),
  another: asked && pickerWith(),
});

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
  /** @param {CallbackResponse} [known] */
  const showEnd = (known) =>
    show(isSuccess ? "success" : "error", {
      id,
      next: nextOf(known),
      home: !nextOf(known) && home,
      pending: !known && "1",
      ...waysOn(chosenBank === chosen ? bank : chosen),
      ...adviceOf(known),
    });
  showEnd(body);
  const late = await response;
  if (!body && late.can_retry === false) showEnd(late);
  const outcome = { ...late, next: nextOf(late) };
  if (isSuccess && !isWord(outcome)) settle(outcome, id);
  else setNext(outcome.next);
  root.querySelector("#pending")?.remove();
  if (isWord(outcome) && (isSuccess || outcome.status === "confirmed")) onWord(outcome);
}

root.addEventListener("click", ({ target }) => {
  /** @type {HTMLElement | null} */
  const action = /** @type {HTMLElement} */ (target).closest("[data-action]");
  if (!action) return;
  if (action.matches("[data-action=retry]")) location.reload();
  else copyBefore(action, /** @type {HTMLElement} */ (root.querySelector("#status")));
});
document.addEventListener("visibilitychange", look);
addEventListener("focus", look);
addEventListener("pageshow", ({ persisted }) => persisted && look());

finish().catch(({ reason, isPassing }) => {
  show(isPassing ? "trouble" : "lost");
  // What was in the way is over: nothing stays that is no longer true.
  if (reason === "offline") addEventListener("online", () => location.reload());
});
