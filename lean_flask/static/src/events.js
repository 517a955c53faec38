/**
 * Tell the host's page: `lean:name` bubbles up to the document, out of a shadow root too.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @param {object} detail
 */
export function emit(root, name, detail) {
  root.dispatchEvent(new CustomEvent(`lean:${name}`, { bubbles: true, composed: true, detail }));
}
