// The banks of the market, by the rules of banks/search.py and its table.

import table from "../../banks/search_table.json" with { type: "json" };
import { AMBIGUOUS, fold, stripGenericWords } from "./search-words.js";

/** @typedef {string[]} Known a bank of the market: its names in English and Arabic, and others */

/** @type {Known[]} */
export const KNOWN = table.banks;
/** @type {Map<string, Known>} */
const BY_CORE = new Map();
for (const names of [...KNOWN.map((bank) => bank.slice(0, 2)), ...KNOWN]) {
  const bank = KNOWN.find((one) => one[0] === names[0]) ?? names;
  for (const name of names) {
    const core = stripGenericWords(fold(name));
    if (!BY_CORE.has(core)) BY_CORE.set(core, bank);
  }
}

/**
 * Return the known bank that one of *names* names, or holds the name of: the whole name before a part
 * of it, and the longest part.
 *
 * @param {string[]} names folded
 * @returns {Known | undefined}
 */
export function knownBank(names) {
  const cores = names.map(stripGenericWords);
  const whole = cores.find((core) => BY_CORE.has(core));
  if (whole) return BY_CORE.get(whole);
  for (const core of cores) {
    const words = core.split(" ");
    for (let length = words.length - 1; length; length--) {
      for (let start = 0; start <= words.length - length; start++) {
        const known = BY_CORE.get(words.slice(start, start + length).join(" "));
        if (known && (length > 1 || !AMBIGUOUS.has(words[start] ?? ""))) return known;
      }
    }
  }
  return undefined;
}
