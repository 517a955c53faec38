/** @typedef {Record<string, string | false | null | undefined>} Values */

/**
 * Fill the parts of *root* with *values*, as text only, and return it.
 *
 * - `data-if="x"` is removed unless x has a value, `data-unless="x"` if it has one;
 * - `data-slot="x"` gets x as its text, `data-href="x"` as its link.
 *
 * @template {ParentNode} T
 * @param {T} root
 * @param {Values} values
 */
export function render(root, values) {
  /** @type {(attribute: string, apply: (part: any, value: any) => void) => void} */
  const each = (attribute, apply) => {
    for (const part of root.querySelectorAll(`[data-${attribute}]`)) {
      apply(part, values[part.getAttribute(`data-${attribute}`) ?? ""]);
    }
  };
  each("if", (part, value) => value || part.remove());
  each("unless", (part, value) => value && part.remove());
  each("slot", (part, value) => {
    part.textContent = value ?? "";
  });
  each("href", (part, value) => {
    part.href = value;
  });
  return root;
}
