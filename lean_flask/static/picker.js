// The bank picker in the browser. The page is complete without it, but for the last step: opening
// Lean's window. Every text comes from the page's templates, so nothing here is in any language.

const RECENT = "lean-picker:recent";
export const RETURNING = "lean-picker:flow";
const LOADER_PATIENCE = 8000;
const LOADER_GRACE = 500;
export const WINDOW_PATIENCE = 4000;
const REDIRECT_PATIENCE = 1500;
const MARKED = 40;

// Why a launch is refused: for these the server has a page of its own, those are not the bank's fault.
const ENDED = ["expired", "foreign", "completed"];
const LEFT = ["CANCELLED", "LINK_CLOSED_PROGRAMMATICALLY"];
const GONE = ["unavailable", "unknown"];
const TROUBLE = ["upstream", "offline"];

// Search: the rules of lean_flask/banks/search.py, word for word.

const LETTERS = { ٱ: "ا", ى: "ي", ة: "ه", ک: "ك", ی: "ي" };
const GENERIC = ["bank", "banque", "بنك", "مصرف"];
const ARTICLES = ["al", "el", "the", "ال"];

const plain = (text) => text.normalize("NFKD").toLowerCase()
  .replace(/[ٱىةکی]/g, (letter) => LETTERS[letter])
  .replace(/[\p{Mn}\u0640]/gu, "")
  .replace(/[٠-٩۰-۹]/g, (digit) => digit.charCodeAt(0) & 15)
  .replace(/[^\p{L}\p{N}]/gu, " ");

export const fold = (text) => plain(text).split(" ").filter(Boolean).join(" ");

const joined = (text) => text.replaceAll(" ", "");

function core(folded) {
  const words = folded.split(" ").filter((word) => !ARTICLES.includes(word))
    .map((word) => (word.length > 4 && /^(al|ال)/.test(word) ? word.slice(2) : word));
  return words.filter((word) => !GENERIC.includes(word)).join(" ") || folded;
}

const forms = (folded) => [...new Set([folded, core(folded)])];

// A form of a name, taken apart once, so that a keystroke over many banks stays cheap.
const parse = (text) => ({ text, whole: joined(text), words: text.split(" ") });

// 0 is an exact match, 1 a prefix, 2 the start of each word, 3 a part.
function rank(form, query) {
  if (form.whole.startsWith(query.whole)) return form.whole === query.whole ? 0 : 1;
  const starts = (part) => form.words.some((word) => word.startsWith(part));
  if (query.words.every(starts)) return 2;
  return query.whole.length > 2 && form.text.includes(query.text) ? 3 : Infinity;
}

function slips(form, query) {
  const heard = query.heard ??= sound(query.whole);
  const allowed = [-1, -1, -1, 0, 1, 1, 1, 1][heard.length] ?? 2;
  form.starts ??= form.words.map((_, position) => sound(form.words.slice(position).join("")));
  for (let count = 0; count <= allowed; count++) {
    if (form.starts.some((start) => begins(start, heard, count))) return count;
  }
  return Infinity;
}

const sound = (text) => text.replace(/[ey]/g, "i").replace(/o/g, "u").replace(/[cq]/g, "k")
  .replace(/(.)\1+/gu, "$1");

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
export function search(entries, query) {
  const wanted = forms(fold(query.slice(0, 80))).map(parse);
  if (!wanted[0].text) return entries;
  const best = (judge) => {
    const score = (entry) => {
      let lowest = Infinity;
      for (const form of entry.forms) {
        wanted.forEach((text, place) => { lowest = Math.min(lowest, judge(form, text) * 2 + place); });
      }
      return lowest;
    };
    return entries.map((entry) => [score(entry), entry]).filter(([value]) => value < Infinity)
      .sort(([one], [other]) => one - other).map(([, entry]) => entry);
  };
  const found = best(rank);
  return found.length ? found : best(slips);
}

export const entryOf = (keys) => ({ forms: [...new Set(keys.flatMap(forms))].map(parse) });

// Marks whole words: a mark inside a word would break the joining of Arabic letters.
function mark(element, query) {
  const typed = query ? query.split(" ").flatMap(forms) : [];
  const words = element.textContent.split(/(\s+)/).map((word) => {
    const starts = forms(fold(word));
    if (!typed.some((part) => starts.some((start) => start.startsWith(part)))) return word;
    const marked = document.createElement("mark");
    marked.textContent = word;
    return marked;
  });
  element.replaceChildren(...words);
}

// Lean's loader: one script tag for the whole document, and a new one after a failure.

let loading;

export function loadLean(source) {
  loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const settle = () => {
      clearInterval(watch);
      clearTimeout(late);
      if (window.Lean) return resolve();
      script.remove();
      loading = undefined;
      return reject(problem("blocked"));
    };
    const watch = setInterval(() => window.Lean && settle(), 50);
    const late = setTimeout(settle, LOADER_PATIENCE);
    script.onerror = settle;
    script.onload = () => setTimeout(settle, LOADER_GRACE); // a blocker may have emptied it
    script.src = source;
    if (!window.Lean) document.head.append(script);
  });
  return loading;
}

const problem = (reason) => Object.assign(new Error(reason), { reason });

export async function post(url, body, options) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "application/json" },
    body: JSON.stringify(body),
    ...options,
  }).catch(() => { throw problem("offline"); });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw problem(answer.reason);
  return answer;
}

// Whether something lies over the page, as far as a page can tell.
const isCovered = () => [...document.querySelectorAll("iframe, dialog, [role=dialog]")]
  .some((part) => part.offsetHeight > 99 && getComputedStyle(part).visibility === "visible");

const isOff = (button) => button.hasAttribute("aria-disabled");

class Picker {
  constructor(main) {
    this.main = main;
    this.data = main.dataset;
    this.input = this.find("#query");
    this.form = this.find("#banks");
    this.all = this.find("#all");
    this.lines = this.find("#lines").content;
    this.entries = [...(this.all?.children ?? [])].map((item) => {
      const button = item.querySelector("button");
      const names = [...item.querySelectorAll("bdi")].map((name) => name.textContent);
      const keys = [...names, button.value].map(fold).concat(button.dataset.keys.split("|"));
      return { item, button, type: item.dataset.type, ...entryOf(keys) };
    });
    this.listen();
    this.showRecent();
    this.dropBrokenLogos();
    loadLean(this.data.loader).catch(() => {});
    this.tell("picker_viewed", { state: this.data.state, results: this.entries.length });
    if (this.data.state === "missing") this.tell("list_missing");
    if (this.input?.value) this.filter();
    if (this.data.preselected) this.launch(JSON.parse(this.data.preselected), this.data.bank);
    else if (matchMedia("(hover: hover) and (pointer: fine)").matches) this.input?.focus();
  }

  find(selector) {
    return this.main.querySelector(selector);
  }

  listen() {
    const { main, form, input } = this;
    const on = (target, type, act) => target?.addEventListener(type, act);
    on(form, "submit", (event) => {
      event.preventDefault();
      this.choose(event.submitter);
    });
    on(form, "change", () => this.filter());
    on(form, "keydown", (event) => this.moveBetweenRows(event));
    on(input?.form, "submit", (event) => event.preventDefault());
    on(input, "input", () => this.filter());
    on(input, "keydown", (event) => this.keyInSearch(event));
    on(this.find(".language"), "click", (event) => this.keepQuery(event.currentTarget));
    on(main, "click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (button) this[button.dataset.do](button);
    });
    on(window, "pageshow", (event) => event.persisted && this.list());
  }

  tell(name, detail = {}) {
    const { method, language } = this.data;
    this.main.dispatchEvent(new CustomEvent(`lean:${name}`, {
      bubbles: true, composed: true, detail: { method, language, ...detail },
    }));
  }

  // Texts

  fill(root, values) {
    const each = (name, act) => root.querySelectorAll(`[data-${name}]`)
      .forEach((part) => act(part, part.dataset[name]));
    each("needs", (part, name) => values[name] || part.remove());
    each("lacks", (part, name) => values[name] && part.remove());
    each("fill", (part, name) => { part.textContent = values[name] ?? ""; });
    each("href", (part, name) => { part.href = values[name]; });
    const causes = [...root.querySelectorAll("[data-for]")];
    const fits = (part) => part.dataset.for.split(" ").some((code) => values.status?.includes(code));
    const cause = causes.find(fits) ?? causes.at(-1);
    causes.forEach((part) => part === cause || part.remove());
    return root;
  }

  line(name, values = {}) {
    return this.fill(this.lines.querySelector(`[data-line=${name}]`).cloneNode(true), values);
  }

  announce(text) {
    this.find("#status").textContent = text;
  }

  note(name) {
    const line = this.find("#line");
    line.hidden = !name;
    line.replaceChildren(...(name ? this.line(name).childNodes : []));
    if (name) this.announce(line.textContent);
  }

  // The list

  filter() {
    const query = fold(this.input.value);
    const chosen = this.form.elements.type?.value;
    const found = search(this.entries.filter(({ type }) => !type || !chosen || type === chosen), query);
    const kept = new Set(found);
    const best = query ? found.slice(0, MARKED) : [];
    const remark = ({ item }, text) => {
      item.querySelectorAll(".name, .other").forEach((name) => mark(name, text));
    };
    this.entries.forEach((entry) => {
      if (entry.item.hidden === kept.has(entry)) entry.item.hidden = !kept.has(entry);
    });
    this.best?.forEach((entry) => remark(entry, ""));
    best.forEach((entry) => remark(entry, query));
    this.best = best;
    if (query) this.all.prepend(...best.map(({ item }) => item));
    else this.all.append(...this.entries.map(({ item }) => item));
    this.all.parentElement.hidden = !found.length;
    this.main.classList.toggle("searching", query);
    this.fill(this.find("#empty"), { query: this.input.value.trim() }).hidden = found.length;
    this.found = found;
    clearTimeout(this.settled);
    this.settled = setTimeout(() => this.announceCount(found.length), 500);
  }

  announceCount(count) {
    if (!count) this.tell("search_empty", { results: 0 });
    const form = new Intl.PluralRules(this.data.language).select(count);
    const said = count ? this.line(`count-${form}`, { num: count }) : this.find("#empty h2");
    this.announce(said.textContent);
  }

  keyInSearch(event) {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      this.rows()[0]?.focus();
    } else if (event.key === "Escape" && this.input.value) {
      event.preventDefault();
      this.clear();
    } else if (event.key === "Enter" && !event.isComposing && this.input.value) {
      const available = (this.found ?? []).filter(({ button }) => !isOff(button));
      if (available.length === 1) this.choose(available[0].button);
    }
  }

  rows() {
    return [...this.form.querySelectorAll(".row")].filter((row) => row.offsetParent);
  }

  moveBetweenRows(event) {
    const rows = this.rows();
    const place = rows.indexOf(event.target.closest(".row"));
    const next = { ArrowDown: place + 1, ArrowUp: place - 1, Home: 0, End: rows.length - 1 }[event.key];
    if (place < 0 || next === undefined) return;
    event.preventDefault();
    (rows[next] ?? (next < 0 ? this.input : rows[place])).focus();
  }

  clear() {
    this.input.value = "";
    this.filter();
    this.input.focus();
  }

  keepQuery(link) {
    const url = new URL(link.href);
    if (this.input?.value) url.searchParams.set("q", this.input.value);
    link.href = url;
  }

  dropBrokenLogos() {
    this.main.querySelectorAll(".tile img").forEach((logo) => {
      logo.onerror = () => logo.remove();
      if (logo.complete && !logo.naturalWidth) logo.remove();
    });
  }

  // Banks used before are kept in this browser only.

  remembered() {
    try {
      return [...JSON.parse(localStorage.getItem(RECENT))];
    } catch {
      return [];
    }
  }

  remember(identifier) {
    const recent = [...new Set([identifier, ...this.remembered()])].filter(Boolean).slice(0, 3);
    try {
      localStorage.setItem(RECENT, JSON.stringify(recent));
    } catch { /* A browser that stores nothing only loses the shortcut. */ }
  }

  showRecent() {
    const items = this.remembered()
      .map((identifier) => this.entries.find(({ button }) => button.value === identifier))
      .filter((entry) => entry && !isOff(entry.button)).map(({ item }) => item.cloneNode(true));
    if (!items.length) return;
    this.find("#recent ul").append(...items);
    this.find("#recent").hidden = false;
  }

  forget() {
    localStorage.removeItem(RECENT);
    this.find("#recent").hidden = true;
    this.input.focus();
  }

  // The choice

  choose(button) {
    if (this.busy) return;
    if (isOff(button)) this.explain(button, button.dataset.reason);
    else {
      const choice = button.name ? { [button.name]: button.value } : {};
      this.launch(choice, button.querySelector(".name")?.textContent, button);
    }
  }

  removeTips() {
    this.form.querySelectorAll(".tip").forEach((tip) => tip.remove());
  }

  // A row whose bank turned out, at the tap, not to be usable after all.
  markUnavailable(row) {
    if (!row?.matches(".row") || isOff(row)) return;
    row.setAttribute("aria-disabled", "true");
    row.dataset.reason = "unavailable";
    row.querySelector(".names").append(this.line("gone"));
  }

  explain(button, reason) {
    this.removeTips();
    const tip = this.line(reason);
    tip.className = "tip";
    button.after(tip);
    this.announce(`${button.querySelector(".names").innerText}\n${tip.textContent}`);
    if (!TROUBLE.includes(reason)) this.tell("bank_unavailable", { bank_identifier: button.value, reason });
  }

  async launch(choice, bank, button) {
    if (this.busy) return;
    Object.assign(this, { chosen: choice, bank, button, abort: new AbortController() });
    this.start();
    this.tell("bank_selected", { bank_identifier: choice.bank_identifier });
    const { signal } = this.abort;
    try {
      const [answer] = await Promise.all([
        post(this.data.launch, { flow: this.data.flow, ...choice }, { signal }),
        loadLean(this.data.loader),
      ]);
      if (!signal.aborted) this.open(answer);
    } catch (error) {
      if (!signal.aborted) this.refused(error.reason);
    }
  }

  start() {
    this.busy = true;
    this.note("");
    this.removeTips();
    this.form.setAttribute("aria-busy", "true");
    this.button?.classList.add("chosen");
    const opening = this.find("#opening");
    const cancel = opening.querySelector("[data-do]");
    const line = opening.querySelector("[data-line]");
    line.textContent = this.line("opening", { bank: this.bank }).textContent;
    cancel.hidden = true;
    this.timers = [];
    this.later(150, () => {
      opening.hidden = this.find("#choice").hidden;
      this.announce(line.textContent);
    });
    this.later(5000, () => { opening.hidden = cancel.hidden = false; });
  }

  later(wait, act) {
    this.timers.push(setTimeout(act, wait));
  }

  stop() {
    this.busy = false;
    this.timers?.forEach(clearTimeout);
    this.form.removeAttribute("aria-busy");
    this.button?.classList.remove("chosen");
    this.find("#opening").hidden = true;
  }

  cancel() {
    this.abort.abort();
    this.list();
  }

  refused(reason) {
    if (ENDED.includes(reason)) return location.reload();
    if (reason === "blocked") {
      this.tell("loader_blocked");
      return this.show(reason);
    }
    this.list();
    if (GONE.includes(reason)) this.markUnavailable(this.button);
    const told = this.lines.querySelector(`[data-line=${reason}]`) ? reason : "upstream";
    return this.button?.matches(".row") ? this.explain(this.button, told) : this.note(told);
  }

  // Lean's window

  open({ method, config }) {
    const before = new Set(document.body.children);
    const isOpen = () => isCovered() || [...document.body.children].some((part) => !before.has(part));
    this.opened = Date.now();
    try {
      sessionStorage.setItem(RETURNING, this.data.flow); // tells the tabs apart on the way back
    } catch { /* Then the server's own memory decides. */ }
    this.later(WINDOW_PATIENCE, () => document.hidden || isOpen() || this.show("nothing"));
    try {
      window.Lean[method]({ ...config, callback: (data) => this.closed(data ?? {}) });
    } catch (error) {
      console.error(error);
      this.show("nothing");
    }
  }

  async closed(data) {
    const { status, secondary_status } = data;
    const { bank_identifier, is_supported } = data.bank ?? {};
    this.timers.forEach(clearTimeout);
    this.tell("flow_closed", { status, secondary_status, bank_identifier });
    const report = post(this.data.callback, { flow: this.data.flow, data }, { keepalive: true })
      .catch(() => ({}));
    if (is_supported !== false && LEFT.includes(status)) {
      this.list();
      this.note("cancelled");
      return;
    }
    const { next } = await report;
    const url = data.open_banking_redirect_url ?? "";
    const failed = { status: secondary_status, id: data.lean_correlation_id };
    if (is_supported === false) this.show("unsupported");
    else if (status === "SUCCESS") this.succeeded(next);
    else if (status === "REDIRECT") this.show("redirect", { url: url.startsWith("https://") && url });
    // A failure that comes at once may still be followed by the way to the bank.
    else this.later(this.opened + REDIRECT_PATIENCE - Date.now(), () => this.show("error", failed));
  }

  succeeded(next) {
    this.remember(this.chosen.bank_identifier);
    this.show("success", { next });
    if (next) setTimeout(() => location.assign(next), 2000);
  }

  // Screens

  show(name, values = {}) {
    this.stop();
    const screen = this.find("#screen");
    if (screen.hidden) this.scrolled = window.scrollY;
    const content = this.find(`#screen-${name}`).content.cloneNode(true);
    screen.replaceChildren(this.fill(content, { bank: this.bank, ...values }));
    screen.hidden = false;
    this.find("#choice").hidden = true;
    this.data.state = name;
    const heading = screen.querySelector("h1");
    heading.focus();
    this.announce(heading.textContent);
  }

  list() {
    this.stop();
    if (this.find("#choice").hidden) {
      this.find("#screen").hidden = true;
      this.find("#choice").hidden = false;
      window.scrollTo(0, this.scrolled ?? 0);
    }
    this.data.state = this.all ? "list" : "missing";
    (this.button ?? this.find("#choice h1")).focus({ preventScroll: true });
  }

  another() {
    this.cancel();
    this.button = undefined;
    this.input?.focus();
  }

  retry() {
    const { chosen, bank, button } = this;
    this.list();
    this.launch(chosen, bank, button);
  }

  async copy(button) {
    await navigator.clipboard?.writeText(this.find("[data-fill=id]").textContent);
    button.textContent = this.line("copied").textContent;
    this.announce(button.textContent);
  }
}

const main = globalThis.document?.getElementById("lean-picker");
if (main) new Picker(main);
