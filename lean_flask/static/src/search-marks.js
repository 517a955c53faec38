import { coreWords, fold, stripGenericWords } from "./search-words.js";

/**
 * Mark the words of *elements* that match: whole ones, as a mark inside a word would break the joining
 * of Arabic letters. A generic word is marked only where nothing else was typed.
 *
 * @param {Iterable<Element>} elements
 * @param {string} query
 */
export function markMatches(elements, query) {
  const folded = fold(query);
  const core = coreWords(folded);
  const typed = core.length ? core : folded.split(" ");
  for (const element of elements) mark(element, typed, core.length > 0);
}

/**
 * @param {Element} element
 * @param {string[]} typed
 * @param {boolean} isTelling whether they tell banks apart
 */
function mark(element, typed, isTelling) {
  const parts = (element.textContent ?? "").split(/(\s+)/).map((word) => {
    const text = fold(word);
    const starts = [text, stripGenericWords(text)];
    const isGeneric = isTelling && !coreWords(text).length;
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
