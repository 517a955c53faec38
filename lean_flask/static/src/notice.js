/** @import { Page } from "./page.js" */

/**
 * Show one line about the choice: under its row, else under the button that was pressed, else under
 * the introduction.
 *
 * @param {Page} page
 * @param {string} text
 * @param {HTMLElement | null} [row] of the bank that the notice is about
 * @param {HTMLElement | null} [button] that was pressed
 */
export function showNotice(page, text, row, button) {
  const notice = page.find("#notice");
  const anchor = [row, button].find((element) => element?.isConnected) || page.find("#intro");
  notice.hidden = false;
  notice.textContent = text;
  notice.className = row === anchor ? "inline-error" : "notice";
  anchor.after(notice);
  notice.scrollIntoView({ block: "nearest" });
  // The names of the row, without the initials in the place of a logo.
  // biome-ignore lint/performance/useDomNodeTextContent: it keeps their lines apart
  const names = /** @type {HTMLElement | null | undefined} */ (row?.lastElementChild)?.innerText;
  page.announce(names ? `${names}\n${text}` : text);
}

/**
 * Put the notice back to where the results of a search cannot copy it.
 *
 * @param {Page} page
 */
export function hideNotice(page) {
  const notice = page.find("#notice");
  notice.hidden = true;
  notice.textContent = "";
  page.find("#intro").after(notice);
}
