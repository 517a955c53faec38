// Lean's SDK in a page: its loader, and a call of it.

import { type Language, localError } from "./errors.js";
import type { CallbackData } from "./schema.js";

const LOADER_TIMEOUT_MS = 8000;
/** A content blocker may deliver an empty script; this is how long the SDK may need to appear. */
const LOADER_GRACE_MS = 500;

interface LeanWindow {
  Lean?: Record<string, ((config: object) => void) | undefined>;
  /** The load that is under way or done; lean-flask's own pages use the same name. */
  leanLoading?: Promise<void> | undefined;
}

const page = globalThis as LeanWindow;

/**
 * Load Lean's SDK: one script tag for the whole document, and a new one after a failure.
 *
 * @throws {LeanError} `blocked`
 */
export function loadLean(source: string, language: Language): Promise<void> {
  if (page.Lean) return Promise.resolve();
  page.leanLoading ??= new Promise<void>((resolve, reject) => {
    const script = document.createElement("script");
    const settle = () => {
      clearTimeout(timeout);
      if (page.Lean) return resolve();
      page.leanLoading = undefined;
      script.remove();
      return reject(new Error(`${source} did not load`));
    };
    const timeout = setTimeout(settle, LOADER_TIMEOUT_MS);
    script.onerror = settle;
    script.onload = () => setTimeout(settle, page.Lean ? 0 : LOADER_GRACE_MS);
    script.src = source;
    document.head.append(script);
  });
  return page.leanLoading.catch((error: unknown) => {
    throw localError("blocked", language, error);
  });
}

/**
 * Open the SDK, which must be loaded.
 *
 * @param onClose gets what the SDK says when it closes, before it leaves for a bank's page
 * @throws {LeanError} `blocked` where the loader has no such method
 */
export function openLean(
  method: string,
  config: object,
  language: Language,
  onClose: (data: CallbackData) => void,
): void {
  const open = page.Lean?.[method];
  if (!open) throw localError("blocked", language);
  open.call(page.Lean, { ...config, callback: onClose });
}
