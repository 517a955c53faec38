// What follows the choice. The page loads it after the list, so that the list is there sooner.

import { copyBefore } from "./copy.js";
import { NOT_THEIRS } from "./errors.js";
import { LateScreens } from "./late-screens.js";
import { LeanWindow } from "./lean-window.js";
import { Outcome } from "./outcome.js";
import { Phone } from "./phone.js";
import { labelOf, rowOf } from "./receipt.js";
import { Renewal } from "./renewal.js";
import { Screens } from "./screens.js";
import { saveLabel } from "./storage.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { PageError } from "./errors.js" */
/** @import { Row } from "./bank-list.js" */

/** Why a launch is refused, where the server has a page of its own for it. */
const FLOW_OVER = /^(expired|invalid_flow|completed|new_consent_needed)$/;

/** Lean's window, the screens after it, and the ways on from there. */
export class Ending {
  #picker;
  #page;
  #screens;
  #window;
  #late;
  #outcome;
  #phone;
  /** Whether the host may still set another flow. */
  #isExpired = false;

  /** @param {BankPicker} picker */
  constructor(picker) {
    this.#picker = picker;
    this.#page = picker.page;
    this.renewal = new Renewal(picker);
    this.#late = new LateScreens(this.#page, picker.isHosted);
    this.#screens = new Screens(picker, this.#late);
    this.#window = new LeanWindow(picker, this.#screens);
    this.#outcome = new Outcome(picker, this.#screens, this.#window, this.#late);
    this.#phone = new Phone(picker, this.#screens, this.#outcome, this.#late);
    this.#listen();
    this.#forgetChosen();
    this.#outcome.resume();
  }

  /** A reload is no choice: take the one that was posted out of the URL. */
  #forgetChosen() {
    if (!this.#page.data.chosen) return;
    const url = new URL(location.href);
    url.searchParams.delete("chosen");
    history.replaceState(history.state, "", url);
  }

  #listen() {
    /** @type {Record<string, (button: HTMLButtonElement) => void>} */
    const actions = {
      list: () => this.showList(),
      phone: () => this.#phone.show(),
      another: () => this.#chooseAnotherBank(),
      renew: () => this.renewal.renew(),
      link: () => this.renewal.linkAnother(),
      retry: () => this.#retry(),
      copy: (button) => copyBefore(button, this.#page.find("#status")),
      reload: () => location.reload(),
      rest: () => this.#screens.showMissed(),
    };
    this.#page.root.addEventListener("click", ({ target }) => {
      const part = /** @type {Element} */ (target);
      /** @type {HTMLButtonElement | null} */
      const button = part.closest("[data-action]");
      if (button) actions[button.dataset.action ?? ""]?.(button);
      else if (part.closest("[data-return], [data-href=back]")) this.#outcome.reportLeaving();
    });
  }

  get isSuccess() {
    return this.#outcome.isSuccess;
  }

  /** Ask the server whether another tab ended the flow. */
  look() {
    if (document.hidden && this.#page.data.state === "opening") this.#picker.opening.hide();
    return this.#outcome.look();
  }

  /** @param {LeanCall} call */
  open(call) {
    this.#late.load();
    this.#window.open(call, this.#outcome.follow());
    const row = this.#picker.selection.row ?? rowOf(this.#page.root, this.#window.bank);
    saveLabel({ id: this.#page.flowId, ...labelOf(row) });
  }

  showList() {
    this.#window.leave();
    this.#screens.showList();
  }

  /** Go on where Lean's script was missing: it came late, or the network is back. */
  unblock() {
    this.#screens.showMissed();
    if (this.#page.data.state === "blocked") this.#retry();
  }

  /** Go on with the flow that the host has set. */
  renew() {
    if (this.#isExpired) this.#retry();
    this.#isExpired = false;
  }

  /** @param {PageError} error why the launch was refused */
  onRefused({ reason = "", advice }) {
    const { row } = this.#picker.selection;
    if (FLOW_OVER.test(reason)) this.#onFlowOver(reason);
    else if (this.#picker.isHosted && NOT_THEIRS.test(reason)) location.reload();
    else if (reason === "blocked") {
      this.#page.emit("loader_blocked", {}, true);
      this.#showBlocked();
    } else {
      this.showList();
      if (row && ["unavailable", "unknown"].includes(reason)) this.#markUnavailable(row);
      this.#picker.explain(reason, advice, row);
    }
  }

  async #showBlocked() {
    const { isBusy } = this.#picker.opening;
    await this.#late.wait();
    if (isBusy === this.#picker.opening.isBusy) this.#screens.show("blocked");
  }

  /** @param {string} reason */
  async #onFlowOver(reason) {
    const { isHosted, flow } = this.#picker;
    if (isHosted) return location.reload();
    this.#isExpired = true;
    if (!this.#page.emit(`flow_${reason}`)) return;
    await this.#late.wait();
    if (flow === this.#picker.flow) this.#screens.show("over", { [reason]: "1" });
  }

  /**
   * Mark the rows of a bank that turned out not to be usable after all.
   *
   * @param {Row} row
   */
  #markUnavailable({ value, parentElement }) {
    const page = this.#page;
    /** @type {NodeListOf<Row>} */
    const rows = page.root.querySelectorAll(
      `[data-action=choose][value="${value}"]:not([aria-disabled])`,
    );
    for (const row of rows) {
      if (row.parentElement?.dataset.type !== parentElement?.dataset.type) continue;
      row.ariaDisabled = "true";
      row.dataset.reason = "unavailable";
      row.lastElementChild?.append(page.message("unavailable-note"));
    }
  }

  #chooseAnotherBank() {
    const picker = this.#picker;
    this.renewal.close();
    picker.cancel();
    picker.selection = { choice: {} };
    picker.input?.focus();
  }

  #retry() {
    const picker = this.#picker;
    const isHere = !this.#phone.isTried;
    picker.cancel();
    if (isHere) picker.launch(picker.selection); // else nothing was chosen on this device
  }
}
