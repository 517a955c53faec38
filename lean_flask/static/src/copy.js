const FEEDBACK_MS = 3000;

/**
 * Copy the text that stands before *button*, and say so on it for a while. Where the browser
 * refuses, say that the text is selected, to be copied by hand.
 *
 * @param {HTMLElement} button with what it says afterwards as `data-copied` or `data-selected`
 * @param {HTMLElement} status for screen readers
 */
export async function copyBefore(button, status) {
  const text = /** @type {HTMLElement} */ (button.previousElementSibling);
  const { copied = "", selected = "" } = button.dataset;
  const said = (await copy(text)) ? copied : selected;
  const label = button.textContent;
  if (label === copied || label === selected) return;
  button.textContent = said;
  status.textContent = said;
  setTimeout(() => {
    button.textContent = label;
    status.textContent = "";
  }, FEEDBACK_MS);
}

/**
 * @param {HTMLElement} part
 * @returns {Promise<boolean>} whether the clipboard has it
 */
async function copy(part) {
  try {
    await navigator.clipboard.writeText(part.textContent ?? "");
    return true;
  } catch {
    getSelection()?.selectAllChildren(part);
    return document.execCommand("copy");
  }
}
