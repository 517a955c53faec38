/** @import { Page } from "./page.js" */

const TIMEOUT_MS = 1500;

/** What the page needs only at its end; the page itself comes sooner without. */
export class ReceiptParts {
  /** Settled once they are in the page, or late: then an end is shown without. @type {Promise<void>} */
  ready = Promise.resolve();
  #page;
  #url;
  #hasThem = false;

  /**
   * @param {Page} page
   * @param {boolean} isHosted
   */
  constructor(page, isHosted) {
    this.#page = page;
    const embedded = isHosted ? "" : "&embedded=1";
    this.#url = `${page.urlOf("receipt")}&method=${page.data.method}${embedded}`;
    this.load();
  }

  /** Ask for them, unless they are there. */
  load() {
    if (this.#hasThem) return;
    const request = new XMLHttpRequest(); // makes no HTML of a text, which a host's CSP may forbid
    request.open("GET", this.#url);
    request.responseType = "document";
    request.timeout = TIMEOUT_MS;
    this.ready = new Promise((resolve) => {
      request.onloadend = () => {
        if (request.status === 200 && request.response) this.#put(request.response);
        resolve();
      };
    });
    request.send();
  }

  /** @param {Document} parts */
  #put({ head, body }) {
    if (this.#hasThem) return;
    this.#hasThem = true;
    this.#page.root.append(...head.children, ...body.children);
  }
}
