/**
 * Close the menu of languages by Escape and by a click elsewhere. It opens and works without script.
 *
 * @param {HTMLElement} root
 */
export function closeLanguageMenu(root) {
  /** @type {HTMLDetailsElement | null} */
  const menu = root.querySelector("details#language");
  if (!menu) return;
  menu.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
  root.addEventListener("click", ({ target }) => {
    if (!menu.contains(/** @type {Node} */ (target))) menu.open = false;
  });
}
