// Finding a bank by what is typed: the rules of banks/search.py, word for word. One file of vectors
// in the tests holds both to the same answers.

const LETTERS = { ٱ: "ا", ى: "ي", ة: "ه", ک: "ك", ی: "ي" };
const GENERIC = ["bank", "banque", "بنك", "مصرف"];
const ARTICLES = ["al", "el", "the", "ال"];

const fold = (text) => text.normalize("NFKD").toLowerCase()
  .replace(/[ٱىةکی]/g, (letter) => LETTERS[letter])
  .replace(/[\p{Mn}\u0640]/gu, "")
  .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15)
  .replace(/[^\p{L}\p{N}]+/gu, " ").trim();

function core(folded) {
  const words = folded.split(" ").filter((word) => !ARTICLES.includes(word))
    .map((word) => (word.length > 4 && /^(al|ال)/.test(word) ? word.slice(2) : word));
  return words.filter((word) => !GENERIC.includes(word)).join(" ") || folded;
}

const forms = (folded) => [...new Set([folded, core(folded)])];

// A form of a name, taken apart once, so that a keystroke over many banks stays cheap.
const parse = (text) => ({ text, whole: text.replaceAll(" ", ""), words: text.split(" ") });

// 0 is an exact match, 1 a prefix, 2 the start of each word, 3 a part.
function rank(form, query) {
  if (form.whole.startsWith(query.whole)) return form.whole === query.whole ? 0 : 1;
  const starts = (part) => form.words.some((word) => word.startsWith(part));
  if (query.words.every(starts)) return 2;
  return query.whole.length > 2 && form.text.includes(query.text) ? 3 : Infinity;
}

const sound = (text) => text.replace(/[ey]/g, "i").replace(/o/g, "u").replace(/[cq]/g, "k")
  .replace(/(.)\1+/gu, "$1");

function slips(form, query) {
  const heard = query.heard ??= sound(query.whole);
  const allowed = [-1, -1, -1, 0, 1, 1, 1, 1][heard.length] ?? 2;
  form.heard ??= sound(form.whole);
  form.starts ??= form.words.map((_, at) => sound(form.words.slice(at).join("")));
  // Each letter that a name lacks costs a slip, so most names are out before they are compared.
  let count = [...heard].filter((letter) => !form.heard.includes(letter)).length;
  for (; count <= allowed; count++) {
    if (form.starts.some((start) => begins(start, heard, count))) return count;
  }
  return Infinity;
}

function begins(text, typed, count) {
  if (typed.length <= count) return true;
  if (text[0] === typed[0]) return begins(text.slice(1), typed.slice(1), count);
  if (!count) return false;
  return begins(text.slice(1), typed.slice(1), count - 1)
    || begins(text, typed.slice(1), count - 1)
    || (text !== "" && begins(text.slice(1), typed, count - 1))
    || (typed.length > 1 && text.slice(0, 2) === typed[1] + typed[0]
      && begins(text.slice(2), typed.slice(2), count - 1));
}

// Entries are {forms}; the answer is those that match, best first. What was typed counts for more
// than the core of it.
function search(entries, query) {
  const wanted = forms(fold(query.slice(0, 80)).slice(0, 80)).map(parse);
  if (!wanted[0].text) return entries;
  const best = (judge) => {
    const score = ({ forms: all }) => {
      let least = Infinity;
      for (const form of all) {
        wanted.forEach((text, at) => { least = Math.min(least, judge(form, text) * 2 + at); });
      }
      return least;
    };
    return entries.map((entry) => [score(entry), entry]).filter(([value]) => value < Infinity)
      .sort(([one], [other]) => one - other).map(([, entry]) => entry);
  };
  const found = best(rank);
  return found.length ? found : best(slips);
}

const entryOf = (keys) => ({ forms: [...new Set(keys.flatMap(forms))].map(parse) });

// Marks whole words: a mark inside a word would break the joining of Arabic letters.
function mark(element, query) {
  const typed = query.split(" ").flatMap(forms);
  const words = element.textContent.split(/(\s+)/).map((word) => {
    const starts = forms(fold(word));
    if (!typed.some((part) => starts.some((start) => start.startsWith(part)))) return word;
    const marked = document.createElement("mark");
    marked.textContent = word;
    return marked;
  });
  element.replaceChildren(...words);
}
