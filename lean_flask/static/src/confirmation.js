// The bank's word on a success. Lean tells the server by webhook, and the page asks the server.

import { getJson } from "./api.js";
import { PageError } from "./errors.js";
import { Leaving } from "./leaving.js";

const POLL_MS = 1000;
/** How many of these turns the page waits while it is seen; it asks in all but the last. */
const MAX_TURNS = 10;
const WORD = /^(confirmed|failed)$/;

/**
 * @param {FlowOutcome} outcome
 * @returns {boolean} whether it is the bank's word, and not that of a page
 */
export const isWord = ({ status = "" }) => WORD.test(status);

/** Says on the success screen of *root* what the bank said, and then goes on. */
export class Confirmation {
  #root;
  #urlOf;
  #setNext;
  #onWord;
  /** @type {Leaving | undefined} */
  #leaving;
  /** Ends the waiting. */
  #controller = new AbortController();

  /**
   * @param {HTMLElement} root
   * @param {object} page
   * @param {() => string | undefined} page.urlOf where to ask; unknown for some flows
   * @param {(next: string) => void} page.setNext sets the links to where the customer goes on
   * @param {(outcome: FlowOutcome) => void} page.onWord gets the word that was waited for
   */
  constructor(root, { urlOf, setNext, onWord }) {
    this.#root = root;
    this.#urlOf = urlOf;
    this.#setNext = setNext;
    this.#onWord = onWord;
  }

  /**
   * Go on from the success that is shown, after the bank's word where that is to come.
   *
   * @param {FlowOutcome} outcome that the server knows
   */
  async start({ status, awaits_confirmation, next }) {
    this.stop();
    const controller = new AbortController();
    this.#controller = controller;
    this.#leaving = new Leaving(() => {
      const line = this.#find("#leaving");
      // Its room stays, or the button would be gone from under the pointer that presses it.
      if (next && line) line.style.visibility = "hidden";
    });
    if (status === "confirmed") this.#say(status);
    else if (awaits_confirmation && this.#say("waiting")) {
      this.#showLeaving(false);
      const word = await this.#wait(controller.signal);
      if (controller.signal.aborted) return;
      controller.abort();
      if (word) return this.#onWord(word);
      this.#say("unconfirmed");
    }
    this.#goOn(next);
  }

  /** @param {FlowOutcome} outcome with the bank's yes, to the success that is shown */
  confirm(outcome) {
    const { next } = outcome;
    if (next) this.#setNext(next);
    if (!this.#leaving) {
      this.start(outcome); // the word was faster than the report
      return;
    }
    this.#controller.abort();
    this.#say("confirmed");
    this.#goOn(next);
  }

  /** Neither wait nor go on: another screen is shown. */
  stop() {
    this.#controller.abort();
    this.#leaving?.stop();
    this.#leaving = undefined;
  }

  /** @param {string | null | undefined} next */
  #goOn(next) {
    this.#showLeaving(true);
    if (next) this.#leaving?.soon(next);
  }

  /** @param {boolean} isShown */
  #showLeaving(isShown) {
    const line = this.#find("#leaving");
    if (line) line.hidden = !isShown;
  }

  /**
   * Say one of the words of the page's template, in a line for screen readers too.
   *
   * @param {string} name
   * @returns {boolean} whether the page has words
   */
  #say(name) {
    /** @type {HTMLTemplateElement | null} */
    const words = this.#root.querySelector("#words");
    const word = words?.content.querySelector(`[data-word=${name}]`);
    if (!word) return false;
    let line = this.#find("#word");
    if (!line) {
      line = document.createElement("p");
      line.id = "word";
      line.setAttribute("role", "status");
      this.#find(":is(h1, h2)")?.after(line);
      this.#find("#later")?.remove();
    }
    line.dataset.word = name;
    line.replaceChildren(...word.cloneNode(true).childNodes);
    return true;
  }

  /**
   * Ask about each second. While the page is hidden it does not, and then at once.
   *
   * @param {AbortSignal} signal
   * @returns {Promise<FlowOutcome | undefined>} nothing, where there was no word in time
   */
  #wait(signal) {
    return new Promise((resolve) => {
      let turns = 0;
      let isAsking = false;
      const ask = async () => {
        const url = this.#urlOf();
        if (document.hidden || isAsking || !url) return;
        isAsking = true;
        /** @type {FlowOutcome | PageError} */
        const outcome = await getJson(url, { signal }).catch((error) => error);
        // What is refused for good is not asked again.
        isAsking = outcome instanceof PageError && !outcome.isPassing;
        if (outcome instanceof PageError) return;
        if (isWord(outcome)) resolve(outcome);
      };
      const timer = setInterval(() => {
        if (document.hidden) return;
        if (++turns < MAX_TURNS) ask();
        else resolve(undefined);
      }, POLL_MS);
      document.addEventListener("visibilitychange", ask, { signal });
      signal.addEventListener("abort", () => {
        clearInterval(timer);
        resolve(undefined);
      });
    });
  }

  /**
   * @param {string} selector
   * @returns {HTMLElement | null} in the screen that is shown
   */
  #find(selector) {
    return this.#root.querySelector(`#screen ${selector}`);
  }
}
