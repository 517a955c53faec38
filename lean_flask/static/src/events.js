/**
 * Tell the host's page: `lean:name` bubbles up to the document, out of a shadow root too.
 *
 * @param {HTMLElement} root
 * @param {string} name
 * @param {object} detail
 * @returns {boolean} false where the host prevented what follows
 */
export function emit(root, name, detail) {
  const options = { bubbles: true, composed: true, cancelable: true, detail };
  return root.dispatchEvent(new CustomEvent(`lean:${name}`, options));
}
