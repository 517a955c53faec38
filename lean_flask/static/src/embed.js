// The picker in a page of the host. Two blueprints may both bring it.

import { BankPicker } from "./bank-picker.js";

class LeanPicker extends HTMLElement {
  /** @type {BankPicker | undefined} */
  #picker;

  connectedCallback() {
    const template = this.querySelector("template"); // left where a script made the page
    if (template) this.attachShadow({ mode: "open" }).append(template.content);
    template?.remove();
    const root = this.shadowRoot?.getElementById("lean-picker");
    if (root) this.#picker ??= new BankPicker(root);
  }
}

if (!customElements.get("lean-picker")) customElements.define("lean-picker", LeanPicker);
