// Names that sound like what was typed, or differ by a slip, by the rules of banks/slips.py.

import { ALIAS, append, matchesOf } from "./search-forms.js";
import { isSpelled } from "./search-readings.js";
import {
  budget,
  consonants,
  errorCost,
  isFeminine,
  MIN_LENGTH,
  mayBeWithin,
  sound,
} from "./search-sound.js";
import {
  articleFree,
  COMPANIES,
  coreWords,
  ELSEWHERE,
  FILLERS,
  GENERIC_TERMS,
  stripArticle,
} from "./search-words.js";

/** @import { Allowed } from "./search-forms.js" */
/** @import { NameIndex } from "./search-index.js" */
/** @typedef {{ entry: number, kind: number, isWhole: boolean }} Part words of a name, or all of them */
/** @typedef {{ sounds: string, bits: number }} Sounded a sound, with its consonants */
/** @typedef {Map<string, Sounded[]>} Starts sounds by their first letter */
/** @typedef {{ cost: number, begins: boolean }} Cost of errors, and whether the name goes on */

const LIAISON = /\b[ae]([rsndtz]) (?=\1)/g;
const MIN_PREFIX = 6;
const MIN_PART = 3;
const MIN_PART_SOUNDS = 5;
const MAX_PART_COST = 3;
const COMPANY_SOUNDS = new Set([...COMPANIES].map(sound));

/** The sounds of the names of a list. */
export class SlipIndex {
  /** @type {Map<string, Part[]>} */
  #parts = new Map();
  /** @type {Map<string, number[]>} the forms with a word */
  #words = new Map();
  /** @type {{ part: Part, count: number }[]} */
  #forms = [];
  /** @type {Map<string, string[]>} */
  #sounds = new Map();
  /** @type {Starts} */
  #starts = new Map();
  /** @type {Starts} */
  #soundStarts = new Map();

  /**
   * Take in *names*, in steps.
   *
   * @param {NameIndex} names
   */
  *prepare(names) {
    /** @type {Map<string, string>} */
    const sounds = new Map();
    for (const { text, entry, kind, isCore } of names.forms) {
      if (kind > ALIAS) continue;
      yield;
      const words = isCore ? coreWords(text) : articleFree(text);
      const keys = words.map((word) => {
        const key = sounds.get(word) ?? sound(word);
        sounds.set(word, key);
        return key;
      });
      const whole = { entry, kind, isWhole: true };
      const part = { entry, kind, isWhole: false };
      if (!isCore) {
        append(this.#parts, keys.join(""), whole);
        continue;
      }
      for (const word of new Set(words)) append(this.#words, word, this.#forms.length);
      this.#forms.push({ part: whole, count: new Set(words).size });
      for (let start = 0; start < keys.length; start++) {
        for (let end = start + 1; end <= keys.length; end++) {
          if ((words[end - 1]?.length ?? 0) < MIN_PART) break;
          const isWhole = end - start === keys.length;
          append(this.#parts, keys.slice(start, end).join(""), isWhole ? whole : part);
        }
      }
    }
    this.#starts = byFirstLetter(this.#parts.keys());
    yield;
    for (const word of this.#words.keys()) {
      if (word.length >= MIN_LENGTH) append(this.#sounds, sounds.get(word) ?? "", word);
    }
    this.#soundStarts = byFirstLetter(this.#sounds.keys());
  }

  /**
   * Return the banks that *query* may mean: whole words before beginnings, then those with the fewest
   * errors first.
   *
   * @param {string} query folded
   * @param {Allowed} [allowed]
   * @param {boolean} [prefix] whether a beginning counts
   */
  search(query, allowed, prefix) {
    const words = coreWords(query.replace(LIAISON, ""));
    if (!words.length || namesNoBank(query) || isSpelled(query)) return [];
    /** @type {Map<number, number>} */
    const best = new Map();
    /** @type {(part: Part, cost: Cost, isWhole: boolean) => void} */
    const add = ({ entry, kind }, { cost, begins }, isWhole) => {
      if (allowed && !allowed(entry)) return;
      const value = (Number(begins) << 7) | (cost << 3) | (Number(!isWhole) << 2) | kind;
      best.set(entry, Math.min(value, best.get(entry) ?? value));
    };
    const telling = words.filter((word) => genericCost(word) === Infinity);
    const extra = words.length - telling.length;
    if (telling.length > 1) this.#addByWord(add, telling, extra, prefix);
    this.#addJoined(add, words, 0, prefix);
    if (telling.length && extra) this.#addJoined(add, telling, 1, prefix);
    return matchesOf(best);
  }

  /**
   * @param {(part: Part, cost: Cost, isWhole: boolean) => void} add
   * @param {string[]} words
   * @param {number} extra
   * @param {boolean} [prefix]
   */
  #addJoined(add, words, extra, prefix) {
    const typed = words.join("");
    if (typed.length < MIN_LENGTH) return;
    const generic = genericCost(typed);
    for (const { sounds, cost, begins } of near(sound(typed), this.#starts, prefix)) {
      if (cost >= generic) continue;
      const least = MIN_PART_SOUNDS + Number(cost > 0);
      const isTelling = cost <= MAX_PART_COST && sounds.length >= least;
      for (const part of this.#parts.get(sounds) ?? []) {
        if (!part.isWhole && (begins || !isTelling)) continue;
        add(part, { cost: cost + extra, begins }, part.isWhole);
      }
    }
  }

  /**
   * Match each of *words* with a word of one name, in any order.
   *
   * @param {(part: Part, cost: Cost, isWhole: boolean) => void} add
   * @param {string[]} words
   * @param {number} extra
   * @param {boolean} [prefix]
   */
  #addByWord(add, words, extra, prefix) {
    /** @type {Map<number, Cost> | undefined} */
    let total;
    for (const [number, word] of words.entries()) {
      const found = this.#formsWith(word, prefix && number === words.length - 1);
      const before = total;
      total = before ? new Map() : found;
      for (const [at, { cost, begins }] of before ?? []) {
        const more = found.get(at);
        if (more) total.set(at, { cost: cost + more.cost, begins: begins || more.begins });
      }
    }
    const allowed = budget(words.map((word) => sound(word).length).reduce((one, two) => one + two));
    for (const [at, { cost, begins }] of total ?? []) {
      const form = this.#forms[at];
      if (form && cost <= allowed) {
        add(form.part, { cost: cost + extra, begins }, form.count === words.length);
      }
    }
  }

  /**
   * Return the names with a word like *word*.
   *
   * @param {string} word
   * @param {boolean} [prefix]
   */
  #formsWith(word, prefix) {
    /** @type {Map<number, Cost>} */
    const found = new Map();
    /** @type {(held: string, cost: number, begins: boolean) => void} */
    const add = (held, cost, begins) => {
      for (const at of this.#words.get(held) ?? []) {
        const known = found.get(at);
        const isBetter =
          !known || begins < known.begins || (begins === known.begins && cost < known.cost);
        if (isBetter) found.set(at, { cost, begins });
      }
    };
    add(word, 0, false);
    if (word.length >= MIN_LENGTH && !FILLERS.has(word)) {
      for (const { sounds, cost, begins } of near(sound(word), this.#soundStarts, prefix)) {
        for (const same of this.#sounds.get(sounds) ?? []) add(same, cost, begins);
      }
    }
    return found;
  }
}

/** @param {string} query whether it has a word that tells that no bank is meant */
export function namesNoBank(query) {
  const words = query.split(" ").map(stripArticle);
  return (
    words.some((word) => ELSEWHERE.has(word)) ||
    words.every((word) => FILLERS.has(word)) ||
    isCompany(query)
  );
}

/** @param {string} query whether it is the name of another company, near to that of a bank */
export const isCompany = (query) => COMPANY_SOUNDS.has(sound(coreWords(query).join("")));

/**
 * Return the sounds near *typed*.
 *
 * @param {string} typed
 * @param {Starts} starts
 * @param {boolean} [prefix]
 * @returns {({ sounds: string } & Cost)[]}
 */
function near(typed, starts, prefix) {
  const bits = consonants(typed);
  const most = budget(typed.length);
  const found = [];
  for (const { sounds, bits: heldBits } of starts.get(typed.slice(0, 1)) ?? []) {
    if (sounds === typed) found.push({ sounds, cost: 0, begins: false });
    if (sounds === typed || !mayBeWithin(bits, heldBits, most)) continue;
    const least = Math.min(most, budget(sounds.length));
    const cost = least ? errorCost(typed, sounds, least) : Infinity;
    if (cost < Infinity) {
      if (!isFeminine(typed, sounds)) found.push({ sounds, cost, begins: false });
    } else if (prefix && typed.length >= MIN_PREFIX && sounds.length > typed.length) {
      const beginning = errorCost(typed, sounds, 3, true);
      if (beginning < Infinity) found.push({ sounds, cost: beginning, begins: true });
    }
  }
  return found;
}

/** @param {Iterable<string>} held */
function byFirstLetter(held) {
  /** @type {Starts} */
  const starts = new Map();
  for (const sounds of held) {
    append(starts, sounds.slice(0, 1), { sounds, bits: consonants(sounds) });
  }
  return starts;
}

/** @param {string} word what the errors cost if it is a generic one */
const genericCost = (word) =>
  word.length < 3
    ? Infinity
    : Math.min(
        ...GENERIC_TERMS.filter((generic) => generic[0] === word[0]).map((generic) =>
          errorCost(sound(word), sound(generic), 3),
        ),
      );
