import type { Problem } from "./schema.js";

/** Why a call failed: the server's own reasons, and those that only a front end has. */
export type Reason =
  | NonNullable<Problem["reason"]>
  /** No response. The device is offline, or the server does not allow this origin (`LEAN_ORIGINS`). */
  | "offline"
  /** Lean's loader did not load: a content blocker, the network or the page's own policy. */
  | "blocked"
  /** Another launch of this client is on its way. */
  | "busy"
  /** The customer is back from the bank, and this browser has started nothing. */
  | "no_flow";

export type Language = "en" | "ar";

const ADVICE: Partial<Record<Reason, Record<Language, string>>> = {
  offline: {
    en: "That did not work. Check your connection and try again.",
    ar: "تعذّر الاتصال. تحقّق من اتصالك بالإنترنت ثم أعد المحاولة.",
  },
  blocked: {
    en: "An ad blocker or a weak connection may be the cause. Turn the blocker off or check your connection, then try again.",
    ar: "قد يكون السبب مانع الإعلانات أو ضعف الاتصال. أوقف مانع الإعلانات أو تحقّق من اتصالك بالإنترنت، ثم أعد المحاولة.",
  },
  no_flow: {
    en: "We cannot tell what you started here. Go back and start again.",
    ar: "لم نتعرّف على طلبك. ارجع وابدأ من جديد.",
  },
};

/** A failure of a call. `reason` is for your code, `advice` for the customer. */
export class LeanError extends Error {
  override readonly name = "LeanError";
  /** `undefined` where a request is wrong, or comes from an origin that is not allowed. */
  readonly reason: Reason | undefined;
  /** What the customer can do, in their language; `null` where there is nothing to say. */
  readonly advice: string | null;
  /** HTTP status; 0 without a response. */
  readonly status: number;
  /** Seconds after which another try is worth it, where the server says so. */
  readonly retryAfter: number | undefined;
  /** What the server sent: `errors` and `parameter` tell a developer what to mend. */
  readonly problem: Problem | undefined;

  constructor(
    reason: Reason | undefined,
    {
      message = reason ?? "refused",
      advice = null,
      status = 0,
      retryAfter,
      problem,
      cause,
    }: {
      message?: string;
      advice?: string | null;
      status?: number;
      retryAfter?: number;
      problem?: Problem;
      cause?: unknown;
    } = {},
  ) {
    super(message, { cause });
    this.reason = reason;
    this.advice = advice;
    this.status = status;
    this.retryAfter = retryAfter;
    this.problem = problem;
  }

  /** Whether the same call may succeed later. */
  get isPassing(): boolean {
    if (this.reason === "offline" || this.reason === "blocked") return true;
    return RETRIED.has(this.status) || (this.status >= 500 && this.reason !== "upstream_refused");
  }
}

const RETRIED = new Set([408, 425, 429]);

/** An error of the front end, with what the customer is told in their language. */
export const localError = (reason: Reason, language: Language, cause?: unknown): LeanError =>
  new LeanError(reason, { advice: ADVICE[reason]?.[language] ?? null, cause });
