import { typeOfUrl } from "./account-type.js";
import { LateScript } from "./late-script.js";
import { hideNotice, showNotice } from "./notice.js";
import { Opening } from "./opening.js";
import { Page } from "./page.js";
import { forgetRecentBanks, showRecentBanks } from "./recent-banks.js";
import { LATE, loadLean } from "./sdk.js";
import { savedReport } from "./storage.js";

/** @import { Ending } from "./ending.js" */
/** @import { BankList, Row } from "./bank-list.js" */
/** @import { PageError } from "./errors.js" */

const STALE_TAB_MS = 300_000;

/**
 * What the customer chose.
 *
 * @typedef {object} Selection
 * @property {Record<string, string | undefined>} choice for the server: a bank with the account type
 *   of the list that it is in, or an account
 * @property {string | null} [bank] the name to show
 * @property {HTMLButtonElement | null} [button] that was pressed
 * @property {Row | null} [row] the button, where it is a row of the list
 */

/** The picker: takes a choice and launches the flow. What follows is in a script of its own. */
export class BankPicker {
  /** @type {Selection} */
  selection = { choice: {} };
  /** Whether the last refusal was for want of a connection. */
  #isOffline = false;
  #lastSeen = Date.now();
  /** Counts launches, so that the response to one that was cancelled is ignored. */
  #attempt = 0;
  /** @type {Ending | undefined} */
  #ending;
  #endingScript;
  /** @type {BankList | undefined} */
  #list;
  #listScript;
  /** Ends what listens to the whole document. */
  #listening = new AbortController();

  /** @param {HTMLElement} root */
  constructor(root) {
    this.page = new Page(root);
    const { data, form } = this.page;
    /** Where the page has a list of banks. */
    this.all = this.page.findOptional("#all");
    /** @type {HTMLInputElement | null} */
    this.input = this.page.findOptional("#query");
    this.isHosted = root.matches("main");
    this.#listScript = new LateScript(data.list);
    this.#endingScript = new LateScript(data.ending);
    if (this.all) showRecentBanks(this.page, this.all);
    this.opening = new Opening(this.page);
    form.dataset.ready = "";
    this.#listen();
    this.connect();
    this.#removeBrokenLogos();
    this.#loadLean().catch(() => {});
    if (this.all) this.#loadList().catch(() => {});
    this.#loadEnding().catch(() => {});
    this.page.emit("picker_viewed");
    if (data.state === "missing") this.page.emit("list_missing");
    if (data.preset !== undefined && !savedReport(this.page.flow)) this.#launchPreset();
    else if (this.isHosted && matchMedia("(hover: hover)").matches) this.input?.focus();
  }

  #listen() {
    const { root, form } = this.page;
    /** @type {Record<string, (button: HTMLButtonElement) => void>} */
    const actions = {
      choose: (row) => this.#choose(row),
      continue: (button) => this.launch({ choice: {}, button }),
      cancel: () => this.cancel(),
      clear: () => this.#clear(),
      forget: () => forgetRecentBanks(this.page),
    };
    root.addEventListener("click", ({ target }) => {
      /** @type {HTMLButtonElement | null} */
      const button = /** @type {Element} */ (target).closest("[data-action]");
      if (button) actions[button.dataset.action ?? ""]?.(button);
    });
    // Once its script is there, the list itself hears what is typed.
    this.input?.addEventListener("input", () => this.#list || this.#search());
    // Until here a choice is posted by the form itself (web/routes/choice.py).
    const enter = /** @type {HTMLButtonElement} */ (this.page.find("#enter"));
    enter.disabled = false;
    form.addEventListener("submit", (event) => {
      const { submitter } = event;
      if (submitter === enter || submitter?.dataset.action) event.preventDefault();
      if (submitter === enter) this.#enter();
    });
  }

  /** Listen to the document, from when the picker is in it. */
  connect() {
    this.disconnect();
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const look = () => this.#ending?.look();
    addEventListener("pageshow", ({ persisted }) => persisted && this.#onShownAgain(), { signal });
    addEventListener("focus", look, { signal });
    addEventListener("online", () => this.#onOnline(), { signal });
    addEventListener(LATE, () => this.#ending?.unblock(), { signal });
    document.addEventListener("visibilitychange", () => this.#onVisibilityChange(), { signal });
  }

  /** Leave the document alone: the picker was taken out of it. */
  disconnect() {
    this.#listening.abort();
  }

  get flow() {
    return this.page.flow;
  }

  /** A new flow of the host, for one that has expired: what was chosen is carried out with it. */
  set flow(token) {
    this.page.flow = token;
    this.#ending?.renew();
  }

  #removeBrokenLogos() {
    const { root } = this.page;
    /** @type {NodeListOf<HTMLImageElement>} */
    const logos = root.querySelectorAll("li img");
    for (const logo of logos) {
      if (logo.complete && !logo.naturalWidth) logo.remove();
    }
    /** @param {Event} event */
    const remove = ({ target }) =>
      target instanceof HTMLImageElement && !target.closest("picture") && target.remove();
    root.addEventListener("error", remove, true);
  }

  #loadLean() {
    return loadLean(this.page.data.loader ?? "");
  }

  /** @throws {PageError} `offline` */
  async #loadList() {
    /** @type {typeof import("./bank-list.js")} */
    const { BankList } = await this.#listScript.load();
    this.#list ??= new BankList(this.page, /** @type {HTMLElement} */ (this.all));
    return this.#list;
  }

  /** @throws {PageError} `offline` */
  async #loadEnding() {
    /** @type {typeof import("./ending.js")} */
    const { Ending } = await this.#endingScript.load();
    this.#ending ??= new Ending(this);
    return this.#ending;
  }

  /**
   * Reload a tab that was left open, unless something would be lost; an embedded picker is not ours to
   * reload. The launch checks the bank again in any case.
   */
  #onVisibilityChange() {
    const away = Date.now() - this.#lastSeen;
    this.#lastSeen = Date.now();
    const isIdle = this.page.data.state === "list" && !this.opening.isBusy && !this.input?.value;
    if (!document.hidden && away > STALE_TAB_MS && isIdle && this.isHosted) location.reload();
    else this.#ending?.look();
  }

  #onShownAgain() {
    if (!this.#ending?.isSuccess) this.cancel();
    this.#ending?.look();
  }

  #onOnline() {
    if (this.#isOffline) hideNotice(this.page);
    this.#isOffline = false;
    this.#ending?.unblock();
  }

  // The choice

  /** Return the list, which shows what was typed before its script was there. */
  #search() {
    return this.#loadList().catch(({ reason }) => this.explain(reason));
  }

  #clear() {
    const { input } = this;
    if (input) input.value = "";
    this.#list?.filter();
    input?.focus();
  }

  async #enter() {
    const row = (await this.#search())?.enter();
    if (row) this.#choose(row);
  }

  /** @param {Row} row */
  #choose(row) {
    if (this.opening.isBusy) return;
    const bank = row.querySelector("bdi")?.textContent;
    const selection = { choice: choiceOf(row), bank, button: row, row };
    if (row.ariaDisabled) this.explain(row.dataset.reason, null, row);
    else if (row.dataset.linked == null) this.launch(selection);
    else this.#offerRenewal(selection);
  }

  /** @param {Selection} selection whose bank is linked already; without its script it is launched */
  #offerRenewal(selection) {
    this.#loadEnding().then(
      ({ renewal }) => renewal.offer(selection),
      () => this.launch(selection),
    );
  }

  #launchPreset() {
    const { preset: bank, chosen } = this.page.data;
    if (!chosen) return this.launch({ choice: {}, bank });
    const type = typeOfUrl();
    /** @type {Row | null} */
    const row = this.page.findOptional(
      `#choice ${type ? `[data-type="${type}"] ` : ""}[value="${chosen}"]`,
    );
    const choice = row ? choiceOf(row) : { bank_identifier: chosen };
    return this.launch({ choice, bank, button: row, row });
  }

  /**
   * Say why a choice cannot be used: in the server's words, or without them in the page's own.
   *
   * @param {string | undefined} reason
   * @param {string | null} [advice]
   * @param {Row | null} [row]
   */
  explain(reason = "", advice, row) {
    const { page } = this;
    const isKnown = ["unavailable", "limit"].includes(reason);
    const text = advice ?? page.translate(isKnown ? reason : "offline");
    this.#isOffline = reason === "offline";
    showNotice(page, text, row, this.selection.button);
    if (row?.name === "bank_identifier" && (isKnown || reason === "unknown")) {
      page.emit("bank_unavailable", { bank_identifier: row.value, reason }, !advice);
    }
  }

  /** @param {Selection} selection */
  async launch(selection) {
    if (this.opening.isBusy) return;
    const { page } = this;
    const { choice, bank, button, row } = selection;
    const attempt = ++this.#attempt;
    const launched = page.send("launch", choice); // first, as it takes longest
    this.selection = selection;
    hideNotice(page);
    this.opening.start(bank, button);
    page.emit("bank_selected", { bank_identifier: choice.bank_identifier });
    try {
      const [call, ending] = await Promise.all([launched, this.#loadEnding(), this.#loadLean()]);
      if (attempt === this.#attempt) ending.open(call);
    } catch (error) {
      const refusal = /** @type {PageError} */ (error);
      // Its screen says more than a line would, so it is waited for.
      if (refusal.reason === "blocked") await this.#loadEnding().catch(() => {});
      if (attempt !== this.#attempt) return;
      if (this.#ending) this.#ending.onRefused(refusal);
      else {
        this.cancel();
        this.explain(refusal.reason, refusal.advice, row);
      }
    }
  }

  /** Go back to the list, whatever is under way. */
  cancel() {
    this.#attempt++;
    if (this.#ending) return this.#ending.showList();
    this.opening.stop();
    this.page.find("#screen").hidden = true;
    this.page.form.hidden = false;
  }
}

/** @param {Row} row */
const choiceOf = ({ name, value, parentElement }) => ({
  [name]: value,
  account_type: parentElement?.dataset.type,
});
