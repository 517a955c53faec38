// What a page of ours can do: fill in its texts, say them, and tell the host. Every text comes from
// the page's templates, so nothing here is in any language.

class Page {
  constructor(main) {
    this.main = main;
    this.data = main.dataset;
    this.form = this.$("#choice");
    this.lines = this.$("#lines").content;
    this.flow = this.form.flow.value;
    this.line = this.$("#line");
  }

  $(selector) {
    return this.main.querySelector(selector);
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

  // The one line about the choice: under what was chosen, else on top of the list, where it rests.
  note(text, row) {
    const { line } = this;
    const near = (text && [row, this.button].find((part) => part?.isConnected)) || this.$(".why");
    line.hidden = !text;
    line.textContent = text;
    line.className = row === near ? "tip" : "line";
    near.after(line);
    if (!text) return;
    line.scrollIntoView({ block: "nearest" });
    this.announce(row ? `${row.innerText}\n${text}` : text);
  }
}
