// The bank picker in the browser. The page is complete without it, but for the last step: opening
// Lean's window. Every text comes from the page's templates, so nothing here is in any language.

const RECENT = "lean-picker:recent";
const REDIRECT_PATIENCE = 1500;
const AWAY = 300_000;
const AT_ONCE = 16;

// Why a launch is refused, where the server has a page of its own for it.
const ENDED = ["expired", "foreign", "completed"];
const LEFT = ["CANCELLED", "LINK_CLOSED_PROGRAMMATICALLY"];

const isOff = (row) => row.hasAttribute("aria-disabled");

// Whether something lies over the page, as far as a page can tell.
const isCovered = () => [...document.querySelectorAll("iframe")]
  .some((part) => part.offsetHeight > 99 && getComputedStyle(part).visibility === "visible");

class Picker {
  constructor(main) {
    this.main = main;
    this.data = main.dataset;
    this.input = this.$("#query");
    this.form = this.$("#choice");
    this.all = this.$("#all");
    this.results = document.createElement("ul");
    this.all?.after(this.results);
    this.lines = this.$("#lines").content;
    this.flow = this.form.flow.value;
    this.isPage = main.matches("main");
    this.seen = Date.now();
    this.turn = 0;
    this.entries = [...this.all?.children ?? []].map((item) => {
      const { value, dataset } = item.firstElementChild;
      item.hidden = false;
      const shown = [...item.querySelectorAll("bdi")].map((name) => name.textContent);
      const keys = [...shown, value].map(fold).concat(dataset.keys?.split("|") ?? []);
      return { item, ...entryOf(keys) };
    });
    this.listen();
    stored(() => this.showRecent());
    main.querySelectorAll(".tile img").forEach((logo) => logo.complete && !logo.naturalWidth && logo.remove());
    loadLean(this.data.loader).catch(() => {});
    this.tell("picker_viewed");
    if (!this.all) this.tell("list_missing");
    if (this.input?.value) this.filter();
    if ("preset" in this.data) this.launch({}, this.data.preset);
    else if (this.isPage && matchMedia("(hover: hover)").matches) this.input?.focus();
  }

  $(selector) {
    return this.main.querySelector(selector);
  }

  listen() {
    const on = (target, type, act) => target?.addEventListener(type, act);
    on(this.form, "submit", (event) => {
      const { submitter } = event;
      if (submitter.matches(".top *")) return;
      event.preventDefault();
      if (submitter.matches(".quiet")) this.chooseTheOnlyOne();
      else this.choose(submitter);
    });
    on(this.form, "change", ({ target }) => target.type === "radio" && this.filter());
    on(this.form, "keydown", (event) => this.press(event));
    on(this.input, "input", () => this.filter());
    on(this.main, "click", ({ target }) => {
      const button = target.closest("[data-do]");
      if (button) this[button.dataset.do](button);
    });
    this.main.addEventListener("error", ({ target }) => target.matches("img") && target.remove(), true);
    on(window, "pageshow", ({ persisted }) => persisted && this.list());
    on(document, "visibilitychange", () => this.lookAgain());
  }

  // For the host: an event in the page, and for what the server cannot see, a word to it.
  tell(name, told, report) {
    const { main, data: { method, state } } = this;
    const detail = { method, state, language: main.lang, ...told };
    main.dispatchEvent(new CustomEvent(`lean:${name}`, { bubbles: true, composed: true, detail }));
    if (report) this.send("events", { event: name, ...told }).catch(() => {});
  }

  // To a neighbour of the form's own address; goes on even while the page is being left.
  send(where, body) {
    const url = this.form.action.replace(/launch(?=\?)/, where);
    return post(url, { flow: this.flow, ...body }, true);
  }

  // Texts

  fill(root, values) {
    const each = (name, act) => root.querySelectorAll(`[data-${name}]`)
      .forEach((part) => act(part, values[part.dataset[name]]));
    each("needs", (part, value) => value || part.remove());
    each("lacks", (part, value) => value && part.remove());
    each("fill", (part, value) => { part.textContent = value ?? ""; });
    each("href", (part, value) => { part.href = value; });
    return root;
  }

  // A line in words: one of the page's own, its places filled.
  say(name, values = {}) {
    const line = this.lines.querySelector(`[data-line=${name}]`).cloneNode(true);
    return this.fill(line, values).textContent;
  }

  announce(text) {
    this.$("#status").textContent = text;
  }

  // The one line about the choice: under the row that it is about, else on top of the list.
  note(text = "", row = undefined) {
    const line = this.$("#line");
    line.hidden = !text;
    line.textContent = text;
    line.className = row ? "tip" : "line";
    (row ?? this.$(".why")).after(line);
    if (text) this.announce(row ? `${row.innerText}\n${text}` : text);
  }

  // The list

  filter() {
    const query = fold(this.input.value);
    this.query = query;
    this.found = search(this.entries.filter(({ item }) => this.isOfType(item)), query);
    const count = this.found.length;
    const { all, results } = this;
    all.hidden = query;
    all.id = query ? "" : "all";
    results.id = query && "all";
    results.replaceChildren();
    if (query) this.showResults();
    all.parentElement.hidden = !count;
    this.main.classList.toggle("searching", query);
    this.fill(this.$("#empty"), { query: this.input.value.trim() }).hidden = count;
    clearTimeout(this.settled);
    this.settled = setTimeout(() => {
      this.announceCount(count);
      this.showRest();
    }, 500);
  }

  isOfType({ dataset }) {
    const type = this.form.type?.value;
    return !type || !dataset.type || dataset.type === type;
  }

  // Copies, so that the whole list stays as it is and is there again at once.
  showResults() {
    const { results, found, query } = this;
    const shown = results.childElementCount;
    results.append(...found.slice(shown, shown + AT_ONCE).map(({ item }) => {
      const copy = item.cloneNode(true);
      copy.querySelectorAll(".name, .other").forEach((name) => mark(name, query));
      return copy;
    }));
  }

  showRest() {
    if (!this.query || this.results.childElementCount >= this.found.length) return;
    this.showResults();
    this.settled = setTimeout(() => this.showRest(), 9);
  }

  announceCount(num) {
    const form = new Intl.PluralRules(this.main.lang).select(num);
    this.announce(num ? this.say(`count-${form}`, { num }) : this.$("#empty > *").textContent);
    if (!num) this.tell("search_empty", this.data.queries && { query: this.input.value.trim() }, true);
  }

  // Down from the box into the list, up and down in it, Home and End; Escape clears the box.
  press(event) {
    const { key, target } = event;
    if (!/^(Arrow(Up|Down)|Home|End|Escape)$/.test(key)) return;
    const shown = this.query ? "#all .row" : "section:not([hidden]) .row";
    const rows = [...this.form.querySelectorAll(shown)].filter((row) => this.isOfType(row.parentElement));
    const stops = [this.input, ...rows];
    const at = stops.indexOf(target.closest(".row, #query"));
    const ends = at && { Home: 1, End: rows.length };
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, ...ends }[key];
    const clears = !at && key === "Escape" && target.value;
    if (at < 0 || (!clears && !(to >= 0))) return;
    event.preventDefault();
    if (clears) this.clear();
    else stops[to]?.focus();
  }

  // Enter in the box.
  chooseTheOnlyOne() {
    const free = this.results.querySelectorAll(".row:not([aria-disabled])");
    if (free.length === 1 && this.found.length <= AT_ONCE) this.choose(free[0]);
  }

  clear() {
    this.input.value = "";
    this.filter();
    this.input.focus();
  }

  // A tab that was left open is made anew, unless something would be lost; an embedded picker is not
  // ours to reload. The tap checks again in any case.
  lookAgain() {
    const away = Date.now() - this.seen;
    this.seen = Date.now();
    const idle = this.data.state === "list" && !this.busy && !this.input.value;
    if (!document.hidden && away > AWAY && idle && this.isPage) location.reload();
  }

  // Banks used before are kept in this browser only.

  remembered() {
    return stored(() => [...JSON.parse(localStorage[RECENT])]) ?? [];
  }

  remember(identifier) {
    const recent = [...new Set([identifier, ...this.remembered()])].filter(Boolean).slice(0, 3);
    stored(() => { localStorage[RECENT] = JSON.stringify(recent); });
  }

  showRecent() {
    const items = this.remembered().map((value) => this.$(`#all [value="${value}"]:not([aria-disabled])`))
      .filter(Boolean).map((row) => row.parentElement.cloneNode(true));
    this.$("#recent ul")?.append(...items);
    if (items.length) this.$("#recent").hidden = false;
  }

  forget() {
    localStorage.removeItem(RECENT);
    this.$("#recent").hidden = true;
    this.input.focus();
  }

  // The choice

  choose(button) {
    if (this.busy) return;
    const choice = button.name ? { [button.name]: button.value } : {};
    if (isOff(button)) this.explain(button, button.dataset.reason);
    else this.launch(choice, button.querySelector(".name")?.textContent, button);
  }

  // The rows of a bank that turned out not to be usable after all.
  markUnavailable({ value }) {
    this.form.querySelectorAll(`.row[value="${value}"]:not([aria-disabled])`).forEach((row) => {
      row.setAttribute("aria-disabled", true);
      row.dataset.reason = "unavailable";
      row.querySelector(".names").append(this.lines.querySelector(".note").cloneNode(true));
    });
  }

  // In the server's words, or without them in our own.
  explain(row, reason, advice) {
    const known = ["unavailable", "limit"].includes(reason);
    this.note(advice ?? this.say(known ? reason : "offline"), row);
    if (row?.name === "bank_identifier" && (known || reason === "unknown")) {
      this.tell("bank_unavailable", { bank_identifier: row.value, reason }, !advice);
    }
  }

  async launch(chosen, bank, button) {
    if (this.busy) return;
    const turn = ++this.turn;
    Object.assign(this, { chosen, bank, button, row: button?.matches(".row") ? button : undefined });
    this.start();
    this.tell("bank_selected", { bank_identifier: chosen.bank_identifier });
    try {
      const [answer] = await Promise.all([this.send("launch", chosen), loadLean(this.data.loader)]);
      if (turn === this.turn) this.open(answer);
    } catch (error) {
      if (turn === this.turn) this.refused(error);
    }
  }

  start() {
    this.busy = true;
    this.note();
    this.form.ariaBusy = true;
    this.button?.classList.add("chosen");
    const opening = this.$("#opening");
    const cancel = this.$("[data-do=cancel]");
    const text = this.say("opening", { bank: this.bank });
    opening.children[1].textContent = text;
    cancel.hidden = true;
    this.timers = [];
    this.later(150, () => {
      opening.hidden = this.form.hidden;
      this.announce(text);
    });
    this.later(5000, () => { opening.hidden = cancel.hidden = false; });
  }

  later(wait, act) {
    this.timers.push(setTimeout(act, wait));
  }

  stop() {
    this.busy = false;
    this.timers?.forEach(clearTimeout);
    this.form.ariaBusy = null;
    this.button?.classList.remove("chosen");
    this.$("#opening").hidden = true;
  }

  cancel() {
    this.turn++;
    this.list();
  }

  refused({ reason, advice }) {
    if (ENDED.includes(reason)) location.reload();
    else if (reason === "blocked") {
      this.tell("loader_blocked", {}, true);
      this.show(reason);
    } else {
      this.list();
      if (this.row && ["unavailable", "unknown"].includes(reason)) this.markUnavailable(this.row);
      this.explain(this.row, reason, advice);
    }
  }

  // Lean's window

  open({ method, config }) {
    const before = document.body.children.length;
    const isOpen = () => document.body.children.length > before || isCovered();
    this.opened = Date.now();
    this.chosen.bank_identifier = config.bank_identifier;
    stored(() => { sessionStorage[RETURNING] = this.flow; }); // tells the tabs apart on the way back
    this.later(WINDOW_PATIENCE, () => document.hidden || isOpen() || this.show("nothing"));
    try {
      window.Lean[method]({ ...config, callback: (data) => this.closed(data ?? {}) });
    } catch (error) {
      console.error(error);
      this.show("nothing");
    }
  }

  async closed(data) {
    const { status, secondary_status, lean_correlation_id: id, open_banking_redirect_url: url } = data;
    const { bank_identifier, is_supported } = data.bank ?? {};
    this.timers.forEach(clearTimeout);
    this.tell("flow_closed", { status, secondary_status, bank_identifier });
    const report = this.send("callback", { data }).catch(() => ({}));
    if (is_supported !== false && LEFT.includes(status)) {
      this.list();
      this.note(this.say("cancelled"), this.row);
      return;
    }
    const { next, advice } = await report;
    if (is_supported === false) this.show("unsupported");
    else if (status === "SUCCESS") this.succeeded(next);
    else if (status === "REDIRECT") this.show("redirect", { url: url?.startsWith("https://") && url });
    // A failure that comes at once may still be followed by the way to the bank.
    else this.later(this.opened + REDIRECT_PATIENCE - Date.now(), () => this.show("error", { advice, id }));
  }

  succeeded(next) {
    this.remember(this.chosen.bank_identifier);
    this.show("success", { next });
    if (next) setTimeout(() => location.assign(next), 2000);
  }

  // Screens

  show(name, values) {
    this.stop();
    const screen = this.$("#screen");
    const content = this.$(`#screen-${name}`).content.cloneNode(true);
    if (screen.hidden) this.scrolled = scrollY;
    screen.replaceChildren(this.fill(content, { bank: this.bank, back: this.$(".back")?.href, ...values }));
    screen.hidden = false;
    this.form.hidden = true;
    this.data.state = name;
    const title = this.$("#screen .title");
    if (this.isPage) scrollTo(0, 0);
    title.focus();
    this.announce(title.textContent);
  }

  list() {
    this.stop();
    if (this.form.hidden) {
      this.$("#screen").hidden = true;
      this.form.hidden = false;
      scrollTo(0, this.scrolled ?? 0);
    }
    this.data.state = this.all ? "list" : "missing";
    (this.button ?? this.$("#choice .title")).focus({ preventScroll: true });
  }

  another() {
    this.cancel();
    this.button = this.row = undefined;
    this.input?.focus();
  }

  retry() {
    const { chosen, bank, button } = this;
    this.list();
    this.launch(chosen, bank, button);
  }

  async copy(button) {
    await navigator.clipboard?.writeText(this.$("[data-fill=id]").textContent);
    button.textContent = this.say("copied");
    this.announce(button.textContent);
  }
}

const main = document.getElementById("lean-picker");
if (main) new Picker(main);

// The picker in a page of the host.
customElements.define("lean-picker", class extends HTMLElement {
  connectedCallback() {
    const template = this.querySelector("template"); // left where a page was made by script
    if (template) this.attachShadow({ mode: "open" }).append(template.content);
    template?.remove();
    this.picker ??= new Picker(this.shadowRoot.querySelector("#lean-picker"));
  }
});
