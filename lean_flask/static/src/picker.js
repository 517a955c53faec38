// The picker on a page of its own.

import { BankPicker } from "./bank-picker.js";

// Forbidden by a policy that the host sends in place of ours, the style of the page is in a file.
const style = document.querySelector("style");
if (style && !style.sheet) {
  const file = Object.assign(document.createElement("link"), { rel: "stylesheet" });
  file.href = style.dataset.href ?? "";
  style.replaceWith(file);
}

const root = document.getElementById("lean-picker");
if (root) new BankPicker(root);
