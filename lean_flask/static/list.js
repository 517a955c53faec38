// The list of banks: search as you type, the keys, and the banks used before.

const AT_ONCE = 16;

class BankList extends Page {
  constructor(main) {
    super(main);
    this.input = this.$("#query");
    this.all = this.$("#all");
    this.results = document.createElement("ul");
    this.all?.after(this.results);
    this.entries = [...this.all?.children ?? []].map((item) => {
      const { value, dataset } = item.firstElementChild;
      item.hidden = false;
      const shown = [...item.querySelectorAll("bdi")].map((name) => name.textContent);
      const keys = [...shown, value].map(fold).concat(dataset.keys?.split("|") ?? []);
      return { item, ...entryOf(keys) };
    });
    // Nothing moves under a finger: where the list is seen already, it stays as it is.
    if (this.all && getComputedStyle(this.all).visibility === "hidden") stored(() => this.showRecent());
    this.form.classList.add("ready");
  }

  filter() {
    this.note();
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

  clear() {
    this.input.value = "";
    this.filter();
    this.input.focus();
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

  // The rows of a bank that turned out not to be usable after all.
  markUnavailable({ value }) {
    this.form.querySelectorAll(`.row[value="${value}"]:not([aria-disabled])`).forEach((row) => {
      row.ariaDisabled = true;
      row.dataset.reason = "unavailable";
      row.querySelector(".names").append(this.lines.querySelector(".note").cloneNode(true));
    });
  }

  // The banks used before

  showRecent() {
    const items = remembered().map((value) => this.$(`#all [value="${value}"]:not([aria-disabled])`))
      .filter(Boolean).map((row) => row.parentElement.cloneNode(true));
    this.$("#recent ul")?.append(...items);
    if (items.length) this.$("#recent").hidden = false;
  }

  forget() {
    localStorage.removeItem(RECENT);
    this.$("#recent").hidden = true;
    this.input.focus();
  }
}
