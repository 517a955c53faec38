// What words sound like, and how far apart two of them are, by the rules of banks/sound.py.

import table from "../../banks/search_table.json" with { type: "json" };

export const MIN_LENGTH = 4;
/** What an error costs: of a vowel, of a consonant, and of one that is not near the right letter. */
const VOWEL = 2;
const CONSONANT = 3;
const FAR = 4;

const VOWELS = new Set(table.vowels);
const SOUNDS = table.sounds.map(
  ([pattern = "", sound = ""]) => /** @type {const} */ ([new RegExp(pattern, "g"), sound]),
);
/** @type {Map<string, Set<string>>} letters on keys side by side, and of a like sound */
const NEAR = new Map();
for (const keys of table.keys) {
  const rows = [keys.slice(0, 12), keys.slice(12, 23), keys.slice(23)];
  rows.forEach((letters, row) => {
    [...letters].forEach((letter, column) => {
      const near = rows
        .slice(Math.max(0, row - 1), row + 2)
        .flatMap((other) => [...other.slice(Math.max(0, column - 1), column + 2)]);
      NEAR.set(letter, new Set(near));
    });
  });
}
for (const pair of table.alike.split(" ")) {
  for (const letter of pair) {
    const near = NEAR.get(letter) ?? new Set();
    for (const other of pair) near.add(other);
    NEAR.set(letter, near);
  }
}

/** @param {string} word folded */
export const sound = (word) =>
  SOUNDS.reduce((text, [pattern, replacement]) => text.replace(pattern, replacement), word)
    .replace(/(.)\1+/gu, "$1")
    .replace(/(?<=[aiu])h$/, "");

/** @param {number} length of the sounds: what errors in them may cost */
export const budget = (length) => (length < MIN_LENGTH ? 0 : length < 6 ? 3 : length < 8 ? 5 : 6);

/** @param {string} sounds whose consonants are returned as bits; some letters share one */
export function consonants(sounds) {
  let bits = 0;
  for (const letter of sounds) {
    if (!VOWELS.has(letter)) bits |= 1 << (letter.charCodeAt(0) & 31);
  }
  return bits;
}

/**
 * Return whether an error cost of *allowed* may be enough, by the sets of consonants.
 *
 * @param {number} typed
 * @param {number} held
 * @param {number} allowed
 */
export function mayBeWithin(typed, held, allowed) {
  let missing = typed & ~held;
  let count = 0;
  for (; missing; count++) missing &= missing - 1;
  return CONSONANT * count <= allowed;
}

/**
 * Return whether *typed* is *held* with a feminine ending: another word, and no error.
 *
 * @param {string} typed
 * @param {string} held
 */
export const isFeminine = (typed, held) =>
  typed.length > held.length &&
  typed.startsWith(held) &&
  typed.endsWith("ا") &&
  [...typed.slice(held.length)].every((letter) => VOWELS.has(letter));

/**
 * Return what it costs to make *held*, or any beginning of it, of *typed*; `Infinity` where more
 * than *allowed*.
 *
 * @param {string} typed
 * @param {string} held
 * @param {number} allowed
 * @param {boolean} [prefix]
 */
export function errorCost(typed, held, allowed, prefix) {
  if (!prefix && VOWEL * Math.abs(typed.length - held.length) > allowed) return Infinity;
  const weights = [...held].map(weightOf);
  let row = [0];
  for (const weight of weights) row.push(/** @type {number} */ (row.at(-1)) + weight);
  /** @type {number[]} */
  let above = [];
  let before = "";
  for (const letter of typed) {
    const weight = weightOf(letter);
    const near = NEAR.get(letter);
    const twoAbove = above;
    above = row;
    row = [at(above, 0) + weight];
    for (let index = 0; index < held.length; index++) {
      const other = held[index] ?? "";
      if (letter === other) {
        row.push(at(above, index));
        continue;
      }
      const otherWeight = at(weights, index);
      const swap = weight + otherWeight === 2 * VOWEL ? VOWEL : near?.has(other) ? CONSONANT : FAR;
      let cost = Math.min(
        at(above, index) + swap,
        at(above, index + 1) + weight,
        at(row, index) + otherWeight,
      );
      if (index && before === other && letter === held[index - 1]) {
        cost = Math.min(cost, at(twoAbove, index - 1) + CONSONANT);
      }
      row.push(cost);
    }
    if (Math.min(...row) > allowed && Math.min(...above) > allowed) return Infinity;
    before = letter;
  }
  const cost = prefix ? Math.min(...row) : at(row, held.length);
  return cost <= allowed ? cost : Infinity;
}

/** @param {string} letter */
const weightOf = (letter) => (VOWELS.has(letter) ? VOWEL : CONSONANT);

/**
 * @param {number[]} numbers
 * @param {number} index
 */
const at = (numbers, index) => /** @type {number} */ (numbers[index]);
