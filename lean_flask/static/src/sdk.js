import { PageError } from "./errors.js";

const LOADER_TIMEOUT_MS = 8000;
/** A content blocker may deliver an empty script; this is how long the SDK may need to appear. */
const LOADER_GRACE_MS = 500;
const MIN_FRAME_HEIGHT = 100;
/** Sent to `window` when the loader comes after it was given up. */
export const LATE = "lean-late";

/**
 * Load Lean's SDK: one script tag for the whole document, and a new one after a failure. A script
 * that was given up may still come: then `window` gets the event `LATE`.
 *
 * @param {string} source URL of the loader
 * @returns {Promise<void>}
 * @throws {PageError} `blocked`
 */
export function loadLean(source) {
  if (window.Lean) return Promise.resolve();
  window.leanLoading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const settle = () => {
      clearTimeout(timeout);
      if (window.Lean) {
        resolve();
        dispatchEvent(new Event(LATE));
      } else {
        window.leanLoading = undefined;
        reject(new PageError("blocked"));
      }
    };
    const timeout = setTimeout(settle, LOADER_TIMEOUT_MS);
    script.onerror = settle;
    script.onload = () => setTimeout(settle, window.Lean ? 0 : LOADER_GRACE_MS);
    script.src = source;
    document.head.append(script);
  });
  return window.leanLoading;
}

/**
 * Call a method of the SDK, which must be loaded.
 *
 * @param {string} method
 * @param {object} config
 */
export function callLean(method, config) {
  /** @type {any} */ (window.Lean)[method](config);
}

/** @returns {HTMLIFrameElement[]} windows over the page, as far as a page can tell */
export const visibleFrames = () =>
  [...document.querySelectorAll("iframe")].filter(
    (frame) =>
      frame.offsetHeight >= MIN_FRAME_HEIGHT && getComputedStyle(frame).visibility === "visible",
  );
