import { coreWords, fold, stripGenericWords } from "./search-words.js";

/**
 * Mark the words of *element* that match: whole ones, as a mark inside a word would break the joining
 * of Arabic letters. A generic word is marked only where nothing else was typed.
 *
 * @param {Element} element
 * @param {string} query
 */
export function markMatches(element, query) {
  const folded = fold(query);
  const core = coreWords(folded);
  const typed = core.length ? core : folded.split(" ");
  const parts = (element.textContent ?? "").split(/(\s+)/).map((word) => {
    const text = fold(word);
    const starts = [text, stripGenericWords(text)];
    const isGeneric = core.length && !coreWords(text).length;
    if (
      !text ||
      isGeneric ||
      !typed.some((part) => starts.some((start) => start.startsWith(part)))
    ) {
      return word;
    }
    return Object.assign(document.createElement("mark"), { textContent: word });
  });
  element.replaceChildren(...parts);
}
