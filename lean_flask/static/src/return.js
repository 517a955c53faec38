// Back from the bank. Lean's window tells what became of the flow, and the host goes on.

import { postJson } from "./api.js";
import { emit } from "./events.js";
import { callLean, loadLean, WINDOW_TIMEOUT_MS } from "./sdk.js";
import { addRecentBank, savedFlow } from "./storage.js";
import { renderScreen } from "./template.js";

const SUCCESS_PAUSE_MS = 2000;
/** What Lean adds to the URL. */
const LANDING_PARAMETERS = [
  "consent_attempt_id",
  "consent_id",
  "granular_status_code",
  "status_additional_info",
];

const root = /** @type {HTMLElement} */ (document.getElementById("lean-return"));
const { outcome, loader = "", capture = "", callback = "", events = "", method } = root.dataset;
const [flowOfThisTab, chosenBank] = savedFlow();
const flow = flowOfThisTab || root.dataset.flow;

/**
 * @param {string} name
 * @param {object} [detail]
 */
function emitReturn(name, detail) {
  emit(root, name, { method, state: "return", language: document.documentElement.lang, ...detail });
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

/**
 * Return what the URL itself says: all there is when Lean's window does not open.
 *
 * @returns {LeanResult}
 */
function claimedResult() {
  const code = landedWith().granular_status_code;
  return { status: outcome, ...(code && { secondary_status: code }) };
}

const frameCount = () => document.getElementsByTagName("iframe").length;

/**
 * @param {LeanCall} call
 * @returns {Promise<LeanResult>}
 */
function askLean({ method: name, config }) {
  if (!name) return Promise.resolve(claimedResult());
  return new Promise((resolve) => {
    const before = frameCount();
    callLean(name, { ...config, callback: resolve });
    setTimeout(() => {
      if (frameCount() === before) resolve(claimedResult());
    }, WINDOW_TIMEOUT_MS);
  });
}

/**
 * @param {string} name
 * @param {import("./template.js").Values} [values]
 */
function show(name, values = {}) {
  renderScreen(root, name, values).focus();
}

async function finish() {
  if (!flow) return show("lost");
  history.replaceState(null, "", location.pathname + location.search);
  const [call] = await Promise.all([
    postJson(capture, { flow, landed_with: landedWith() }),
    loadLean(loader).catch(onBlocked),
  ]);
  const data = await askLean(window.Lean ? call : {});
  const { status, secondary_status, lean_correlation_id: id } = data;
  const bank_identifier = data.bank?.bank_identifier ?? (chosenBank || undefined);
  emitReturn("flow_closed", { status, secondary_status, bank_identifier });
  /** @type {CallbackResponse} */
  const { next } = await postJson(callback, { flow, data });
  if (status === "SUCCESS") addRecentBank(bank_identifier);
  show(status === "SUCCESS" ? "success" : "error", { next, id });
  if (next) setTimeout(() => location.replace(next), SUCCESS_PAUSE_MS);
}

finish().catch(({ reason }) =>
  show(reason === "upstream" || reason === "offline" ? "trouble" : "lost"),
);
