// The words of bank names, by the rules of banks/words.py and its table.

import table from "../../banks/search_table.json" with { type: "json" };

/** @param {string} text */
const wordsOf = (text) => text.split(" ");

const ARTICLES = new Set(wordsOf(table.articles));
export const GENERIC_TERMS = wordsOf(table.generic);
const STOP_WORDS = new Set(wordsOf(table.small));
const GENERIC_WORDS = new Set([...GENERIC_TERMS, ...STOP_WORDS, ...ARTICLES]);
const LETTERS = new Map(
  [...(table.letters[0] ?? "")].map((from, at) => [from, table.letters[1]?.[at]]),
);
const JOINED_BANK = new RegExp(table.joined);
/** Stands for letters that take two units of UTF-16: no bank's name has one. */
const FAR_LETTER = "ꀀ";

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
    .replace(/[\u0671-\u06d5]/g, (letter) => LETTERS.get(letter) ?? letter)
    .replace(/[ىة]/g, (letter) => LETTERS.get(letter) ?? letter)
    .replace(/[\p{Mn}\u0640]/gu, "")
    .replace(/\p{Nd}/gu, digitValue)
    .replace(/[\u{10000}-\u{10ffff}]/gu, (letter) =>
      /[\p{L}\p{N}]/u.test(letter) ? FAR_LETTER : letter,
    )
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();

/** @param {string} word */
export const stripArticle = (word) =>
  word.length > 5 && /^[بوفك]ال/.test(word)
    ? word.slice(3)
    : word.length > 4
      ? word.replace(/^(?:[ae]l|ال|لل)/, "")
      : word;

/** @param {string} folded */
export const articleFree = (folded) =>
  wordsOf(folded)
    .map(stripArticle)
    .filter((word) => !ARTICLES.has(word));

/**
 * Return the words that tell banks apart.
 *
 * @param {string} folded
 */
export const coreWords = (folded) =>
  wordsOf(folded)
    .map((word) => stripArticle(word.length > 6 ? word.replace(JOINED_BANK, "") : word))
    .filter((word) => word && !GENERIC_WORDS.has(word));

/** @param {string} folded */
export const stripGenericWords = (folded) => coreWords(folded).join(" ") || folded;

/** @param {string} folded */
export const initials = (folded) => {
  const words = wordsOf(folded).filter((word) => !STOP_WORDS.has(word));
  return words.length > 2 && isAscii(folded) ? words.map((word) => word[0]).join("") : "";
};

/** @param {string} text */
export const isAscii = (text) => !/[^\0-\x7f]/.test(text);

/** @param {string} text */
const foldedWords = (text) => new Set(wordsOf(fold(text)).map(stripArticle));

export const FILLERS = foldedWords(table.fillers);
export const ELSEWHERE = foldedWords(table.elsewhere);
export const COMPANIES = foldedWords(table.companies);
export const AMBIGUOUS = new Set(table.ambiguous.split(", ").map(fold));
