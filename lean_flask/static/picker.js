// The bank picker in the browser. The page is complete without it, but for the last step: opening
// Lean's window.

const REDIRECT_PATIENCE = 1500;
const AWAY = 300_000;

// Why a launch is refused, where the server has a page of its own for it.
const ENDED = /^(expired|invalid_flow|completed)$/;
const LEFT = /^(CANCELLED|LINK_CLOSED)/;

// How many windows lie over the page, as far as a page can tell.
const windows = () => [...document.querySelectorAll("iframe")]
  .filter((part) => part.offsetHeight > 99 && getComputedStyle(part).visibility === "visible").length;

class Picker extends BankList {
  constructor(main) {
    super(main);
    this.isPage = main.matches("main");
    this.seen = Date.now();
    this.turn = 0;
    this.listen();
    main.querySelectorAll(".tile img").forEach((logo) => logo.complete && !logo.naturalWidth && logo.remove());
    loadLean(this.data.loader).catch(() => {});
    this.tell("picker_viewed");
    if (!this.all) this.tell("list_missing");
    if (this.input?.value) this.filter();
    if ("preset" in this.data) this.launch({}, this.data.preset);
    else if (this.isPage && matchMedia("(hover: hover)").matches) this.input?.focus();
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
    on(this.main, "click", (event) => {
      const button = event.target.closest("[data-do]");
      if (!button) return;
      event.preventDefault();
      this[button.dataset.do](button);
    });
    this.main.addEventListener("error", ({ target }) => target.matches("img") && target.remove(), true);
    on(window, "pageshow", ({ persisted }) => persisted && this.list());
    on(document, "visibilitychange", () => this.lookAgain());
  }

  // A tab that was left open is made anew, unless something would be lost; an embedded picker is not
  // ours to reload. The tap checks again in any case.
  lookAgain() {
    const away = Date.now() - this.seen;
    this.seen = Date.now();
    const idle = this.data.state === "list" && !this.busy && !this.input.value;
    if (!document.hidden && away > AWAY && idle && this.isPage) location.reload();
  }

  // The choice

  // Enter in the box.
  chooseTheOnlyOne() {
    const free = this.results.querySelectorAll(".row:not([aria-disabled])");
    if (free.length === 1 && this.found.length <= AT_ONCE) this.choose(free[0]);
  }

  choose(button) {
    if (this.busy) return;
    const choice = button.name ? { [button.name]: button.value } : {};
    if (button.ariaDisabled) this.explain(button, button.dataset.reason);
    else this.launch(choice, button.querySelector(".name")?.textContent, button);
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
    if (ENDED.test(reason)) location.reload();
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
    const before = windows();
    this.opened = Date.now();
    this.identifier = config.bank_identifier;
    // Tells the tabs apart on the way back.
    stored(() => { sessionStorage[RETURNING] = `${this.flow} ${this.identifier ?? ""}`; });
    this.later(WINDOW_PATIENCE, () => document.hidden || windows() > before || this.show("nothing"));
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
    if (is_supported !== false && LEFT.test(status)) {
      this.list();
      this.note(this.say("cancelled"), this.row);
      return;
    }
    const { next, advice } = await report;
    if (is_supported === false) this.show("unsupported");
    else if (status === "SUCCESS") this.succeeded(next, bank_identifier ?? this.identifier);
    else if (status === "REDIRECT") this.show("redirect", { url: url?.startsWith("https://") && url });
    // A failure that comes at once may still be followed by the way to the bank.
    else this.later(this.opened + REDIRECT_PATIENCE - Date.now(), () => this.show("error", { advice, id }));
  }

  succeeded(next, identifier) {
    remember(identifier);
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

  copy(button) {
    navigator.clipboard?.writeText(this.$("[data-fill=id]").textContent).then(() => {
      button.textContent = this.say("copied");
      this.announce(button.textContent);
    }, () => {});
  }
}
