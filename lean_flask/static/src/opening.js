/** @import { Page } from "./page.js" */

/** Longer than a round trip of a slow network: to paint it just as the answer comes delays that. */
const INDICATOR_DELAY_MS = 250;
const CANCEL_DELAY_MS = 5000;

/** The time between a choice and Lean's window: what shows it, and its timers. */
export class Opening {
  isBusy = false;
  #page;
  /** @type {ReturnType<typeof setTimeout>[]} */
  #timers = [];
  /** @type {HTMLElement | null | undefined} */
  #button;

  /** @param {Page} page */
  constructor(page) {
    this.#page = page;
  }

  /**
   * @param {string | null | undefined} bank its name, where one was chosen
   * @param {HTMLElement | null | undefined} button that was pressed
   */
  start(bank, button) {
    const page = this.#page;
    const indicator = page.find("#opening");
    const cancel = page.find("#opening [data-action]");
    const text = page.translate("opening", { bank });
    this.isBusy = true;
    this.#button = button;
    page.form.ariaBusy = "true";
    button?.classList.add("chosen");
    page.find("#opening-text").textContent = text;
    cancel.hidden = true;
    this.#timers = [];
    this.after(INDICATOR_DELAY_MS, () => {
      indicator.hidden = page.form.hidden;
      page.announce(text);
    });
    this.after(CANCEL_DELAY_MS, () => {
      cancel.hidden = false;
      indicator.hidden = page.form.hidden; // then the screen has all of this
    });
  }

  stop() {
    this.isBusy = false;
    this.clearTimers();
    this.#page.form.ariaBusy = null;
    this.#button?.classList.remove("chosen");
    this.#page.find("#opening").hidden = true;
  }

  /**
   * Run *act* after *ms* milliseconds, unless the opening ends before.
   *
   * @param {number} ms
   * @param {() => void} act
   */
  after(ms, act) {
    this.#timers.push(setTimeout(act, ms));
  }

  /** Say nothing more once there is a window to see, but stay busy. */
  hide() {
    this.clearTimers();
    this.#page.find("#opening").hidden = true;
    this.#page.announce("");
  }

  clearTimers() {
    this.#timers.forEach(clearTimeout);
  }
}
