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
  /** @param {HTMLInputElement} chosen */
  const keep = ({ name, value }) => {
    if (name !== "type" || !page.root.matches("main")) return; // else the URL is the host's
    const url = new URL(location.href);
    url.searchParams.set(name, value);
    history.replaceState(history.state, "", url);
  };
  /** @type {HTMLInputElement | null} */
  const kept = page.findOptional(`[name=type][value="${typeOfUrl()}"]`);
  /** @type {HTMLInputElement | null} */
  const chosen = page.findOptional("[name=type]:checked");
  if (kept) kept.checked = true;
  else if (chosen && !chosen.defaultChecked) keep(chosen); // before this script was there
  page.form.addEventListener("change", ({ target }) =>
    keep(/** @type {HTMLInputElement} */ (target)),
  );
}
