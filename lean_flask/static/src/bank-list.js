// The page loads it after the list, so that the list is there sooner.

import { keepAccountType } from "./account-type.js";
import { keepQuery } from "./kept-query.js";
import { hideNotice } from "./notice.js";
import { fold, hasLongNumber, markMatches, SearchIndex } from "./search.js";
import { render } from "./template.js";

/** @import { Page } from "./page.js" */
/** @typedef {HTMLButtonElement} Row one bank or account to choose */

const ROW_HEIGHT = 68; // pixels, at least
/** As many rows as the screen can show, or a few less on a large one. */
const BATCH_SIZE = Math.min(16, Math.ceil(screen.height / ROW_HEIGHT));
const NEXT_BATCH_MS = 9;
const TYPING_PAUSE_MS = 500;
const PREPARE_MS = 200;
const SLICE_MS = 8;
const ROW = "[data-action=choose]";
const NAVIGATION_KEY = /^(Arrow(Up|Down)|Home|End|Escape)$/;

/** The list of banks: search as you type, and the arrow keys. */
export class BankList {
  /** What is searched for; empty where it has no letter or digit. */
  #query = "";
  /** @type {HTMLElement[]} */
  #found = [];
  #results = document.createElement("ul");
  #page;
  #all;
  #items;
  #index;
  /** Whether what was typed is not searched for yet. */
  #isWaiting = false;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #preparing;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /**
   * @param {Page} page
   * @param {HTMLElement} all the list itself
   */
  constructor(page, all) {
    this.#page = page;
    this.#all = all;
    /** @type {HTMLInputElement | null} */
    this.input = page.findOptional("#query");
    this.#results.role = "list";
    this.#results.hidden = true;
    all.after(this.#results);
    this.#items = /** @type {HTMLElement[]} */ ([...all.children]);
    this.#index = new SearchIndex(listed(this.#items));
    keepAccountType(page);
    if (this.input) keepQuery(page, this.input);
    this.input?.addEventListener("input", () => this.#onInput());
    page.form.addEventListener("change", ({ target }) => target !== this.input && this.filter());
    page.form.addEventListener("keydown", (event) => this.#onKeydown(event));
    // Before the first letter, as the names of a long list take some time.
    if (this.input) this.#preparing = setTimeout(() => this.#prepare(), PREPARE_MS);
    if (this.input?.value) this.#onInput(); // typed before this script was there
  }

  /** Search once the letter is seen: on a slow phone the results take some frames. */
  #onInput() {
    this.#isWaiting = true;
    requestAnimationFrame(() => setTimeout(() => this.#prepare()));
  }

  #searchNow() {
    if (this.#isWaiting) this.filter();
  }

  /** Prepare the search in slices, between which the page takes in what the customer does. */
  #prepare() {
    clearTimeout(this.#preparing);
    const end = performance.now() + SLICE_MS;
    let isDone;
    while (!isDone && performance.now() < end) isDone = this.#index.step();
    if (this.#index.hasNames) this.#searchNow();
    if (!isDone) this.#preparing = setTimeout(() => this.#prepare());
  }

  filter() {
    const page = this.#page;
    const all = this.#all;
    const results = this.#results;
    const typed = (this.input?.value ?? "").trim();
    const query = fold(typed) && typed;
    hideNotice(page);
    this.#isWaiting = false;
    this.#query = query;
    const bank = this.#find();
    const count = this.#found.length;
    all.hidden = Boolean(query);
    results.hidden = !query;
    all.id = query ? "" : "all";
    results.id = query && "all";
    results.replaceChildren();
    if (query) this.#showResults();
    /** @type {HTMLElement} */ (all.parentElement).hidden = !count;
    page.root.classList.toggle("searching", Boolean(query));
    const empty = render(page.find("#empty"), { query, bank });
    empty.hidden = Boolean(count);
    /** @type {NodeListOf<HTMLElement>} */
    const texts = empty.querySelectorAll("[data-known]");
    for (const text of texts) text.hidden = Boolean(text.dataset.known) !== Boolean(bank);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#announceCount();
      if (!count) this.#reportEmpty();
      this.#showRest();
    }, TYPING_PAUSE_MS);
  }

  /**
   * Leave the box for the results: on a phone they are under the keyboard.
   *
   * @returns {Row | undefined} the one bank that the search left, or that is available
   */
  enter() {
    this.#searchNow();
    const rows = /** @type {Row[]} */ ([...this.#results.querySelectorAll(ROW)]);
    const usable = rows.filter((row) => !row.ariaDisabled);
    const hasMore = this.#found.length > rows.length;
    const isTouch = matchMedia("(hover: none)").matches;
    if (isTouch) this.input?.blur();
    const only = [usable, rows].find(({ length }) => length === 1 && !hasMore);
    if (only) return only[0];
    if (!isTouch) rows[0]?.focus();
    if (!rows.length && this.#query) this.#announceCount();
    return undefined;
  }

  /** Find what is typed; return the name of the bank that it means, if that is not in the list. */
  #find() {
    const isOfType = this.#typeFilter();
    if (!this.#query) {
      this.#found = this.#items.filter(isOfType);
      return "";
    }
    const { found, known } = this.#index.find(this.#query, (at) => isOfType(this.#items[at]));
    this.#found = found.flatMap((at) => this.#items[at] ?? []);
    return known?.[Number(this.#page.root.lang === "ar")] ?? "";
  }

  /** Return what tells whether an item is of the chosen account type; the page is asked once. */
  #typeFilter() {
    /** @type {HTMLInputElement | null} */
    const chosen = this.#page.findOptional("[name=type]:checked");
    return (/** @type {HTMLElement | null | undefined} */ item) =>
      !chosen || !item?.dataset.type || item.dataset.type === chosen.value;
  }

  /** Copy the next results, so that the whole list stays as it is and is there again at once. */
  #showResults() {
    const shown = this.#results.childElementCount;
    const batch = this.#found.slice(shown, shown + BATCH_SIZE).map((item) => {
      const copy = /** @type {HTMLElement} */ (item.cloneNode(true));
      // For another button that submits, a browser looks through the whole form for its first one.
      /** @type {Row} */ (copy.firstElementChild).type = "button";
      return copy;
    });
    const names = batch.flatMap((copy) => [...copy.querySelectorAll("bdi")]);
    markMatches(names, this.#query);
    this.#results.append(...batch);
  }

  #showRest() {
    if (!this.#query || this.#results.childElementCount >= this.#found.length) return;
    const isChosen = this.#page.form.ariaBusy; // more results would hold up Lean's window
    if (!isChosen) this.#showResults();
    this.#timer = setTimeout(() => this.#showRest(), isChosen ? TYPING_PAUSE_MS : NEXT_BATCH_MS);
  }

  #announceCount() {
    const page = this.#page;
    const count = this.#found.length;
    if (!count) return page.announce(page.find("#empty > :not([hidden])").textContent);
    let from = count; // of the text that holds from there on (_messages.html)
    while (!page.message(`count-${from}`)) from--;
    return page.announce(page.translate(`count-${from}`, { num: `${count}` }));
  }

  #reportEmpty() {
    const query = this.#query;
    const isTold = this.#page.data.queries && !hasLongNumber(query);
    this.#page.emit("search_empty", isTold ? { query } : {}, true);
  }

  /**
   * Move by keys: down from the box into the list, up and down in it, Home and End; Escape clears the
   * box.
   *
   * @param {KeyboardEvent} event
   */
  #onKeydown(event) {
    const { key } = event;
    const target = /** @type {HTMLInputElement} */ (event.target);
    // Enter that is held down for the box does not press the row that has the focus then.
    if (key === "Enter" && event.repeat) event.preventDefault();
    if (!NAVIGATION_KEY.test(key)) return;
    this.#searchNow();
    const shown = this.#query ? `#all ${ROW}` : `section:not([hidden]) ${ROW}`;
    /** @type {NodeListOf<HTMLElement>} */
    const all = this.#page.form.querySelectorAll(shown);
    const isOfType = this.#typeFilter();
    const rows = [...all].filter((row) => isOfType(row.parentElement));
    const stops = [this.input, ...rows];
    const at = stops.indexOf(target.closest(`${ROW}, #query`));
    const clears = !at && key === "Escape" && target.value;
    /** @type {Record<string, number>} */
    const ends = at ? { Home: 1, End: rows.length } : {};
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, ...ends }[key] ?? -1;
    if (at < 0 || (!clears && to < 0)) return;
    event.preventDefault();
    if (clears) {
      target.value = "";
      this.filter();
    } else stops[to]?.focus();
  }
}

/** @param {HTMLElement[]} items banks, each read as the search takes it when its turn comes */
function* listed(items) {
  for (const item of items) {
    const { value, dataset } = /** @type {Row} */ (item.firstElementChild);
    /** @type {NodeListOf<HTMLElement>} */
    const shown = item.querySelectorAll("bdi:not([dir])");
    const names = [...shown].map((name) => name.textContent ?? "");
    yield {
      names: names.concat(dataset.names?.split("|") ?? []),
      identifier: value,
      swift: dataset.swift,
      aliases: dataset.aliases?.split("|"),
    };
  }
}
