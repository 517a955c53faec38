import { tryStorage } from "./storage.js";

/** @import { Page } from "./page.js" */

const KEY = "lean-picker:query";

/**
 * Keep what is typed while the page changes its language. It is in no URL, so that no log has it.
 *
 * @param {Page} page
 * @param {HTMLInputElement} input
 */
export function keepQuery({ form }, input) {
  tryStorage(() => {
    input.value ||= sessionStorage[KEY] ?? "";
    sessionStorage.removeItem(KEY);
  });
  form.addEventListener("submit", ({ submitter }) => {
    if (submitter?.getAttribute("name") !== "lang") return;
    tryStorage(() => {
      sessionStorage[KEY] = input.value;
    });
  });
}
