// What has to be known when the customer comes back from the bank, perhaps in another tab.

import type { CallbackData, LandedWith } from "./schema.js";

/** A flow that your server has made: `flow.id`, `flow.token` and `lean.loader_url`. */
export interface FlowHandle {
  id: string;
  token: string;
  /** Where Lean's SDK is. Needed to open it in a page, not in an app with a native SDK. */
  loaderUrl?: string | undefined;
}

interface Launched extends FlowHandle {
  bank_identifier?: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
  /** Of the bank's consent that the customer came back from: that page may be loaded again. */
  attempt?: string | undefined;
  isOver?: boolean;
}

/** What the SDK said about a flow, on its way to the server. */
export interface Report {
  /** The flow's token. */
  flow: string;
  data: CallbackData;
  /** Milliseconds since 1970. */
  at: number;
}

interface Kept {
  launched: Launched[];
  reports: Report[];
}

const KEY = "lean-flask";
const MAX_LAUNCHED = 5;
const KEEP_MS = 24 * 60 * 60 * 1000;

/** The flows that this browser has launched, and the reports that the server may not have. */
export class FlowStorage {
  /**
   * @param own of this tab, where one tab is enough to tell which flow comes back
   * @param shared of all tabs of this origin
   */
  constructor(
    private readonly own: Storage | undefined = storage("sessionStorage"),
    private readonly shared: Storage | undefined = storage("localStorage"),
  ) {}

  noteLaunch(flow: FlowHandle, bank_identifier?: string | null): void {
    const launched = { ...flow, bank_identifier: bank_identifier ?? undefined, at: Date.now() };
    for (const place of [this.own, this.shared]) {
      change(place, (kept) => {
        const others = kept.launched.filter(({ id }) => id !== flow.id);
        return { ...kept, launched: [launched, ...others].slice(0, MAX_LAUNCHED) };
      });
    }
  }

  /** The flow that the customer comes back to: of this tab, else of this browser. */
  launched({ bank_identifier, consent_attempt_id }: LandedWith): FlowHandle | undefined {
    for (const place of [this.own, this.shared]) {
      const { launched } = read(place);
      const open = launched.filter(({ isOver }) => !isOver);
      const found =
        launched.find((one) => consent_attempt_id && one.attempt === consent_attempt_id) ??
        open.find((one) => bank_identifier && one.bank_identifier === bank_identifier) ??
        open[0] ??
        launched[0];
      if (found) return { id: found.id, token: found.token, loaderUrl: found.loaderUrl };
    }
    return undefined;
  }

  noteLanding(flow: FlowHandle, { consent_attempt_id: attempt }: LandedWith): void {
    if (attempt) for (const place of [this.own, this.shared]) update(place, flow, { attempt });
  }

  /** The flow has ended well: nobody comes back to it, but this tab may load its page again. */
  noteEnd(flow: FlowHandle): void {
    update(this.own, flow, { isOver: true });
    change(this.shared, (kept) => ({
      ...kept,
      launched: kept.launched.filter(({ id }) => id !== flow.id),
    }));
  }

  /** Keep `report` in place of what it makes old: that would be wrong after it. */
  keepReport(report: Report): void {
    const isNeeded = (one: Report) => one.flow !== report.flow || one.data.status === "SUCCESS";
    change(this.shared, (kept) => ({
      ...kept,
      reports: [...kept.reports.filter(isNeeded), report],
    }));
  }

  dropReport({ flow, at }: Report): void {
    change(this.shared, (kept) => ({
      ...kept,
      reports: kept.reports.filter((one) => one.flow !== flow || one.at !== at),
    }));
  }

  reports(): Report[] {
    return read(this.shared).reports;
  }
}

/** Storage of the page; none in apps, and where the customer has turned it off. */
function storage(name: "sessionStorage" | "localStorage"): Storage | undefined {
  try {
    return globalThis[name];
  } catch {
    return undefined;
  }
}

function read(place: Storage | undefined): Kept {
  try {
    const { launched = [], reports = [] } = JSON.parse(place?.getItem(KEY) ?? "{}");
    const since = Date.now() - KEEP_MS;
    const isRecent = ({ at }: { at: number }) => at > since;
    return { launched: launched.filter(isRecent), reports: reports.filter(isRecent) };
  } catch {
    return { launched: [], reports: [] };
  }
}

function update(place: Storage | undefined, flow: FlowHandle, known: Partial<Launched>): void {
  change(place, (kept) => ({
    ...kept,
    launched: kept.launched.map((one) => (one.id === flow.id ? { ...one, ...known } : one)),
  }));
}

function change(place: Storage | undefined, changed: (kept: Kept) => Kept): void {
  const kept = changed(read(place));
  try {
    if (kept.launched.length + kept.reports.length) place?.setItem(KEY, JSON.stringify(kept));
    else place?.removeItem(KEY);
  } catch {
    // It is full, or not to be written: then only this tab's memory is left.
  }
}
