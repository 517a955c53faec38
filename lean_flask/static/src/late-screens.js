/** @import { Page } from "./page.js" */

const TIMEOUT_MS = 10_000;
/** How long an end that is to be shown waits for its screen. */
const MAX_WAIT_MS = 1500;

/** The screens after the choice, which come after the page so that the list is there sooner. */
export class LateScreens {
  /** Called once they are in the page. */
  onLoad = () => {};
  #page;
  #url;
  #isLoaded = false;
  /** The request that is under way. @type {Promise<void> | undefined} */
  #request;

  /**
   * @param {Page} page
   * @param {boolean} isHosted
   */
  constructor(page, isHosted) {
    this.#page = page;
    const embedded = isHosted ? "" : "&embedded=1";
    const renews = page.data.renews === undefined ? "" : "&renews=1";
    const phone = page.data.phone === undefined ? "" : "&phone=1";
    this.#url = `${page.urlOf("screens")}&method=${page.data.method}${embedded}${renews}${phone}`;
    this.load();
  }

  /** Ask for them, unless they are there or asked for; resolved in any case. */
  load() {
    if (this.#isLoaded) return Promise.resolve();
    this.#request ??= new Promise((resolve) => {
      const request = new XMLHttpRequest(); // makes no HTML of a text, which a host's CSP may forbid
      request.open("GET", this.#url);
      request.responseType = "document";
      request.timeout = TIMEOUT_MS;
      request.onloadend = () => {
        this.#request = undefined;
        if (request.status === 200 && request.response) this.#put(request.response);
        resolve();
      };
      request.send();
    });
    return this.#request;
  }

  /** Wait for them, but not for long; ask again where that has failed. */
  wait() {
    if (this.#isLoaded) return Promise.resolve();
    const late = new Promise((resolve) => setTimeout(resolve, MAX_WAIT_MS));
    return Promise.race([this.load(), late]);
  }

  /** @param {Document} screens ours, or what else answered: a login, or the page of a network */
  #put(screens) {
    if (!screens.getElementById("words")) return;
    this.#isLoaded = true;
    this.#page.root.append(...screens.head.children, ...screens.body.children);
    this.onLoad();
  }
}
