import { renderScreen } from "./render-screen.js";

/** @import { BankPicker } from "./bank-picker.js" */

/** In the other language there would be another page: the server shows no end a second time. */
const END = /^(success|error|refused)$/;

/** Shows the list of banks, or one of the screens that stand in its place. */
export class Screens {
  #picker;
  #scrolled = 0;

  /** @param {BankPicker} picker */
  constructor(picker) {
    this.#picker = picker;
  }

  /**
   * @param {string} name
   * @param {import("./template.js").Values} [values]
   */
  show(name, values) {
    const { page, opening, selection, isHosted } = this.#picker;
    const screen = page.find("#screen");
    const { bank } = selection;
    opening.stop();
    if (screen.hidden) this.#scrolled = scrollY;
    const title = renderScreen(page.root, name, { back: page.back, bank, ...values });
    screen.hidden = false;
    page.form.hidden = true;
    this.#offerLanguage(!END.test(name));
    page.data.state = name;
    if (isHosted) scrollTo(0, 0);
    this.#setTitle(title);
    title.focus();
    page.announce(title.textContent);
  }

  showList() {
    const { page, opening, selection } = this.#picker;
    opening.stop();
    if (page.form.hidden) {
      page.find("#screen").hidden = true;
      page.form.hidden = false;
      this.#offerLanguage(true);
      this.#setTitle(page.find("#choice .title"));
      scrollTo(0, this.#scrolled);
    }
    page.data.state = page.findOptional("#all") ? "list" : "missing";
    const focused = selection.button ?? page.find("#choice .title");
    focused.focus({ preventScroll: true });
  }

  /** @param {boolean} isOffered */
  #offerLanguage(isOffered) {
    const language = this.#picker.page.findOptional("[name=lang]");
    if (language) language.hidden = !isOffered;
  }

  /** @param {HTMLElement} heading of what is shown; the tab is called by it */
  #setTitle(heading) {
    const { isHosted, page } = this.#picker;
    if (isHosted) document.title = `${heading.textContent?.trim()} – ${page.data.host}`;
  }
}
