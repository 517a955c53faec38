// The receipt of a flow that has ended: from the server's words, and what the list said of the bank.

import { render } from "./template.js";

/** Day before month, as people write it where this is used. */

/**
 * What the list says of the bank or account that was chosen.
 *
 * @typedef {object} Label
 * @property {string} [id] of the flow
 * @property {string | null} [bank] its name
 * @property {string | null} [account] the end of its number
 * @property {Tile} [tile]
 *
 * @typedef {object} Tile
 * @property {string | null} [logo] URL
 * @property {string | null} [color] behind the logo
 * @property {string | null} [initials] where there is no logo
 * @property {string | null} [ink] of the initials
 * @property {string | null} [size] of the initials
 */

/**
 * Return what *row* says.
 *
 * @param {HTMLButtonElement | null | undefined} row
 * @returns {Label}
 */
export function labelOf(row) {
  if (!row) return {};
  const isAccount = row.name !== "bank_identifier";
  const names = [...row.querySelectorAll("bdi")];
  const number = names.find(({ dir }) => isAccount && dir === "ltr");
  const bank = isAccount ? names.filter((name) => name !== number).at(-1) : names[0];
  return { bank: bank?.textContent, account: number?.textContent, tile: tileOf(row) };
}

/**
 * @param {HTMLElement} root
 * @param {string} [bank] identifier
 * @returns {HTMLButtonElement | null} its row in the list, where there is one
 */
export const rowOf = (root, bank = "") =>
  root.querySelector(`#choice [name=bank_identifier][value="${CSS.escape(bank)}"]`);

/** @param {HTMLElement} row */
function tileOf(row) {
  const initials = row.querySelector("svg text");
  return {
    logo: row.querySelector("img")?.src,
    color: row.querySelector("svg rect")?.getAttribute("fill"),
    initials: initials?.textContent,
    ink: initials?.getAttribute("fill"),
    size: initials?.getAttribute("font-size"),
  };
}

/**
 * Put the receipt into the screen of *root* that is shown, before what is said of the way on; or in
 * place of the one that is there.
 *
 * @param {HTMLElement} root
 * @param {FlowOutcome} outcome
 * @param {Label} label
 * @param {string} [correlationId] of the SDK, where the server did not say a reference
 */
export function showReceipt(root, { receipt, updated_at }, { bank, account, tile }, correlationId) {
  /** @type {HTMLTemplateElement | null} */
  const template = root.querySelector("#receipt");
  const screen = root.querySelector("#screen");
  if (!template || !screen) return;
  const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const logo = receipt?.logo ?? tile?.logo;
  const color = receipt?.logo_background ?? tile?.color;
  const part = render(content, {
    amount: receipt?.amount,
    bank: receipt?.bank ?? bank,
    account,
    agreed: receipt?.agreed?.join("\n"),
    tile: color,
    logo,
    reference: receipt?.reference ?? correlationId,
  });
  drawTile(part, { ...tile, logo, color });
  setDate(part, updated_at, root);
  const next = screen.querySelector("#leaving, #pending");
  const old = screen.querySelector("[data-receipt]");
  const isInUse = old?.contains(/** @type {Document} */ (root.getRootNode()).activeElement);
  if (old) old.replaceWith(part);
  else if (next) next.before(part);
  else screen.append(part);
  /** @type {HTMLElement | null} */
  const button = screen.querySelector("[data-receipt] button");
  if (isInUse) button?.focus();
}

/**
 * @param {ParentNode} part
 * @param {Tile} tile
 */
function drawTile(part, { logo, color, initials, ink, size }) {
  const image = part.querySelector("img");
  if (image && logo) {
    image.onerror = () => image.remove();
    image.src = logo;
  }
  part.querySelector("svg rect")?.setAttribute("fill", color ?? "");
  const text = part.querySelector("svg text");
  if (!text) return;
  text.textContent = initials ?? "";
  text.setAttribute("fill", ink ?? "");
  text.setAttribute("font-size", size ?? "");
}

/**
 * Say when the last word came.
 *
 * @param {ParentNode} part
 * @param {string | null | undefined} at in UTC; now, where the server did not say
 * @param {HTMLElement} root in the language to say it in
 */
function setDate(part, at, root) {
  const time = part.querySelector("time");
  /** @type {HTMLElement | null} */
  const page = root.closest("[lang]");
  if (!time) return;
  const date = at ? new Date(at) : new Date();
  const locale = page?.lang.replace(/^en$/, "en-GB") ?? "en-GB";
  const format = new Intl.DateTimeFormat(`${locale}-u-ca-gregory-nu-latn`, {
    dateStyle: "long",
    timeStyle: "short",
  });
  time.dateTime = date.toISOString();
  time.textContent = format.format(date);
}
