// The picker in a page of the host. Two blueprints may both bring it.

if (!customElements.get("lean-picker")) {
  customElements.define("lean-picker", class extends HTMLElement {
    connectedCallback() {
      const template = this.querySelector("template"); // left where a page was made by script
      if (template) this.attachShadow({ mode: "open" }).append(template.content);
      template?.remove();
      this.picker ??= new Picker(this.shadowRoot.querySelector("#lean-picker"));
    }
  });
}
