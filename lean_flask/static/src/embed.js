// The picker in a page of the host. Two blueprints may both bring it.

import { BankPicker } from "./bank-picker.js";

const DARK = matchMedia("(prefers-color-scheme: dark)");

class LeanPicker extends HTMLElement {
  /** @type {BankPicker | undefined} */
  #picker;
  /** @type {MutationObserver | undefined} */
  #observer;
  #follow = () => this.#followPage();

  connectedCallback() {
    const template = this.querySelector("template"); // left where a script made the page
    if (template && !this.shadowRoot) {
      this.attachShadow({ mode: "open", clonable: true }).append(template.content);
    }
    template?.remove();
    const isCopy = !this.#picker && this.#root?.querySelector("form[data-ready]");
    if ((!this.#root || isCopy) && reload()) return;
    this.#followPage();
    DARK.addEventListener("change", this.#follow);
    this.#observer = new MutationObserver(this.#follow);
    this.#observer.observe(document.documentElement, { attributes: true });
    if (this.#picker) this.#picker.connect();
    else if (this.#root) this.#picker = new BankPicker(this.#root);
  }

  disconnectedCallback() {
    this.#picker?.disconnect();
    this.#observer?.disconnect();
    DARK.removeEventListener("change", this.#follow);
  }

  /** The flow's token. Set a new one after `lean:flow_expired`. */
  get flow() {
    return this.#picker?.flow ?? "";
  }

  set flow(token) {
    if (this.#picker) this.#picker.flow = token;
  }

  get #root() {
    return this.shadowRoot?.getElementById("lean-picker");
  }

  /** Be dark only where the page around the picker is: the visitor's system does not say that. */
  #followPage() {
    const { style } = this;
    style.color = "CanvasText"; // black, unless the scheme that holds here is a dark one
    const isDark = getComputedStyle(this).color !== "rgb(0, 0, 0)";
    style.color = "";
    this.#root?.classList.toggle("dark", isDark);
  }
}

/**
 * Load the page again, once: a library put back a copy of it, and only the server knows what is true.
 */
function reload() {
  const [visit] = performance.getEntriesByType("navigation");
  const { type } = /** @type {PerformanceNavigationTiming} */ (visit);
  if (type === "reload") return false;
  location.reload();
  return true;
}

if (!customElements.get("lean-picker")) customElements.define("lean-picker", LeanPicker);
