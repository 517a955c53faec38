// Tells the server how a flow ended, for as long as the server does not know.

import { postJson, sendBeacon } from "./api.js";
import { NOT_THEIRS } from "./errors.js";
import { saveReport } from "./storage.js";

/** @import { PageError } from "./errors.js" */

const TIMEOUT_MS = 10_000;
/** How long the outcome waits for the response before it is shown without. */
const MAX_WAIT_MS = 1500;
const INITIAL_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** A request that outlives its page takes 64 kB; no text that is needed is longer than this. */
const MAX_TEXT = 4000;

/**
 * Report an outcome, again and again until the server has it.
 *
 * Where its user is signed out meanwhile it is kept, for when they come back to the flow's page.
 *
 * @param {string} url
 * @param {{ flow: string, data: LeanResult }} body kept for a page that is loaded again meanwhile
 * @returns {{ response: Promise<CallbackResponse>, soon: Promise<CallbackResponse | undefined> }}
 *   `response` comes once the server knows, and is empty where it refuses for good; `soon` is the
 *   same, or nothing where that takes long
 */
export function report(url, body) {
  const short = shortened(body);
  /** @type {(value: undefined) => void} */
  let giveUp = () => {};
  const late = new Promise((resolve) => {
    giveUp = resolve;
    setTimeout(resolve, MAX_WAIT_MS);
  });
  saveReport(short);
  const response = send(url, short, () => giveUp(undefined)).then(
    (answer) => {
      saveReport();
      return answer;
    },
    ({ reason }) => {
      if (!NOT_THEIRS.test(reason)) saveReport();
      return {};
    },
  );
  return { response, soon: Promise.race([response, late]) };
}

/**
 * @param {string} url
 * @param {object} body
 * @param {() => void} onFailure
 * @returns {Promise<CallbackResponse>}
 */
async function send(url, body, onFailure) {
  for (let ms = INITIAL_DELAY_MS; ; ms = Math.min(ms * 2, MAX_DELAY_MS)) {
    const controller = new AbortController();
    const timeout = setTimeout(() => controller.abort(), TIMEOUT_MS);
    try {
      return await postJson(url, body, controller.signal);
    } catch (error) {
      if (!(/** @type {PageError} */ (error).isPassing)) throw error;
      onFailure();
      await pause(ms, () => sendBeacon(url, body));
    } finally {
      clearTimeout(timeout);
    }
  }
}

/**
 * Wait until another attempt is worth it: some time, or a sign that the network may be back.
 *
 * @param {number} ms
 * @param {() => void} onLeave when the page goes away meanwhile
 */
function pause(ms, onLeave) {
  const controller = new AbortController();
  const { signal } = controller;
  return new Promise((resolve) => {
    setTimeout(resolve, ms);
    for (const name of ["online", "pageshow", "focus"]) addEventListener(name, resolve, { signal });
    document.addEventListener("visibilitychange", resolve, { signal });
    addEventListener("pagehide", onLeave, { signal });
  }).finally(() => controller.abort());
}

/**
 * Return a copy with long texts cut.
 *
 * @template T
 * @param {T} body
 * @returns {T}
 */
const shortened = (body) =>
  JSON.parse(
    JSON.stringify(body, (_, value) =>
      typeof value === "string" ? value.slice(0, MAX_TEXT) : value,
    ),
  );
