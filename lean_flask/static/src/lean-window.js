import { callLean, visibleFrames } from "./sdk.js";
import { saveFlow } from "./storage.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { Screens } from "./screens.js" */

const LOOK_MS = 250;
/** How long the SDK may take to show its window. */
export const WINDOW_TIMEOUT_MS = 4000;
/** How long after its window the SDK may take to say how it ended. */
const CALLBACK_TIMEOUT_MS = 1500;
/** How long its window may be empty before there is a way out in any case. */
const EMPTY_TIMEOUT_MS = 8000;

/** Lean's window over the page. The SDK says nothing of it, so the page looks for it. */
export class LeanWindow {
  /** The bank that the SDK was opened with. @type {string | undefined} */
  bank;
  openedAt = 0;
  #page;
  #opening;
  #screens;
  /** Frames with a document. A page cannot ask one of another origin. @type {WeakSet<EventTarget>} */
  #loaded = new WeakSet();
  /** Ends what listens for those documents. */
  #loading = new AbortController();
  /** The window that has no document yet. @type {HTMLIFrameElement | undefined} */
  #empty;
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
    saveFlow(this.#page.flow, this.bank ?? config?.payment_source_id);
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
    this.#loading.abort();
    this.#page.root.inert = false;
    this.#empty?.remove(); // else it would stay over the page, for nobody to close
    this.#lower();
  }

  /** Note each frame whose document comes, or speaks; those from before the call have theirs. */
  #listen() {
    this.#loading.abort();
    this.#loading = new AbortController();
    const { signal } = this.#loading;
    const frames = document.getElementsByTagName("iframe");
    for (const frame of frames) this.#loaded.add(frame);
    /** @param {Event} event */
    const note = ({ target }) => target && this.#loaded.add(target);
    document.addEventListener("load", note, { capture: true, signal });
    /** @param {MessageEvent} event */
    const hear = ({ source }) => {
      const frame = [...frames].find(({ contentWindow }) => contentWindow === source);
      if (frame) this.#loaded.add(frame);
    };
    addEventListener("message", hear, { signal });
  }

  #watch() {
    const before = new Set(visibleFrames());
    let waited = 0;
    let isOpen = false;
    let wasSeen = false;
    let wasEverSeen = false;
    this.#listen();
    clearInterval(this.#timer);
    this.#timer = setInterval(() => {
      const frames = visibleFrames().filter((frame) => !before.has(frame));
      const isSeen = frames.length > 0;
      const isReady = frames.some((frame) => this.#loaded.has(frame));
      if (!document.hidden) waited += LOOK_MS; // a window may not show in a tab that nobody sees
      if (isReady && !isOpen) this.#onOpen();
      else if (isSeen && !isReady) this.#onEmpty(frames[0], waited);
      else if (wasSeen && !isSeen) this.#onVanished();
      else if (waited === WINDOW_TIMEOUT_MS && !wasEverSeen) this.#onNothing();
      isOpen = isReady;
      wasSeen = isSeen;
      wasEverSeen ||= isSeen;
    }, LOOK_MS);
  }

  /** Nothing behind the window is to be read or reached; a screen that missed it goes. */
  #onOpen() {
    const { root, data } = this.#page;
    this.#lower();
    if (data.state === "nothing") this.#screens.showList();
    this.#opening.hide();
    data.state = "opening";
    root.inert = true;
  }

  /**
   * Keep the way out above a window that shows nothing yet.
   *
   * @param {HTMLIFrameElement | undefined} frame
   * @param {number} waited milliseconds
   */
  #onEmpty(frame, waited) {
    const bar = this.#page.find("#opening");
    if (!this.#empty) {
      bar.popover = "manual";
      bar.showPopover?.();
    }
    this.#empty = frame;
    if (waited < EMPTY_TIMEOUT_MS) return;
    bar.hidden = false;
    this.#page.find("#opening [data-action]").hidden = false;
  }

  #lower() {
    this.#empty = undefined;
    this.#page.find("#opening").popover = null;
  }

  #onNothing() {
    if (this.#page.data.state === "opening") this.#screens.show("nothing");
  }

  #onVanished() {
    this.#page.root.inert = false;
    this.#lower();
    this.#opening.after(CALLBACK_TIMEOUT_MS, () => {
      if (this.#page.data.state === "opening") this.#screens.showList();
    });
  }
}
