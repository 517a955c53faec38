// Finding a bank by what is typed: the rules of banks/search.py, word for word. One file of vectors
// in the tests holds both to the same results.

/**
 * A form of a name, taken apart once, so that a keystroke over many banks stays cheap.
 *
 * @typedef {object} Form
 * @property {string} text
 * @property {string} whole the text without blanks
 * @property {string[]} words
 * @property {string} [key] phonetic, of the whole
 * @property {string[]} [starts] phonetic keys of the text from each word on
 */

/** @typedef {{ forms: Form[] }} Entry */

const GENERIC_TERMS = "bank banking corporation banque بنك مصرف al el ال of the and for by".split(
  " ",
);
const MAX_QUERY_LENGTH = 100;

/** How a form matches, best first. */
const RANK_EXACT = 0;
const RANK_PREFIX = 1;
const RANK_WORDS = 2;
const RANK_INSIDE = 3;

/**
 * Return the value of a decimal digit of any script: Unicode keeps each script's ten in a row.
 *
 * @type {(digit: string) => any} a number
 */
const digitValue = (digit) => {
  const before = String.fromCodePoint(/** @type {number} */ (digit.codePointAt(0)) - 1);
  return /\p{Nd}/u.test(before) ? (digitValue(before) + 1) % 10 : 0;
};

/**
 * Return *text* in the one form in which texts are compared.
 *
 * @param {string} text
 */
export const fold = (text) =>
  text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/ٱ/g, "ا")
    .replace(/[ىی]/g, "ي")
    .replace(/ة/g, "ه")
    .replace(/ک/g, "ك")
    .replace(/[\p{Mn}\u0640]/gu, "")
    .replace(/\p{Nd}/gu, digitValue)
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** @param {string} folded */
const stripGenericWords = (folded) =>
  folded
    .split(" ")
    .map((word) => (word.length > 4 ? word.replace(/^(al|ال|لل)/, "") : word))
    .filter((word) => !GENERIC_TERMS.includes(word))
    .join(" ") || folded;

/** @param {string} folded */
const variants = (folded) => [...new Set([folded, stripGenericWords(folded)])];

/**
 * @param {string} text
 * @returns {Form}
 */
const parse = (text) => ({ text, whole: text.replaceAll(" ", ""), words: text.split(" ") });

/**
 * @param {string[]} words
 * @param {string} part
 */
const hasWord = (words, part) => words.some((word) => word.startsWith(part));

/**
 * Return how well *form* matches; `Infinity` where it does not.
 *
 * @param {Form} form
 * @param {Form} query
 */
function rank(form, query) {
  if (form.whole === query.whole) return RANK_EXACT;
  if (form.whole.startsWith(query.whole)) return RANK_PREFIX;
  if (query.words.every((part) => hasWord(form.words, part))) return RANK_WORDS;
  return query.whole.length > 2 && form.text.includes(query.text) ? RANK_INSIDE : Infinity;
}

/**
 * Return the entries in which each word starts a word of some name, or is the country that
 * identifiers end in.
 *
 * @template {Entry} T
 * @param {T[]} entries
 * @param {Form} query
 */
function matchesAcrossNames(entries, query) {
  const parts = query.words.map((word) => word.replace(/^(saudi|ksa|سعودي).*/, "sau"));
  return entries.filter((entry) =>
    parts.every((part) => entry.forms.some((form) => hasWord(form.words, part))),
  );
}

/** @param {string} text */
const phoneticKey = (text) =>
  text
    .replace(/[ey]/g, "i")
    .replace(/o/g, "u")
    .replace(/[cq]/g, "k")
    .replace(/(.)\1+/gu, "$1");

/**
 * Return how many slips of the finger lie between *query* and *form*; `Infinity` where too many.
 *
 * @param {Form} form
 * @param {Form} query
 */
function typoDistance(form, query) {
  query.key ??= phoneticKey(query.whole);
  form.starts ??= form.words.map((_, at) => phoneticKey(form.words.slice(at).join("")));
  const { key } = query;
  const { starts, words } = form;
  const allowed = [-1, -1, -1, 0, 1, 1, 1, 1][key.length] ?? 2;
  // Each letter that a name lacks costs a slip, so most names are out before they are compared.
  let count = [...key].filter((letter) => !starts[0]?.includes(letter)).length;
  for (; count <= allowed; count++) {
    // What is no more than a generic word with slips would find every bank.
    /** @type {(word?: string) => boolean | undefined | ""} */
    const isGeneric = (word) =>
      word && GENERIC_TERMS.includes(word) && fuzzyPrefix(phoneticKey(word), key, count);
    if (starts.some((start, at) => fuzzyPrefix(start, key, count) && !isGeneric(words[at]))) {
      return count;
    }
  }
  return Infinity;
}

/**
 * Return whether *text* begins with *typed*, but for *count* slips.
 *
 * @param {string} text
 * @param {string} typed
 * @param {number} count
 * @returns {boolean}
 */
function fuzzyPrefix(text, typed, count) {
  if (typed.length <= count) return true;
  if (text[0] === typed[0]) return fuzzyPrefix(text.slice(1), typed.slice(1), count);
  if (!count) return false;
  return (
    fuzzyPrefix(text.slice(1), typed.slice(1), count - 1) ||
    fuzzyPrefix(text, typed.slice(1), count - 1) ||
    fuzzyPrefix(text.slice(1), typed, count - 1) ||
    (text.startsWith(`${typed[1]}${typed[0]}`) &&
      fuzzyPrefix(text.slice(2), typed.slice(2), count - 1))
  );
}

/**
 * Return the entries that match, best first. What was typed counts for more than what is left of it
 * without generic words.
 *
 * @template {Entry} T
 * @param {T[]} entries
 * @param {string} query
 * @returns {T[]}
 */
export function search(entries, query) {
  const folded = fold(fold(query.slice(0, MAX_QUERY_LENGTH)).slice(0, MAX_QUERY_LENGTH));
  const wanted = variants(folded).map(parse);
  const last = wanted.at(-1);
  if (!folded || !last) return entries;
  /** @type {(judge: (form: Form, query: Form) => number) => T[]} */
  const best = (judge) =>
    entries
      .map((entry) => {
        const values = wanted.map(
          (text, at) => Math.min(...entry.forms.map((form) => judge(form, text))) * 2 + at,
        );
        return { entry, value: Math.min(...values) };
      })
      .filter(({ value }) => value < Infinity)
      .sort((one, other) => one.value - other.value)
      .map(({ entry }) => entry);
  let found = best(rank);
  if (!found.length) found = matchesAcrossNames(entries, last);
  return found.length ? found : best(typoDistance);
}

/**
 * @param {string[]} keys folded
 * @returns {Entry}
 */
export const entryOf = (keys) => ({ forms: [...new Set(keys.flatMap(variants))].map(parse) });

/**
 * Mark the words of *element* that match: whole ones, as a mark inside a word would break the joining
 * of Arabic letters.
 *
 * @param {Element} element
 * @param {string} query folded
 */
export function markMatches(element, query) {
  const typed = query.split(" ").flatMap(variants);
  const parts = (element.textContent ?? "").split(/(\s+)/).map((word) => {
    const starts = variants(fold(word));
    if (!typed.some((part) => hasWord(starts, part))) return word;
    return Object.assign(document.createElement("mark"), { textContent: word });
  });
  element.replaceChildren(...parts);
}
