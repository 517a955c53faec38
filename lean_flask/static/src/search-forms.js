// The texts that find banks, and lists of matches, by the rules of banks/matching.py.

/** @typedef {[text: string, kind: number]} Text folded, and what it is to its bank */
/** @typedef {{ value: number, entry: number }} Match a bank by its place; a smaller value is better */
/** @typedef {((entry: number) => boolean) | undefined} Allowed whether a bank counts */

/**
 * One text that finds a bank.
 *
 * @typedef {object} Form
 * @property {string} text
 * @property {string} joined the text without spaces
 * @property {number} entry the place of the bank
 * @property {number} kind
 * @property {boolean} isCore whether it is without generic words
 */

/** What a text is to its bank, what counts most first. */
export const NAME = 0;
export const ALIAS = 1;
export const CODE = 2;
export const INITIALS = 3;

/** How a name matches, best first. */
export const EXACT = 0;
export const PREFIX = 1;
export const WORDS = 2;
export const INSIDE = 3;

/** @param {Match} match */
export const rankOf = (match) => match.value >> 4;

/** @param {Match} match */
export const kindOf = (match) => (match.value >> 2) & 3;

/** @param {string} text */
export const joinedOf = (text) => text.replaceAll(" ", "");

/**
 * @template T
 * @param {Map<string, T[]>} lists
 * @param {string} key
 * @param {T} value
 */
export function append(lists, key, value) {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}

/**
 * @param {Map<number, number>} best
 * @param {number} entry
 * @param {number} value
 * @param {Allowed} allowed
 */
export function addLess(best, entry, value, allowed) {
  if (value < (best.get(entry) ?? Infinity) && (!allowed || allowed(entry))) best.set(entry, value);
}

/**
 * @param {Map<number, number>} best
 * @returns {Match[]} best first, then in the order of the list
 */
export const matchesOf = (best) =>
  [...best]
    .map(([entry, value]) => ({ entry, value }))
    .sort((one, other) => one.value - other.value || one.entry - other.entry);

/**
 * Return what all of *lists* have.
 *
 * @template T
 * @param {(() => T[])[]} lists each made only if those before it have something in common
 * @returns {Set<T>}
 */
export function common(lists) {
  /** @type {Set<T> | undefined} */
  let found;
  for (const list of lists) {
    const before = found;
    found = new Set(before ? list().filter((one) => before.has(one)) : list());
    if (!found.size) break;
  }
  return found ?? new Set();
}

/**
 * Return *texts* without repeats, each of the kind that counts most.
 *
 * @param {Text[]} texts
 */
export function firstOfEach(texts) {
  /** @type {Map<string, number>} */
  const kept = new Map();
  for (const [text, kind] of texts) {
    if (text && kind < (kept.get(text) ?? Infinity)) kept.set(text, kind);
  }
  return kept;
}

/**
 * @param {string} one
 * @param {string} other
 */
export const compare = (one, other) => (one < other ? -1 : one > other ? 1 : 0);

/**
 * Return the first place below *count* at which *isThere*, which stays true from then on.
 *
 * @param {number} count
 * @param {(at: number) => boolean} isThere
 */
export function firstAt(count, isThere) {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isThere(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}
