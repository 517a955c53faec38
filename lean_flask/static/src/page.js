import { postJson, sendBeacon } from "./api.js";
import { emit } from "./events.js";
import { render } from "./template.js";

/**
 * The picker's root element with what every part of the picker uses: its elements, its messages,
 * events for the host, and requests to the server. Every text comes from the page's templates, so no
 * script is in any language.
 */
export class Page {
  #messages;
  #token;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    /** @type {HTMLFormElement} */
    this.form = this.find("#choice");
    /** @type {HTMLTemplateElement} */
    this.#messages = this.find("#messages");
    /** @type {HTMLInputElement} */
    this.#token = this.find("[name=flow]");
  }

  /** The flow's token. */
  get flow() {
    return this.#token.value;
  }

  set flow(token) {
    this.#token.value = token;
    this.#token.dataset.id = "";
  }

  /** The flow's id; unknown for a flow that the host has set. */
  get flowId() {
    return this.#token.dataset.id ?? this.back?.match(/lean_flow=([\w-]+)/)?.[1];
  }

  /** The way back to the host with an outcome in it, where there is one. */
  get back() {
    return this.#link?.href ?? this.#token.dataset.back;
  }

  /** @param {string | null | undefined} url the way back, now that the outcome is known */
  setBack(url) {
    if (!url) return;
    this.#token.dataset.back = url;
    for (const link of this.root.querySelectorAll(
      "[data-return], #screen :is([data-href=next], [data-href=back])",
    )) {
      /** @type {HTMLAnchorElement} */ (link).href = url;
    }
  }

  /** @returns {HTMLAnchorElement | null} */
  get #link() {
    return this.findOptional("[data-return]");
  }

  /**
   * Return an element that the template always has.
   *
   * @template {HTMLElement} T
   * @param {string} selector
   */
  find(selector) {
    return /** @type {T} */ (this.root.querySelector(selector));
  }

  /**
   * Return an element that the page may lack.
   *
   * @template {HTMLElement} T
   * @param {string} selector
   */
  findOptional(selector) {
    return /** @type {T | null} */ (this.root.querySelector(selector));
  }

  /**
   * Tell the host's page of an event, and the server if it cannot see it itself.
   *
   * @param {string} name
   * @param {object} [detail]
   * @param {boolean} [report]
   * @returns {boolean} whether the host leaves what follows to the page
   */
  emit(name, detail, report) {
    const { method, state } = this.data;
    const content = { method, state, language: this.root.lang, ...detail };
    if (report) this.send("events", { event: name, ...detail }).catch(() => {});
    return emit(this.root, name, content);
  }

  /**
   * Return the URL of a route beside `/launch`.
   *
   * @param {string} route
   */
  urlOf(route) {
    return `${this.data.launch}`.replace(/launch(?=\?)/, route);
  }

  /**
   * Post to a route beside `/launch`; the request outlives the page.
   *
   * @param {string} route
   * @param {object} body
   */
  send(route, body) {
    return postJson(this.urlOf(route), { flow: this.flow, ...body });
  }

  /**
   * As `send`, while the page goes away.
   *
   * @param {string} route
   * @param {object} body
   */
  beacon(route, body) {
    sendBeacon(this.urlOf(route), { flow: this.flow, ...body });
  }

  /**
   * Return a copy of the message *name* of the page's templates.
   *
   * @param {string} name
   */
  message(name) {
    const message = this.#messages.content.querySelector(`[data-message=${name}]`);
    return /** @type {HTMLElement} */ (message?.cloneNode(true));
  }

  /**
   * Return the message *name* as text, with its slots filled.
   *
   * @param {string} name
   * @param {import("./template.js").Values} [values]
   */
  translate(name, values = {}) {
    return render(this.message(name), values).textContent ?? "";
  }

  /**
   * Say *text* to screen readers.
   *
   * @param {string | null} text
   */
  announce(text) {
    this.find("#status").textContent = text;
  }
}
