import { hideNotice, showNotice } from "./notice.js";
import { render } from "./template.js";

/** @import { BankPicker, Selection } from "./bank-picker.js" */

/** What a bank that is linked already offers before a second link: to renew the first one. */
export class Renewal {
  #picker;
  /** @type {Selection} */
  #selection = { choice: {} };

  /** @param {BankPicker} picker */
  constructor(picker) {
    this.#picker = picker;
  }

  /**
   * Offer it under the row, as a notice is shown there.
   *
   * @param {Selection} selection
   */
  offer(selection) {
    const { page, opening } = this.#picker;
    const { row } = selection;
    // While this script was on its way the customer may have chosen or searched something else.
    if (opening.isBusy || !row?.offsetParent) return;
    /** @type {HTMLTemplateElement} */
    const template = page.find("#offer");
    const copy = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
    const [text, ways] = render(copy, { renew: row.dataset.linked }).children;
    this.#selection = selection;
    showNotice(page, text?.textContent ?? "", row);
    const notice = page.find("#notice");
    notice.append(/** @type {Element} */ (ways));
    notice.scrollIntoView({ block: "nearest" });
  }

  /** Launch a renewal of the connection that the row names. */
  renew() {
    const { choice, row } = this.#selection;
    this.#launch({ ...choice, entity_id: row?.dataset.linked });
  }

  /** Launch a second link. */
  linkAnother() {
    this.#launch(this.#selection.choice);
  }

  close() {
    hideNotice(this.#picker.page);
  }

  /** @param {Selection["choice"]} choice */
  #launch(choice) {
    this.#selection.row?.focus({ preventScroll: true }); // its notice goes, with the button in it
    this.#picker.launch({ ...this.#selection, choice });
  }
}
