// Finding a bank by what is typed: the rules of banks/search.py, word for word, and its table. Files
// of vectors in the tests hold both to the same results.

import table from "../../banks/search_table.json" with { type: "json" };
import {
  ALIAS,
  CODE,
  EXACT,
  INITIALS,
  INSIDE,
  joinedOf,
  kindOf,
  NAME,
  rankOf,
} from "./search-forms.js";
import { NameIndex } from "./search-index.js";
import { KNOWN, knownBank } from "./search-known.js";
import { arabizi, isSpelled, otherKeyboard } from "./search-readings.js";
import { isCompany, namesNoBank, SlipIndex } from "./search-slips.js";
import { coreWords, FILLERS, fold, initials, stripArticle } from "./search-words.js";

export { markMatches } from "./search-marks.js";
export { fold };

/** @import { Allowed, Match, Text } from "./search-forms.js" */
/** @import { Known } from "./search-known.js" */

/**
 * What is known of a bank of the list.
 *
 * @typedef {object} Listed
 * @property {string[]} names its own
 * @property {string} identifier
 * @property {string} [swift]
 * @property {string[]} [aliases] the host's
 */

/** @typedef {{ found: number[], known?: number }} Outcome places of the list, or a bank not in it */

const MAX_QUERY_LENGTH = 100;
const MIN_DIGITS_OF_NUMBER = 8;
const MIN_READ = 3;
const MIN_KNOWN_BEGINNING = 4;
const SAUDI = new Set(table.saudi.split(" ").map(fold));

/**
 * The names of a list of banks, prepared once for every search in it. That takes some time for a long
 * list, so it is done in steps; a search does first what it needs of those that are left.
 */
export class SearchIndex {
  #own = new NameIndex();
  /** Banks of the market that are not in the list. @type {Known[]} */
  #unlisted = [];
  #knownIndex = new NameIndex();
  #ownSounds = new SlipIndex();
  #knownSounds = new SlipIndex();
  /** Whether only the sounds are left to prepare. */
  hasNames = false;
  #steps;

  /** @param {Iterable<Listed>} banks */
  constructor(banks) {
    this.#steps = this.#prepare(banks);
  }

  /** Prepare a little more, of one bank or so; return whether all is done. */
  step() {
    return this.#steps.next().done;
  }

  /** @param {Iterable<Listed>} banks */
  *#prepare(banks) {
    /** @type {Text[][]} */
    const texts = [];
    const known = new Set();
    for (const bank of banks) {
      const names = bank.names.map(fold);
      const itself = knownBank(names);
      known.add(itself);
      texts.push(textsOf(bank, names, itself));
      yield;
    }
    yield* this.#own.prepare(texts);
    this.#unlisted = KNOWN.filter((bank) => !known.has(bank));
    yield* this.#knownIndex.prepare(this.#unlisted.map(textsOfKnown));
    this.hasNames = true;
    yield* this.#ownSounds.prepare(this.#own);
    yield* this.#knownSounds.prepare(this.#knownIndex);
  }

  /**
   * Return the places of the banks that *query* may mean, best first; or the names of the bank that it
   * means, where that is known and not in the list.
   *
   * @param {string} query
   * @param {(place: number) => boolean} [allowed] whether a bank counts
   * @returns {{ found: number[], known?: Known }} nothing for a query without a letter or digit
   */
  find(query, allowed) {
    const raw = query.slice(0, MAX_QUERY_LENGTH);
    const folded = fold(fold(raw).slice(0, MAX_QUERY_LENGTH));
    if (!folded) return { found: [] };
    while (!this.hasNames && !this.step());
    const { found, known } = this.#find(raw, folded, allowed);
    return found.length || known === undefined
      ? { found }
      : { found, known: this.#unlisted[known] };
  }

  /**
   * @param {string} raw
   * @param {string} folded
   * @param {Allowed} allowed
   * @returns {Outcome}
   */
  #find(raw, folded, allowed) {
    const matches = this.#own.rank(folded, allowed, true);
    const [best] = matches;
    const [unlisted] = folded.length < MIN_READ ? [] : this.#knownIndex.rank(folded);
    const isNamed = unlisted && rankOf(unlisted) === EXACT;
    if (isCompany(folded) && !(best && rankOf(best) === EXACT)) return { found: [] };
    if (!best || rankOf(best) !== EXACT) {
      const spelled = this.#spelled(folded, allowed);
      if (spelled) return spelled;
    }
    if (best && !(isNamed && isWeak(best))) return listed(matches);
    if (isNamed) return { found: [], known: unlisted.entry };
    const across = this.#across(folded, allowed);
    if (across.length) return { found: across };
    if (unlisted && joinedOf(folded).length >= MIN_KNOWN_BEGINNING) {
      return { found: [], known: unlisted.entry };
    }
    return this.#read(raw, folded, allowed);
  }

  /**
   * @param {string} folded
   * @param {Allowed} allowed
   * @returns {Outcome | undefined}
   */
  #spelled(folded, allowed) {
    const joined = coreWords(folded).join("");
    const own = this.#own.spelled(joined, allowed);
    if (own.length) return listed(own);
    const [known] = this.#knownIndex.spelled(joined, undefined);
    return known && { found: [], known: known.entry };
  }

  /**
   * Return the banks that have words of *folded* in several of their names.
   *
   * @param {string} folded
   * @param {Allowed} allowed
   */
  #across(folded, allowed) {
    const words = coreWords(folded);
    const isCountry = words.every((word) => SAUDI.has(word));
    if (!words.length || isSpelled(folded) || new Set(words).size < words.length) return [];
    if (words.length < 2 && !isCountry) return [];
    return this.#own.across(
      [...new Set(words.map((word) => (SAUDI.has(word) ? "sau" : word)))],
      allowed,
    );
  }

  /**
   * Find what is meant in another reading, with errors, or in a sentence.
   *
   * @param {string} raw
   * @param {string} folded
   * @param {Allowed} allowed
   * @returns {Outcome}
   */
  #read(raw, folded, allowed) {
    const keyed = otherKeyboard(raw);
    if (keyed.length >= MIN_READ && keyed.split(" ").every((word) => word.length > 1)) {
      const isLong = coreWords(keyed).join("").length >= MIN_KNOWN_BEGINNING;
      /** @param {Match} match */
      const isMeant = (match) => kindOf(match) <= ALIAS && (isLong || rankOf(match) === EXACT);
      const own = this.#own.rank(keyed, allowed).filter(isMeant);
      if (own.length) return listed(own);
      const known = this.#knownIndex.rank(keyed).find(isMeant);
      if (known) return { found: [], known: known.entry };
    }
    const latin = arabizi(folded);
    if (latin !== folded) {
      const matches = this.#own.rank(latin, allowed);
      if (matches.length) return listed(matches);
      const across = this.#across(latin, allowed);
      if (across.length) return { found: across };
    }
    const guessed = this.#guess(folded, allowed);
    return isNothing(guessed) && latin !== folded ? this.#guess(latin, allowed) : guessed;
  }

  /**
   * @param {string} text
   * @param {Allowed} allowed
   * @returns {Outcome}
   */
  #guess(text, allowed) {
    const slips = this.#slips(text, allowed, true);
    if (!isNothing(slips)) return slips;
    if (namesNoBank(text)) return { found: [] };
    const rest = text
      .split(" ")
      .filter((word) => !FILLERS.has(word) && !FILLERS.has(stripArticle(word)))
      .join(" ");
    if (rest !== text && coreWords(rest).join("").length >= MIN_READ) {
      const matches = this.#own.rank(rest, allowed);
      const [best] = matches;
      const [known] = this.#knownIndex.rank(rest);
      const isNamed = known && rankOf(known) === EXACT;
      if (isNamed && !(best && !isWeak(best))) return { found: [], known: known.entry };
      if (best) return listed(matches);
      const across = this.#across(rest, allowed);
      if (across.length) return { found: across };
      const again = this.#slips(rest, allowed, false);
      if (!isNothing(again)) return again;
    }
    const own = this.#own.inSentence(text, allowed);
    return own.length ? listed(own) : unlistedOf(this.#knownIndex.inSentence(text, undefined));
  }

  /**
   * @param {string} text
   * @param {Allowed} allowed
   * @param {boolean} prefix
   * @returns {Outcome}
   */
  #slips(text, allowed, prefix) {
    while (!this.step());
    const found = this.#ownSounds.search(text, allowed, prefix);
    const unlisted = this.#knownSounds.search(text);
    const isOwn = found[0] && (!unlisted[0] || found[0].value <= unlisted[0].value);
    return isOwn ? listed(found) : unlistedOf(unlisted);
  }
}

/** @param {string} query whether it may hold the number of an account or a card */
export const hasLongNumber = (query) =>
  (fold(query).match(/[0-9]/g) ?? []).length >= MIN_DIGITS_OF_NUMBER;

/**
 * @param {Listed} bank
 * @param {string[]} folded its names
 * @param {Known | undefined} known
 * @returns {Text[]}
 */
function textsOf({ identifier, swift = "", aliases = [] }, folded, known) {
  /** @type {(kind: number) => (text: string) => Text} */
  const as = (kind) => (text) => [text, kind];
  return [
    ...folded.map(as(NAME)),
    ...[...(known ?? []), ...aliases].map(fold).map(as(ALIAS)),
    ...[identifier, swift].map(fold).map(as(CODE)),
    ...folded.map(initials).map(as(INITIALS)),
  ];
}

/**
 * @param {Known} names
 * @returns {Text[]}
 */
const textsOfKnown = (names) => names.map((name, at) => [fold(name), at < 2 ? NAME : ALIAS]);

/** @type {(matches: Match[]) => Outcome} */
const listed = (matches) => ({ found: matches.map(({ entry }) => entry) });

/** @type {(matches: Match[]) => Outcome} */
const unlistedOf = ([best]) => ({ found: [], known: best?.entry });

/** @param {Match} match whether it gives way to the whole name of a bank that is not in the list */
const isWeak = (match) =>
  rankOf(match) === INSIDE ||
  kindOf(match) === INITIALS ||
  (kindOf(match) === CODE && rankOf(match) !== EXACT);

/** @param {Outcome} outcome */
const isNothing = ({ found, known }) => !found.length && known === undefined;
