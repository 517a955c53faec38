// The customer goes on with their phone, and this page shows what becomes of it.

import { ENDLESS, USER_CANCELLED } from "./outcome.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { LateScreens } from "./late-screens.js" */
/** @import { Outcome } from "./outcome.js" */
/** @import { Screens } from "./screens.js" */

const DESKTOP = "(pointer: fine) and (min-width: 40rem)";
const ENDED = /^(reported|confirmed|failed)$/;

/** Offers the phone to a customer whose flow is theirs on each device, and waits for it. */
export class Phone {
  #picker;
  #page;
  #screens;
  #outcome;
  /** What the server knew when the code came. @type {FlowOutcome | undefined} */
  #before;

  /**
   * @param {BankPicker} picker
   * @param {Screens} screens
   * @param {Outcome} outcome
   * @param {LateScreens} late has the offer and the screen
   */
  constructor(picker, screens, outcome, late) {
    this.#picker = picker;
    this.#page = picker.page;
    this.#screens = screens;
    this.#outcome = outcome;
    if (this.#page.data.phone === undefined || !matchMedia(DESKTOP).matches) return;
    late.load().then(() => this.#offer());
    outcome.isNoEnd = (body) => this.#isShown && this.#follow(body);
    outcome.afterRefusal = ({ isPassing }) => {
      if (this.#isShown && !isPassing) location.reload(); // the server's page says why
      return {};
    };
    this.#page.root.addEventListener("keydown", ({ key }) => {
      if (key === "Escape" && this.#isShown) picker.cancel();
    });
  }

  /** Whether the flow was tried on the phone after it was here. */
  get isTried() {
    return this.#picker.selection.button?.dataset.action === "phone";
  }

  /** Show the code. */
  show() {
    const { flow, root } = this.#page;
    const button = this.#page.findOptional(".toolbar .phone");
    this.#picker.selection = { choice: {}, button: /** @type {HTMLButtonElement} */ (button) };
    this.#before = undefined;
    this.#outcome.follow();
    this.#screens.show("phone");
    /** @type {HTMLImageElement | null} */
    const code = root.querySelector("#screen .qr");
    if (!code) return;
    code.onerror = () => this.#say("missing");
    code.src = `${this.#page.urlOf("qr")}&flow=${flow}`;
    this.#outcome.look();
  }

  get #isShown() {
    return this.#page.data.state === "phone";
  }

  #offer() {
    /** @type {HTMLTemplateElement | null} */
    const offer = this.#page.findOptional("#phone-offer");
    if (offer) this.#page.findOptional("#language")?.before(offer.content);
  }

  /**
   * Say what happens on the phone.
   *
   * @param {FlowOutcome} outcome
   * @returns {boolean} whether it is no end that this page has to show
   */
  #follow(outcome) {
    const { status = "", sdk_status, updated_at } = outcome;
    if (!status) return true; // no answer
    if (status === "confirmed" || sdk_status === "SUCCESS") return false;
    this.#before ??= outcome;
    const before = this.#before;
    if (status === before.status && updated_at === before.updated_at) return true;
    // The bank's no to an earlier attempt stays until there is news of this one.
    const isOld = status === before.status && ENDLESS.test(sdk_status ?? "");
    if (!ENDED.test(status) || isOld) this.#say("open");
    else if (status === "reported" && USER_CANCELLED.test(sdk_status ?? "")) this.#say("cancelled");
    else return false;
    return true;
  }

  /** @param {string} name of a line of the screen */
  #say(name) {
    /** @type {NodeListOf<HTMLElement>} */
    const lines = this.#page.root.querySelectorAll("#phone [data-line]");
    const focused = document.activeElement;
    for (const line of lines) line.hidden = line.dataset.line !== name;
    if (focused?.closest("[data-line][hidden]")) this.#page.find("#screen .title").focus();
  }
}
