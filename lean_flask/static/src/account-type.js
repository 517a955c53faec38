/** @import { Page } from "./page.js" */

/** The account type of the URL, as the form puts it there. */
export const typeOfUrl = () =>
  /^[A-Z]+$/.exec(new URLSearchParams(location.search).get("type") ?? "")?.[0];

/**
 * Choose the account type of the URL, and keep the one that is chosen there: in the other language,
 * or by the way back, the page may be a new one.
 *
 * @param {Page} page
 */
export function keepAccountType(page) {
  /** @type {HTMLInputElement | null} */
  const kept = page.findOptional(`[name=type][value="${typeOfUrl()}"]`);
  if (kept) kept.checked = true;
  page.form.addEventListener("change", ({ target }) => {
    const { name, value } = /** @type {HTMLInputElement} */ (target);
    if (name !== "type" || !page.root.matches("main")) return; // else the URL is the host's
    const url = new URL(location.href);
    url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
  });
}
