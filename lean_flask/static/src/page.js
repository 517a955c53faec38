import { postJson } from "./api.js";
import { emit } from "./events.js";
import { render } from "./template.js";

/**
 * The picker's root element with what every part of the picker uses: its elements, its messages,
 * events for the host, and requests to the server. Every text comes from the page's templates, so no
 * script is in any language.
 */
export class Page {
  #messages;

  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.data = root.dataset;
    /** @type {HTMLFormElement} */
    this.form = this.find("#choice");
    /** @type {HTMLTemplateElement} */
    this.#messages = this.find("#messages");
    /** @type {HTMLInputElement} */
    const token = this.find("[name=flow]");
    this.flow = token.value;
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
   */
  emit(name, detail, report) {
    const { method, state } = this.data;
    emit(this.root, name, { method, state, language: this.root.lang, ...detail });
    if (report) this.send("events", { event: name, ...detail }).catch(() => {});
  }

  /**
   * Post to a route beside `/launch`; the request outlives the page.
   *
   * @param {string} route
   * @param {object} body
   */
  send(route, body) {
    const url = `${this.data.launch}`.replace(/launch(?=\?)/, route);
    return postJson(url, { flow: this.flow, ...body }, true);
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
