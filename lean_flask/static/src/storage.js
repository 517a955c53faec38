// What the browser remembers. One that stores nothing only loses a shortcut.

const FLOW_KEY = "lean-picker:flow";
const LABEL_KEY = "lean-picker:label";
const REPORT_KEY = "lean-picker:report";
const RECENT_KEY = "lean-picker:recent";
const MAX_RECENT_BANKS = 3;

/**
 * Return what *access* returns, or `undefined` where the browser refuses storage.
 *
 * @template T
 * @param {() => T} access
 * @returns {T | undefined}
 */
export function tryStorage(access) {
  try {
    return access();
  } catch {
    return undefined;
  }
}

/** @returns {unknown[]} identifiers of the banks used last; a visitor may have put anything there */
export const recentBanks = () => tryStorage(() => [...JSON.parse(localStorage[RECENT_KEY])]) ?? [];

/** @param {string | undefined} identifier */
export function addRecentBank(identifier) {
  const recent = [...new Set([identifier, ...recentBanks()])].filter(Boolean);
  tryStorage(() => {
    localStorage[RECENT_KEY] = JSON.stringify(recent.slice(0, MAX_RECENT_BANKS));
  });
}

export const clearRecentBanks = () => tryStorage(() => localStorage.removeItem(RECENT_KEY));

/**
 * Remember the flow of this tab for the page that the bank sends back to.
 *
 * @param {string} flow token
 * @param {string} [chosen] bank or payment source
 */
export function saveFlow(flow, chosen = "") {
  tryStorage(() => {
    sessionStorage[FLOW_KEY] = `${flow} ${chosen}`;
  });
}

/**
 * Keep a report of this tab until the server has it, or forget it.
 *
 * @param {{ flow: string, data: LeanResult }} [report]
 */
export function saveReport(report) {
  tryStorage(() => {
    if (report) sessionStorage[REPORT_KEY] = JSON.stringify(report);
    else sessionStorage.removeItem(REPORT_KEY);
  });
}

/**
 * @param {string} flow token
 * @returns {LeanResult | false | undefined} what the server does not know yet of this flow
 */
export const savedReport = (flow) =>
  tryStorage(() => {
    const saved = JSON.parse(sessionStorage[REPORT_KEY]);
    return saved.flow === flow && saved.data;
  });

/**
 * Keep what the list says of the choice, for the receipt on the page that the bank sends back to.
 *
 * @param {import("./receipt.js").Label} label
 */
export function saveLabel(label) {
  tryStorage(() => {
    sessionStorage[LABEL_KEY] = JSON.stringify(label);
  });
}

/** @returns {import("./receipt.js").Label} */
export const savedLabel = () => tryStorage(() => JSON.parse(sessionStorage[LABEL_KEY])) ?? {};

/** Forget it once it has ended well: nothing goes on with it. */
export function forgetFlow() {
  for (const key of [FLOW_KEY, LABEL_KEY]) tryStorage(() => sessionStorage.removeItem(key));
}

/** @returns {string[]} token, and bank or payment source; empty where another tab launched the flow */
export const savedFlow = () => tryStorage(() => sessionStorage[FLOW_KEY].split(" ")) ?? [];
