// Finding a bank by what is typed: the rules of banks/search.py, word for word. One file of vectors
// in the tests holds both to the same answers.

const GENERIC = "bank banking corporation banque بنك مصرف al el ال of the and for by".split(" ");

const fold = (text) => text.normalize("NFKD").toLowerCase()
  .replace(/ٱ/g, "ا").replace(/[ىی]/g, "ي").replace(/ة/g, "ه").replace(/ک/g, "ك")
  .replace(/[\p{Mn}\u0640]/gu, "")
  .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15)
  .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

const core = (folded) => folded.split(" ")
  .map((word) => (word.length > 4 ? word.replace(/^(al|ال|لل)/, "") : word))
  .filter((word) => !GENERIC.includes(word)).join(" ") || folded;

const forms = (folded) => [...new Set([folded, core(folded)])];

// A form of a name, taken apart once, so that a keystroke over many banks stays cheap.
const parse = (text) => ({ text, whole: text.replaceAll(" ", ""), words: text.split(" ") });

const hasWord = (words, part) => words.some((word) => word.startsWith(part));

// 0 is an exact match, 1 a prefix, 2 the start of each word, 3 a part.
function rank(form, query) {
  if (form.whole.startsWith(query.whole)) return form.whole === query.whole ? 0 : 1;
  if (query.words.every((part) => hasWord(form.words, part))) return 2;
  return query.whole.length > 2 && form.text.includes(query.text) ? 3 : Infinity;
}

// The entries in which each word starts a word in some form, or is the country that identifiers
// end in.
function mixingNames(entries, query) {
  const parts = query.words.map((word) => word.replace(/^(saudi|ksa|سعودي).*/, "sau"));
  return entries.filter((entry) => parts
    .every((part) => entry.forms.some((form) => hasWord(form.words, part))));
}

const sound = (text) => text.replace(/[ey]/g, "i").replace(/o/g, "u").replace(/[cq]/g, "k")
  .replace(/(.)\1+/gu, "$1");

function slips(form, query) {
  const heard = query.heard ??= sound(query.whole);
  const allowed = [-1, -1, -1, 0, 1, 1, 1, 1][heard.length] ?? 2;
  form.starts ??= form.words.map((_, at) => sound(form.words.slice(at).join("")));
  // Each letter that a name lacks costs a slip, so most names are out before they are compared.
  let count = [...heard].filter((letter) => !form.starts[0].includes(letter)).length;
  for (; count <= allowed; count++) {
    // What is no more than a generic word with slips would find every bank.
    if (form.starts.some((start, at) => begins(start, heard, count)
      && !(GENERIC.includes(form.words[at]) && begins(sound(form.words[at]), heard, count)))) return count;
  }
  return Infinity;
}

function begins(text, typed, count) {
  if (typed.length <= count) return true;
  if (text[0] === typed[0]) return begins(text.slice(1), typed.slice(1), count);
  if (!count) return false;
  return begins(text.slice(1), typed.slice(1), count - 1)
    || begins(text, typed.slice(1), count - 1)
    || begins(text.slice(1), typed, count - 1)
    || (text.startsWith(typed[1] + typed[0]) && begins(text.slice(2), typed.slice(2), count - 1));
}

// Entries are {forms}; the answer is those that match, best first. What was typed counts for more
// than the core of it.
function search(entries, query) {
  const wanted = forms(fold(query.slice(0, 80)).slice(0, 80)).map(parse);
  if (!wanted[0].text) return entries;
  const best = (judge) => entries
    .map((entry) => [Math.min(...wanted.map((text, at) => Math.min(...entry.forms
      .map((form) => judge(form, text))) * 2 + at)), entry])
    .filter(([value]) => value < Infinity).sort(([one], [other]) => one - other).map(([, entry]) => entry);
  let found = best(rank);
  if (!found.length) found = mixingNames(entries, wanted.at(-1));
  return found.length ? found : best(slips);
}

const entryOf = (keys) => ({ forms: [...new Set(keys.flatMap(forms))].map(parse) });

// Marks whole words: a mark inside a word would break the joining of Arabic letters.
function mark(element, query) {
  const typed = query.split(" ").flatMap(forms);
  element.replaceChildren(...element.textContent.split(/(\s+)/).map((word) => {
    const starts = forms(fold(word));
    if (!typed.some((part) => hasWord(starts, part))) return word;
    return Object.assign(document.createElement("mark"), { textContent: word });
  }));
}
