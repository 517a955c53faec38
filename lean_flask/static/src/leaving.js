const PAUSE_MS = 4000;
const SIGNS_OF_USE = ["pointerdown", "keydown", "wheel", "touchmove", "scroll", "focusin"];

/** Goes on by itself, unless the customer does anything on the page: then they read it. */
export class Leaving {
  #controller = new AbortController();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {() => void} onStay */
  constructor(onStay) {
    const options = { signal: this.#controller.signal, capture: true, passive: true };
    const top = scrollY;
    /** @param {Event} event */
    const stay = ({ type }) => {
      if (type === "scroll" && scrollY === top) return; // our own way to the top
      this.stop();
      onStay();
    };
    for (const name of SIGNS_OF_USE) addEventListener(name, stay, options);
  }

  /**
   * Go to *url* after a pause; to the last one where there are several.
   *
   * @param {string} url
   */
  soon(url) {
    clearTimeout(this.#timer);
    if (this.#controller.signal.aborted) return;
    this.#timer = setTimeout(() => {
      this.stop(); // once: a customer who comes back wants to be here
      location.assign(url);
    }, PAUSE_MS);
  }

  /** Stay for good. */
  stop() {
    clearTimeout(this.#timer);
    this.#controller.abort();
  }
}

/**
 * Return where to go on: as the server's response says, or with the outcome in *back* while there is
 * none.
 *
 * @param {string | undefined} back the way back without an outcome
 * @param {string} status
 * @param {string} [id] correlation id
 * @returns {(response: CallbackResponse | undefined) => string | null | undefined}
 */
export function wayOn(back, status, id) {
  const unreported = backWith(back, status, id);
  return (response) => (response?.next === undefined ? unreported : response.next);
}

/**
 * Return what a failure says of the way on: where there is no other try, neither does the advice
 * speak of one.
 *
 * @param {CallbackResponse} [response]
 * @returns {import("./template.js").Values}
 */
export const adviceOf = ({ title, advice, can_retry } = {}) =>
  can_retry === false ? { final: "1", retry: "", another: "" } : { title, advice };

/**
 * Return *back* with the outcome in it.
 *
 * @param {string | undefined} back the way back without an outcome
 * @param {string} status
 * @param {string} [id] correlation id
 */
function backWith(back, status, id) {
  if (!back) return undefined;
  const outcome = `lean_status=${encodeURIComponent(status)}`;
  const known = id ? `&lean_correlation_id=${encodeURIComponent(id)}` : "";
  return back.replace(/(.*[?&])lean_status=[^&#]*([^#]*)/, `$1${outcome}$2${known}`);
}
