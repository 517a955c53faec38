// Names that match what was typed as it is, by the rules of banks/matching.py.

import {
  ALIAS,
  addLess,
  append,
  CODE,
  common,
  compare,
  EXACT,
  firstAt,
  firstOfEach,
  INITIALS,
  INSIDE,
  joinedOf,
  matchesOf,
  PREFIX,
  WORDS,
} from "./search-forms.js";
import { isSpelled, shortNameKey, spelledLetters } from "./search-readings.js";
import { AMBIGUOUS, articleFree, coreWords, isAscii, stripGenericWords } from "./search-words.js";

/** @import { Allowed, Form, Text } from "./search-forms.js" */

const SWIFT_LENGTH = 8;
const LONG_SWIFT_LENGTH = 11;
const MIN_INSIDE = 5;

/** All texts of a list of banks, to be looked up. */
export class NameIndex {
  /** @type {Form[]} */
  forms = [];
  /** @type {Map<string, Form[]>} */
  #words = new Map();
  /** @type {Form[]} */
  #sorted = [];
  /** @type {string[]} */
  #vocabulary = [];
  /** @type {Map<string, Form[]> | undefined} */
  #shortNames;
  /** @type {Map<string, Form[]> | undefined} */
  #whole;

  /**
   * Take in *texts*, in steps.
   *
   * @param {Text[][]} texts of each bank
   */
  *prepare(texts) {
    /** @type {Map<string, number>} */
    const owners = new Map();
    const listed = [];
    for (const [entry, all] of texts.entries()) {
      const own = firstOfEach(all);
      listed.push(own);
      for (const [text, kind] of own) {
        const joined = joinedOf(text);
        if (kind <= ALIAS && !owners.has(joined)) owners.set(joined, entry);
      }
      yield;
    }
    for (const [entry, own] of listed.entries()) {
      for (const [text, kind] of own) {
        if (kind === INITIALS && (owners.get(text) ?? entry) !== entry) continue;
        const core = kind <= ALIAS ? stripGenericWords(text) : text;
        for (const form of new Set([text, core])) {
          const isCore = form === core;
          this.forms.push({ text: form, joined: joinedOf(form), entry, kind, isCore });
        }
      }
      yield;
    }
    this.#sorted = [...this.forms].sort((one, other) => compare(one.joined, other.joined));
    yield;
    for (const form of this.forms) {
      for (const word of new Set(form.text.split(" "))) append(this.#words, word, form);
      yield;
    }
    this.#vocabulary = [...this.#words.keys()].sort(compare);
  }

  /**
   * Return the banks that match *query*, folded, best first.
   *
   * @param {string} query
   * @param {Allowed} [allowed]
   * @param {boolean} [inside] whether a match inside a word counts
   */
  rank(query, allowed, inside) {
    /** @type {Map<number, number>} */
    const best = new Map();
    /** @type {(rank: number, position: number, forms: Iterable<Form>) => void} */
    const add = (rank, position, forms) => {
      for (const { entry, kind } of forms) {
        const value = (rank << 4) | (kind << 2) | position;
        if (value < (best.get(entry) ?? 99) && (!allowed || allowed(entry))) best.set(entry, value);
      }
    };
    [...new Set([query, stripGenericWords(query)])].forEach((text, position) => {
      const joined = joinedOf(text);
      const [exact, longer] = this.#starting(joined);
      add(EXACT, position, exact);
      add(PREFIX, position, longer);
      if (isSpelled(text)) return;
      add(WORDS, position, this.#withWords(text.split(" ")));
      if (inside) add(INSIDE, position, this.#inside(text, joined));
    });
    const joined = joinedOf(query);
    if (joined.length === LONG_SWIFT_LENGTH && isAscii(joined)) {
      const [exact] = this.#starting(joined.slice(0, SWIFT_LENGTH));
      add(
        EXACT,
        2,
        exact.filter(({ kind }) => kind === CODE),
      );
    }
    return matchesOf(best);
  }

  /**
   * Return the forms that are *joined*, and those that are longer.
   *
   * @param {string} joined
   * @returns {[exact: Form[], longer: Form[]]}
   */
  #starting(joined) {
    /** @type {Form[]} */
    const exact = [];
    /** @type {Form[]} */
    const longer = [];
    const start = firstAt(this.#sorted.length, (at) => (this.#sorted[at]?.joined ?? "") >= joined);
    for (let at = start; this.#sorted[at]?.joined.startsWith(joined); at++) {
      const form = /** @type {Form} */ (this.#sorted[at]);
      (form.joined === joined ? exact : longer).push(form);
    }
    return [exact, longer];
  }

  /**
   * Return the forms of which each of *starts* begins a word.
   *
   * @param {string[]} starts
   * @returns {Set<Form>}
   */
  #withWords(starts) {
    const unique = new Set(starts);
    if (unique.size < starts.length) return new Set();
    return common([...unique].map((start) => () => this.#beginning(start)));
  }

  /**
   * @param {string} start
   * @returns {Form[]}
   */
  #beginning(start) {
    const words = this.#vocabulary;
    const found = [];
    let at = firstAt(words.length, (place) => (words[place] ?? "") >= start);
    for (; words[at]?.startsWith(start); at++) found.push(this.#words.get(words[at] ?? "") ?? []);
    return found.flat();
  }

  /**
   * Return the forms with *text* inside: at a word's end where it is short.
   *
   * @param {string} text
   * @param {string} joined
   */
  #inside(text, joined) {
    if (joined.length < 3) return [];
    return this.forms.filter(
      (form) =>
        form.kind !== CODE &&
        (joined.length < MIN_INSIDE
          ? `${form.text} `.includes(`${text} `)
          : form.text.includes(text)),
    );
  }

  /**
   * Return the banks with some name for each of *starts* in which it begins a word.
   *
   * @param {string[]} starts
   * @param {Allowed} allowed
   */
  across(starts, allowed) {
    if (Math.max(...starts.map((start) => start.length)) < 3) return [];
    const found = common(
      starts.map((start) => () => this.#beginning(start).map(({ entry }) => entry)),
    );
    return [...found]
      .filter((entry) => !allowed || allowed(entry))
      .sort((one, other) => one - other);
  }

  /**
   * Return the banks whose short name is what *joined* spells out, letter by letter.
   *
   * @param {string} joined
   * @param {Allowed} allowed
   */
  spelled(joined, allowed) {
    this.#shortNames ??= this.#makeShortNames();
    /** @type {Map<number, number>} */
    const best = new Map();
    for (const letters of spelledLetters(joined)) {
      if (letters.length < 3) continue;
      for (const { entry, kind } of this.#shortNames.get(letters) ?? []) {
        addLess(best, entry, kind, allowed);
      }
    }
    return matchesOf(best);
  }

  #makeShortNames() {
    const named = new Map();
    for (const form of this.forms) {
      const { text } = form;
      if (form.kind !== CODE && isAscii(text) && !text.includes(" ")) {
        append(named, shortNameKey(text), form);
      }
    }
    return named;
  }

  /**
   * Return the banks of which a whole name is among the words of *query*: the one that comes first,
   * then the longest.
   *
   * @param {string} query
   * @param {Allowed} allowed
   */
  inSentence(query, allowed) {
    this.#whole ??= this.#makeWhole();
    /** @type {Map<number, number>} */
    const best = new Map();
    for (const words of [articleFree(query), coreWords(query)]) {
      words.forEach((_, start) => {
        for (let end = start + 1; end <= Math.min(words.length, start + 6); end++) {
          for (const { entry, kind } of this.#whole?.get(words.slice(start, end).join(" ")) ?? []) {
            addLess(best, entry, ((start * 8 + 7 - (end - start)) << 2) | kind, allowed);
          }
        }
      });
    }
    return matchesOf(best);
  }

  /** Return the names that no sentence has by chance. */
  #makeWhole() {
    const named = new Map();
    for (const form of this.forms) {
      if (form.kind > ALIAS || form.text.length < 3) continue;
      const words = (form.isCore ? coreWords(form.text) : articleFree(form.text)).join(" ");
      const isTelling = words.length > 2 && !AMBIGUOUS.has(words) && coreWords(words).length;
      if (isTelling) append(named, words, form);
    }
    return named;
  }
}
