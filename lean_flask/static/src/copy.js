const FEEDBACK_MS = 3000;

/**
 * Copy the text that stands before *button*, and say so on it for a while. Where the browser
 * refuses, the text is selected, to be copied by hand.
 *
 * @param {HTMLElement} button with what it says afterwards as `data-copied`
 * @param {HTMLElement} status for screen readers
 */
export async function copyBefore(button, status) {
  const text = /** @type {HTMLElement} */ (button.previousElementSibling);
  const { copied = "" } = button.dataset;
  const isCopied = await copy(text);
  const label = button.textContent;
  if (!isCopied || label === copied) return;
  button.textContent = copied;
  status.textContent = copied;
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
