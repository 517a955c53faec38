// Time that passes on a page which may be hidden or offline.

/** A page's `window`; without its parts in an app. */
const page = globalThis as unknown as Partial<Window>;

/**
 * Wait `ms`, or shorter when something says that another try is worth it.
 *
 * @throws {DOMException} `AbortError` when `signal` is aborted
 */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  stopIfAborted(signal);
  const stop = new AbortController();
  return new Promise<void>((resolve, reject) => {
    const timer = setTimeout(resolve, ms);
    stop.signal.addEventListener("abort", () => clearTimeout(timer));
    signal?.addEventListener("abort", () => reject(abortOf(signal)), { signal: stop.signal });
    for (const name of ["online", "pageshow", "focus"]) {
      page.addEventListener?.(name, () => resolve(), { signal: stop.signal });
    }
    page.document?.addEventListener("visibilitychange", () => resolve(), { signal: stop.signal });
  }).finally(() => stop.abort());
}

/** Whether nobody sees the page now. */
export const isHidden = (): boolean => Boolean(page.document?.hidden);

/**
 * What `signal.throwIfAborted()` does, which React Native does not have.
 *
 * @throws {DOMException} `AbortError`
 */
export function stopIfAborted(signal: AbortSignal | null | undefined): void {
  if (signal?.aborted) throw abortOf(signal);
}

const abortOf = (signal: AbortSignal): unknown =>
  signal.reason ?? Object.assign(new Error("Aborted"), { name: "AbortError" });
