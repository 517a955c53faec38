import { BankList } from "./bank-list.js";
import { hideNotice, showNotice } from "./notice.js";
import { Opening } from "./opening.js";
import { Page } from "./page.js";
import { Screens } from "./screens.js";
import { callLean, loadLean, visibleFrames, WINDOW_TIMEOUT_MS } from "./sdk.js";
import { addRecentBank, saveFlow } from "./storage.js";

/** @import { PageError } from "./errors.js" */
/** @import { Row } from "./bank-list.js" */
/** @import { Values } from "./template.js" */

const REDIRECT_TIMEOUT_MS = 1500;
const SUCCESS_PAUSE_MS = 2000;
const STALE_TAB_MS = 300_000;

/** Why a launch is refused, where the server has a page of its own for it. */
const FLOW_OVER = /^(expired|invalid_flow|completed)$/;
const USER_CANCELLED = /^(CANCELLED|LINK_CLOSED)/;

/**
 * What the customer chose.
 *
 * @typedef {object} Selection
 * @property {{ bank_identifier?: string, account_id?: string }} choice for the server
 * @property {string | null} [bank] the name to show
 * @property {HTMLButtonElement} [button] that was pressed
 * @property {Row | null} [row] the button, where it is a row of the list
 */

/** The picker: takes a choice, launches the flow, opens Lean's window, and shows how it ended. */
export class BankPicker {
  #page;
  #list;
  #screens;
  #opening;
  #isHosted;
  #lastSeen = Date.now();
  /** Counts launches, so that the response to one that was cancelled is ignored. */
  #attempt = 0;
  #openedAt = 0;
  /** @type {Selection} */
  #selection = { choice: {} };
  /** @type {string | undefined} */
  #launchedBank;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.#page = new Page(root);
    const { data, form } = this.#page;
    const all = this.#page.findOptional("#all");
    this.#isHosted = root.matches("main");
    this.#list = all && new BankList(this.#page, all);
    this.#screens = new Screens(this.#page, this.#isHosted);
    this.#opening = new Opening(this.#page);
    form.classList.add("ready");
    this.#listen();
    this.#removeBrokenLogos();
    this.#loadLean().catch(() => {});
    this.#page.emit("picker_viewed");
    if (!this.#list) this.#page.emit("list_missing");
    if (this.#list?.input?.value) this.#list.filter();
    if (data.preset !== undefined) this.#launch({ choice: {}, bank: data.preset });
    else if (this.#isHosted && matchMedia("(hover: hover)").matches) this.#list?.input?.focus();
  }

  #listen() {
    const { root, form } = this.#page;
    /** @type {Record<string, (button: HTMLButtonElement) => void>} */
    const actions = {
      choose: (row) => this.#choose(row),
      continue: (button) => this.#launch({ choice: {}, button }),
      cancel: () => this.#cancel(),
      clear: () => this.#list?.clear(),
      forget: () => this.#list?.forgetRecent(),
      list: () => this.#showList(),
      another: () => this.#chooseAnotherBank(),
      retry: () => this.#retry(),
      copy: (button) => this.#copyReference(button),
    };
    root.addEventListener("click", ({ target }) => {
      /** @type {HTMLButtonElement | null} */
      const button = /** @type {Element} */ (target).closest("[data-action]");
      if (button) actions[button.dataset.action ?? ""]?.(button);
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const row = this.#list?.onlyMatch();
      if (row) this.#choose(row);
    });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#showList());
    document.addEventListener("visibilitychange", () => this.#onVisibilityChange());
  }

  #removeBrokenLogos() {
    const { root } = this.#page;
    /** @type {NodeListOf<HTMLImageElement>} */
    const logos = root.querySelectorAll("li img");
    for (const logo of logos) {
      if (logo.complete && !logo.naturalWidth) logo.remove();
    }
    /** @param {Event} event */
    const remove = ({ target }) => target instanceof HTMLImageElement && target.remove();
    root.addEventListener("error", remove, true);
  }

  #loadLean() {
    return loadLean(this.#page.data.loader ?? "");
  }

  /**
   * Reload a tab that was left open, unless something would be lost; an embedded picker is not ours to
   * reload. The launch checks the bank again in any case.
   */
  #onVisibilityChange() {
    const away = Date.now() - this.#lastSeen;
    this.#lastSeen = Date.now();
    const isIdle =
      this.#page.data.state === "list" && !this.#opening.isBusy && !this.#list?.input?.value;
    if (!document.hidden && away > STALE_TAB_MS && isIdle && this.#isHosted) location.reload();
  }

  // The choice

  /** @param {Row} row */
  #choose(row) {
    if (this.#opening.isBusy) return;
    const bank = row.querySelector("bdi")?.textContent;
    if (row.ariaDisabled) this.#explain(row.dataset.reason, null, row);
    else this.#launch({ choice: { [row.name]: row.value }, bank, button: row, row });
  }

  /**
   * Say why a choice cannot be used: in the server's words, or without them in the page's own.
   *
   * @param {string | undefined} reason
   * @param {string | null} [advice]
   * @param {Row | null} [row]
   */
  #explain(reason = "", advice, row) {
    const page = this.#page;
    const isKnown = ["unavailable", "limit"].includes(reason);
    const text = advice ?? page.translate(isKnown ? reason : "offline");
    showNotice(page, text, row, this.#selection.button);
    if (row?.name === "bank_identifier" && (isKnown || reason === "unknown")) {
      page.emit("bank_unavailable", { bank_identifier: row.value, reason }, !advice);
    }
  }

  /** @param {Selection} selection */
  async #launch(selection) {
    if (this.#opening.isBusy) return;
    const { choice, bank, button } = selection;
    const attempt = ++this.#attempt;
    const page = this.#page;
    this.#selection = selection;
    hideNotice(page);
    this.#opening.start(bank, button);
    page.emit("bank_selected", { bank_identifier: choice.bank_identifier });
    try {
      const [call] = await Promise.all([page.send("launch", choice), this.#loadLean()]);
      if (attempt === this.#attempt) this.#open(call);
    } catch (error) {
      if (attempt === this.#attempt) this.#onRefused(/** @type {PageError} */ (error));
    }
  }

  #cancel() {
    this.#attempt++;
    this.#showList();
  }

  /** @param {PageError} error */
  #onRefused({ reason = "", advice }) {
    const { row } = this.#selection;
    if (FLOW_OVER.test(reason)) location.reload();
    else if (reason === "blocked") {
      this.#page.emit("loader_blocked", {}, true);
      this.#show(reason);
    } else {
      this.#showList();
      if (row && ["unavailable", "unknown"].includes(reason)) this.#list?.markUnavailable(row);
      this.#explain(reason, advice, row);
    }
  }

  // Lean's window

  /** @param {LeanCall} call */
  #open({ method, config }) {
    const before = visibleFrames();
    this.#openedAt = Date.now();
    this.#launchedBank = config?.bank_identifier;
    saveFlow(this.#page.flow, this.#launchedBank);
    this.#opening.after(WINDOW_TIMEOUT_MS, () => {
      if (!document.hidden && visibleFrames() <= before) this.#show("nothing");
    });
    try {
      /** @param {LeanResult} [result] */
      const callback = (result) => this.#onClosed(result ?? {});
      callLean(method ?? "", { ...config, callback });
    } catch (error) {
      console.error(error);
      this.#show("nothing");
    }
  }

  /** @param {LeanResult} data */
  async #onClosed(data) {
    const page = this.#page;
    const { status = "", secondary_status, lean_correlation_id: id } = data;
    const { bank_identifier, is_supported } = data.bank ?? {};
    const isUnsupported = is_supported === false;
    this.#opening.clearTimers();
    page.emit("flow_closed", { status: data.status, secondary_status, bank_identifier });
    /** @type {Promise<CallbackResponse>} */
    const report = page.send("callback", { data }).catch(() => ({}));
    if (!isUnsupported && USER_CANCELLED.test(status)) {
      const { row, button } = this.#selection;
      this.#showList();
      showNotice(page, page.translate("cancelled"), row, button);
      return;
    }
    const { next, advice } = await report;
    if (isUnsupported) this.#show("unsupported");
    else if (status === "SUCCESS") this.#succeed(next, bank_identifier ?? this.#launchedBank);
    else if (status === "REDIRECT") this.#show("redirect", { url: secureUrl(data) });
    else {
      // A failure that comes at once may still be followed by the way to the bank.
      const wait = this.#openedAt + REDIRECT_TIMEOUT_MS - Date.now();
      this.#opening.after(wait, () => this.#show("error", { advice, id }));
    }
  }

  /**
   * @param {string | null | undefined} next
   * @param {string | undefined} bankIdentifier
   */
  #succeed(next, bankIdentifier) {
    addRecentBank(bankIdentifier);
    this.#show("success", { next });
    if (next) setTimeout(() => location.assign(next), SUCCESS_PAUSE_MS);
  }

  // Screens

  /**
   * @param {string} name
   * @param {Values} [values]
   */
  #show(name, values) {
    this.#opening.stop();
    this.#screens.show(name, { bank: this.#selection.bank, ...values });
  }

  #showList() {
    this.#opening.stop();
    this.#screens.showList();
    const focused = this.#selection.button ?? this.#page.find("#choice :is(h1, h2)");
    focused.focus({ preventScroll: true });
  }

  #chooseAnotherBank() {
    this.#cancel();
    this.#selection = { choice: {} };
    this.#list?.input?.focus();
  }

  #retry() {
    this.#showList();
    this.#launch(this.#selection);
  }

  /** @param {HTMLButtonElement} button */
  #copyReference(button) {
    const reference = this.#page.find("[data-slot=id]").textContent ?? "";
    navigator.clipboard?.writeText(reference).then(
      () => {
        button.textContent = this.#page.translate("copied");
        this.#page.announce(button.textContent);
      },
      () => {},
    );
  }
}

/**
 * Return the bank's page, unless it is a script or without TLS.
 *
 * @param {LeanResult} result
 */
const secureUrl = ({ open_banking_redirect_url: url }) => url?.startsWith("https://") && url;
