import { closeLanguageMenu } from "./language-menu.js";
import { renderScreen } from "./render-screen.js";

/** @import { BankPicker } from "./bank-picker.js" */
/** @import { LateScreens } from "./late-screens.js" */

/** In the other language there would be another page: the server shows no end a second time. */
const END = /^(success|error|refused)$/;

/** Shows what is chosen from, or one of the screens that stand in its place. */
export class Screens {
  #picker;
  #late;
  /** `list`, `missing` where there should be one, or `start` where nothing is chosen. */
  #home;
  #scrolled = 0;
  /** Shows the screen that should be shown, but has not come. @type {(() => void) | undefined} */
  #missed;

  /**
   * @param {BankPicker} picker
   * @param {LateScreens} late
   */
  constructor(picker, late) {
    this.#picker = picker;
    this.#late = late;
    this.#home = picker.page.data.state;
    late.onLoad = () => this.#missed?.();
    closeLanguageMenu(picker.page.root);
  }

  /**
   * @param {string} name
   * @param {import("./template.js").Values} [values]
   * @param {() => void} [again] shows it later, if it has not come yet
   */
  show(name, values, again = () => this.show(name, values)) {
    const { page, opening, selection, isHosted } = this.#picker;
    const screen = page.find("#screen");
    const { bank } = selection;
    opening.stop();
    const isHere = page.findOptional(`#screen-${name}`);
    this.#missed = isHere ? undefined : again;
    if (screen.hidden) this.#scrolled = scrollY;
    const another = this.#home !== "start" && "1";
    const ways = { back: page.back, retry: "1", another };
    const tile = (selection.row ?? screen).querySelector(".tile");
    const title = renderScreen(page.root, isHere ? name : "unloaded", { ...ways, bank, ...values });
    if (tile && name === "redirect")
      screen.querySelector(".icon")?.replaceWith(tile.cloneNode(true));
    screen.hidden = false;
    page.form.hidden = true;
    this.#offerLanguage(!END.test(name));
    page.data.state = name;
    if (isHosted) scrollTo(0, 0);
    this.#setTitle(title);
    title.focus(); // which says it to screen readers
    page.announce("");
  }

  /** Ask once more for the screen that has not come, where there is one. */
  async showMissed() {
    const missed = this.#missed;
    if (!missed) return;
    await this.#late.wait();
    if (missed === this.#missed) missed(); // at least the focus tells that it was tried
  }

  showList() {
    this.#missed = undefined;
    const { page, opening, selection } = this.#picker;
    opening.stop();
    if (page.form.hidden) {
      page.find("#screen").hidden = true;
      page.form.hidden = false;
      this.#offerLanguage(true);
      this.#setTitle(page.find("#choice .title"));
      scrollTo(0, this.#scrolled);
    }
    page.data.state = this.#home;
    const focused = selection.button ?? page.find("#choice .title");
    focused.focus({ preventScroll: true });
  }

  /** @param {boolean} isOffered */
  #offerLanguage(isOffered) {
    const language = this.#picker.page.findOptional("#language");
    if (language) language.hidden = !isOffered;
  }

  /** @param {HTMLElement} heading of what is shown; the tab is called by it */
  #setTitle(heading) {
    const { isHosted, page } = this.#picker;
    if (isHosted) document.title = `${heading.textContent?.trim()} – ${page.data.host}`;
  }
}
