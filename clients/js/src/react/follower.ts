import { LeanError } from "../errors.js";
import type { Outcome } from "../outcome.js";

export interface FlowState {
  /** Whether the server, the SDK or the report is under way. */
  isBusy: boolean;
  outcome: Outcome | null;
  error: LeanError | null;
}

export const IDLE: FlowState = { isBusy: false, outcome: null, error: null };

/**
 * Return what tells `set` how an outcome comes about: the last one alone, unless the client refuses
 * it because one before it is still being prepared.
 */
export function follower(set: (state: FlowState) => void) {
  let followed: Promise<Outcome>[] = [];
  return async (outcome: Promise<Outcome>): Promise<void> => {
    const end = (state: FlowState) => {
      if (followed.at(-1) !== outcome) return;
      followed = [];
      set(state);
    };
    followed.push(outcome);
    set({ ...IDLE, isBusy: true });
    try {
      end({ ...IDLE, outcome: await outcome });
    } catch (error) {
      const known = error instanceof LeanError ? error : null;
      if (known?.reason === "busy" && followed.length > 1) {
        followed = followed.filter((one) => one !== outcome);
      } else end({ ...IDLE, error: known });
      if (!known) throw error; // a mistake in the app's code
    }
  };
}
