import { callLean, visibleFrames } from "./sdk.js";
import { saveFlow } from "./storage.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { Screens } from "./screens.js" */

const LOOK_MS = 250;
/** How long the SDK may take to show its window. */
export const WINDOW_TIMEOUT_MS = 4000;
/** How long after its window the SDK may take to say how it ended. */
const CALLBACK_TIMEOUT_MS = 1500;

/** Lean's window over the page. The SDK says nothing of it, so the page looks for it. */
export class LeanWindow {
  /** The bank that the SDK was opened with. @type {string | undefined} */
  bank;
  openedAt = 0;
  #page;
  #opening;
  #screens;
  /** @type {ReturnType<typeof setInterval> | undefined} */
  #timer;

  /**
   * @param {BankPicker} picker
   * @param {Screens} screens
   */
  constructor({ page, opening }, screens) {
    this.#page = page;
    this.#opening = opening;
    this.#screens = screens;
  }

  /**
   * @param {LeanCall} call
   * @param {(result: LeanResult) => void} onClosed
   */
  open({ method, config }, onClosed) {
    this.openedAt = Date.now();
    this.bank = config?.bank_identifier;
    saveFlow(this.#page.flow, this.bank);
    this.#page.data.state = "opening";
    this.#watch();
    try {
      /** @param {LeanResult} [result] */
      const callback = (result) => onClosed(result ?? {});
      callLean(method ?? "", { ...config, callback });
    } catch (error) {
      console.error(error);
      this.#screens.show("nothing");
    }
  }

  /** Look no more: it is closed, or no longer waited for. */
  leave() {
    clearInterval(this.#timer);
    this.#page.root.inert = false;
  }

  #watch() {
    const before = visibleFrames();
    let waited = 0;
    let isOpen = false;
    let wasOpen = false;
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const isSeen = visibleFrames() > before;
      waited += LOOK_MS;
      if (isSeen && !isOpen) this.#onOpen();
      else if (isOpen && !isSeen) this.#onVanished();
      else if (waited === WINDOW_TIMEOUT_MS && !wasOpen) this.#onNothing();
      isOpen = isSeen;
      wasOpen ||= isSeen;
    }, LOOK_MS);
  }

  /** Nothing behind the window is to be read or reached; a screen that missed it goes. */
  #onOpen() {
    const { root, data } = this.#page;
    if (data.state === "nothing") this.#screens.showList();
    this.#opening.hide();
    data.state = "opening";
    root.inert = true;
  }

  #onNothing() {
    if (this.#page.data.state === "opening" && !document.hidden) this.#screens.show("nothing");
  }

  #onVanished() {
    this.#page.root.inert = false;
    this.#opening.after(CALLBACK_TIMEOUT_MS, () => {
      if (this.#page.data.state === "opening") this.#screens.showList();
    });
  }
}
