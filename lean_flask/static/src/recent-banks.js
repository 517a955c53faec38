import { clearRecentBanks, recentBanks, tryStorage } from "./storage.js";

/** @import { Page } from "./page.js" */

/**
 * Show the banks used before above the list, unless it is seen already: nothing moves under a finger.
 *
 * @param {Page} page
 * @param {HTMLElement} all the list itself
 */
export function showRecentBanks(page, all) {
  const list = /** @type {HTMLElement} */ (all.parentElement);
  tryStorage(() => {
    const values = recentBanks();
    // To ask for one style, a browser computes those of the whole list.
    if (!values.length || getComputedStyle(list).clipPath === "none") return;
    const items = values
      .flatMap((value) => [
        ...all.querySelectorAll(`li:has([value="${value}"]:not([aria-disabled]))`),
      ])
      .map((item) => item.cloneNode(true));
    const recent = page.findOptional("#recent");
    recent?.querySelector("ul")?.append(...items);
    if (recent && items.length) recent.hidden = false;
  });
}

/** @param {Page} page */
export function forgetRecentBanks(page) {
  clearRecentBanks();
  page.find("#recent").hidden = true;
  page.findOptional("#query")?.focus();
}
