// Other readings of what was typed, by the rules of banks/readings.py.

import table from "../../banks/search_table.json" with { type: "json" };
import { fold, isAscii } from "./search-words.js";

const [latin = "", arabic = ""] = table.keys;
const [shiftedKeys = "", shifted = ""] = table.shifted;
/** @type {(from: string, to: string) => Map<string, string>} */
const mapping = (from, to) => new Map([...from].map((letter, at) => [letter, to[at] ?? ""]));
const TO_ARABIC = mapping(latin, arabic);
const TO_LATIN = new Map([
  ...mapping(arabic, latin),
  ...mapping(shifted, shiftedKeys.toLowerCase()),
]);
const SHIFTED = mapping(shiftedKeys, shifted);
const DIGITS = new Map(Object.entries(table.digits));
const ARABIZI = /\b(?=[a-z]*[0-9])(?=[0-9]*[a-z])[a-z2356789]+\b/g;
/** A hamza before a consonant has a vowel that is left out. */
const HAMZA = /2(?=[b-df-hj-np-tv-z])/g;

/** @type {Map<string, Set<string>>} the letters that a name may be of */
const SPELLED = new Map();
for (const [letter, names] of Object.entries(table.spelled)) {
  for (const name of names.split(" ")) {
    SPELLED.set(name, (SPELLED.get(name) ?? new Set()).add(shortNameKey(letter)));
  }
}
const MAX_NAME = Math.max(...[...SPELLED.keys()].map((name) => name.length));
const MAX_SPELLED = 30;

/**
 * @param {string} text
 * @param {Map<string, string>} letters
 */
const translate = (text, letters) =>
  [...text].map((letter) => letters.get(letter) ?? letter).join("");

/**
 * Return *raw* as its keys are on the other layout, folded: Arabic 101 and QWERTY.
 *
 * @param {string} raw
 */
export const otherKeyboard = (raw) =>
  /[\u0600-\u06ff]/.test(raw)
    ? fold(translate(raw.replaceAll("لا", "ﻻ"), TO_LATIN))
    : fold(
        translate(raw.replace(/[A-Z]/g, (key) => SHIFTED.get(key) ?? key).toLowerCase(), TO_ARABIC),
      );

/** @param {string} folded in which letters take the place of the digits that stand for them */
export const arabizi = (folded) =>
  folded.replace(ARABIZI, (word) => translate(word.replace(HAMZA, "a"), DIGITS));

/** @param {string} name of Latin letters, those with like names as one */
export function shortNameKey(name) {
  return name.replace(/i/g, "e").replace(/p/g, "b").replace(/j/g, "g");
}

/**
 * Return the letters whose names *joined* is made of, for each way to read it.
 *
 * @param {string} joined folded, without spaces
 * @returns {Set<string>}
 */
export const spelledLetters = (joined) =>
  new Set(!joined || joined.length > MAX_SPELLED || isAscii(joined) ? [] : readLetters(joined));

/**
 * @param {string} rest
 * @param {string} [done]
 * @returns {string[]}
 */
function readLetters(rest, done = "") {
  if (!rest) return [done];
  if (done.length > 5) return [];
  const ways = [];
  for (let length = 1; length <= Math.min(MAX_NAME, rest.length); length++) {
    for (const letter of SPELLED.get(rest.slice(0, length)) ?? []) {
      ways.push(...readLetters(rest.slice(length), done + letter));
    }
  }
  return ways;
}

/** @param {string} folded whether it is several words, and all of them names of letters */
export const isSpelled = (folded) =>
  folded.includes(" ") && spelledLetters(folded.replaceAll(" ", "")).size > 0;
