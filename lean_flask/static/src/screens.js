import { renderScreen } from "./template.js";

/** @import { Page } from "./page.js" */

/** Shows the list of banks, or one of the screens that stand in its place. */
export class Screens {
  #page;
  #isHosted;
  #scrolled = 0;

  /**
   * @param {Page} page
   * @param {boolean} isHosted whether the page is the picker's own, so that it may be scrolled
   */
  constructor(page, isHosted) {
    this.#page = page;
    this.#isHosted = isHosted;
  }

  /**
   * @param {string} name
   * @param {import("./template.js").Values} values
   */
  show(name, values) {
    const page = this.#page;
    const screen = page.find("#screen");
    if (screen.hidden) this.#scrolled = scrollY;
    /** @type {HTMLAnchorElement | null} */
    const link = page.findOptional("[data-return]");
    const title = renderScreen(page.root, name, { back: link?.href, ...values });
    screen.hidden = false;
    page.form.hidden = true;
    page.data.state = name;
    if (this.#isHosted) scrollTo(0, 0);
    title.focus();
    page.announce(title.textContent);
  }

  showList() {
    const page = this.#page;
    if (page.form.hidden) {
      page.find("#screen").hidden = true;
      page.form.hidden = false;
      scrollTo(0, this.#scrolled);
    }
    page.data.state = page.findOptional("#all") ? "list" : "missing";
  }
}
