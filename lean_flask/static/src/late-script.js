import { PageError } from "./errors.js";

/** A script that comes after the page, so that the list is there sooner. */
export class LateScript {
  #url;
  #failures = 0;

  /** @param {string | undefined} url */
  constructor(url = "") {
    this.#url = url;
  }

  /**
   * Return what the script exports; ask again where that has failed.
   *
   * @returns {Promise<any>}
   * @throws {PageError} `offline`
   */
  load() {
    // A browser does not ask again for a module that failed.
    const url = this.#failures ? `${this.#url}&again=${this.#failures}` : this.#url;
    return import(url).catch(() => {
      this.#failures++;
      throw new PageError("offline");
    });
  }
}
