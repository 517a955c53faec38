// Which addresses the app's web view shows, and which leave it. No React in here.

/** Of the app: `return_url` of the flow has it, and LEAN_RETURN_SCHEMES names it. */
export const SCHEME = "com.example.qahwa";

export type Where =
  /** The web view shows it: our pages, Lean's and the bank's. */
  | { show: true }
  /** The picker is done. */
  | { show: false; outcome: string | null; flow: string | null }
  /** Another app opens it, such as the bank's own. */
  | { show: false; open: string };

export function whereTo(address: string): Where {
  const scheme = address.slice(0, address.indexOf(":")).toLowerCase();
  if (["https", "http", "about", "data", "blob"].includes(scheme)) return { show: true };
  if (scheme !== SCHEME) return { show: false, open: address };
  return {
    show: false,
    outcome: parameter(address, "lean_status"),
    flow: parameter(address, "lean_flow"),
  };
}

/** React Native's `URLSearchParams` is not whole. */
function parameter(address: string, name: string): string | null {
  const found = new RegExp(`[?&]${name}=([^&#]*)`).exec(address)?.[1];
  return found === undefined ? null : decodeURIComponent(found);
}
