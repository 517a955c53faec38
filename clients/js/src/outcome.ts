import { LeanError } from "./errors.js";
import type { CallbackData, CallbackResponse, FlowStatus, NoCall, Receipt } from "./schema.js";
import type { FlowHandle } from "./storage.js";

/** How a flow ended in this page. The SDK's word is a hint: the bank's own comes by webhook. */
export interface Outcome {
  flow: FlowHandle;
  /** What the SDK said: `SUCCESS`, `CANCELLED`, `ERROR`, `REDIRECT` or another. */
  sdk_status: string | null;
  /** All that the SDK said; `null` where the server knew already. */
  data: CallbackData | null;
  /** What the server knows; `null` while it has not answered. */
  status: FlowStatus["status"] | null;
  /** The flow's `return_url` with the outcome. */
  next: string | null;
  /** A heading and a text for the customer, where there is something to say. */
  title: string | null;
  advice: string | null;
  /** Whether the bank's word is to come: see `waitForOutcome()`. */
  awaits_confirmation: boolean;
  /** Whether the flow may be launched again. */
  can_retry: boolean;
  receipt: Receipt | null;
  /**
   * Why the server did not take what the SDK said. With `signed_out` or `other_user` the client keeps
   * it for `resendReports()`.
   */
  error: LeanError | null;
}

/** Of a window that closed in this page. */
export const reportedOutcome = (
  flow: FlowHandle,
  data: CallbackData,
  answer: CallbackResponse | LeanError | undefined,
): Outcome => {
  const error = answer instanceof LeanError ? answer : null;
  const response = answer instanceof LeanError ? undefined : answer;
  return {
    flow,
    sdk_status: data.status,
    data,
    status: response?.status ?? null,
    next: response?.next ?? null,
    title: response?.title ?? null,
    advice: response?.advice ?? null,
    awaits_confirmation: response?.awaits_confirmation ?? false,
    can_retry: response?.can_retry ?? data.status !== "SUCCESS",
    receipt: response?.receipt ?? null,
    error,
  };
};

/** Of a landing about which Lean's SDK has nothing to be asked. */
export const knownOutcome = (flow: FlowHandle, known: NoCall & Partial<FlowStatus>): Outcome => ({
  flow,
  sdk_status: known.sdk_status ?? null,
  data: null,
  status: known.status ?? null,
  next: known.next ?? null,
  title: null,
  advice: null,
  awaits_confirmation: known.awaits_confirmation ?? false,
  can_retry: known.can_retry ?? false,
  receipt: known.receipt ?? null,
  error: null,
});
