import { render } from "./template.js";

/** @import { Values } from "./template.js" */

/**
 * Put the screen *name* of *root* into its `#screen`.
 *
 * @param {HTMLElement} root
 * @param {string} name of a `<template id="screen-…">`
 * @param {Values} values
 * @returns {HTMLElement} the screen's heading, to be focused
 */
export function renderScreen(root, name, values) {
  const screen = /** @type {HTMLElement} */ (root.querySelector("#screen"));
  const template = /** @type {HTMLTemplateElement} */ (root.querySelector(`#screen-${name}`));
  const content = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  screen.replaceChildren(render(content, values));
  return /** @type {HTMLElement} */ (screen.querySelector("h1, h2"));
}
