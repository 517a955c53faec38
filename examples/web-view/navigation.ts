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
  const query = new URLSearchParams(address.split("?")[1] ?? "");
  return { show: false, outcome: query.get("lean_status"), flow: query.get("lean_flow") };
}
