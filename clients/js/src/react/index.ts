// React hooks on the client. They hold state alone: what it looks like is your app's.

import { useCallback, useEffect, useMemo, useState, useSyncExternalStore } from "react";
import type { Choice, LeanClient } from "../client.js";
import type { BanksQuery } from "../schema.js";
import type { BankSearch, BankSearchState } from "../search.js";
import type { FlowHandle } from "../storage.js";
import { type FlowState, follower, IDLE } from "./follower.js";

export type { FlowState } from "./follower.js";

/** The list of banks, with the `type` and `load` of `BankSearch`. */
export function useBanks(
  client: LeanClient,
  filters: BanksQuery = {},
): BankSearchState & Pick<BankSearch, "type" | "load"> {
  const key = JSON.stringify(filters);
  const search = useMemo(() => client.searchBanks(JSON.parse(key) as BanksQuery), [client, key]);
  const state = useSyncExternalStore(search.subscribe, search.state, search.state);
  useEffect(() => {
    search.load();
    return search.stop;
  }, [search]);
  return { ...state, type: search.type, load: search.load };
}

/** Launches, and what became of the last one. */
export function useLaunch(client: LeanClient): FlowState & {
  /** Never rejects: see `error`. */
  launch: (flow: FlowHandle, choice?: Choice) => Promise<void>;
  reset: () => void;
} {
  const [state, follow, setState] = useFlowState();
  const launch = useCallback(
    (flow: FlowHandle, choice?: Choice) => follow(client.launch(flow, choice)),
    [client, follow],
  );
  const reset = useCallback(() => setState(IDLE), [setState]);
  return { ...state, launch, reset };
}

/**
 * On the page at which the bank's page ends: what became of the flow.
 *
 * @param query of the address as the customer landed
 */
export function useReturn(
  client: LeanClient,
  query: string,
): FlowState & {
  /** Ask again, perhaps about a flow that this browser does not know. Never rejects. */
  retry: (flow?: FlowHandle) => Promise<void>;
} {
  const [state, follow] = useFlowState({ ...IDLE, isBusy: true });
  const retry = useCallback(
    (flow?: FlowHandle) => follow(client.captureRedirect(query, flow)),
    [client, query, follow],
  );
  useEffect(() => void retry(), [retry]); // twice in StrictMode, where the client asks once
  return { ...state, retry };
}

function useFlowState(initial = IDLE) {
  const [state, setState] = useState(initial);
  const [follow] = useState(() => follower(setState));
  return [state, follow, setState] as const;
}
