import { Banks } from "./banks.js";
import { type LeanError, localError } from "./errors.js";
import { Http, type HttpOptions } from "./http.js";
import { knownOutcome, type Outcome, reportedOutcome } from "./outcome.js";
import { type Reported, Reports } from "./reports.js";
import type {
  Bank,
  BanksQuery,
  CallbackData,
  CallbackRequest,
  FlowStatus,
  LandedWith,
  LaunchCall,
  LaunchRequest,
  ReturnCall,
} from "./schema.js";
import { loadLean, openLean } from "./sdk.js";
import { BankSearch } from "./search.js";
import { type FlowHandle, FlowStorage } from "./storage.js";
import { isHidden, pause } from "./waiting.js";

export type Platform = NonNullable<CallbackRequest["platform"]>;
/** What the customer chose; nothing where the method asks for nothing, or Lean's SDK shall ask. */
export type Choice = Omit<LaunchRequest, "flow" | "platform">;

export interface LeanClientOptions extends HttpOptions {
  /** Whose SDK the configs are for. Default: `web`. */
  platform?: Platform;
  /** Where launches and reports are kept. Default: the page's own storage. */
  storage?: FlowStorage;
}

interface Waiting {
  signal?: AbortSignal;
}

/** What Lean adds to the address at which the customer lands. */
const LANDED_WITH: readonly (keyof LandedWith)[] = [
  "bank_identifier",
  "consent_attempt_id",
  "consent_id",
  "granular_status_code",
  "status_additional_info",
];

/** The JSON routes of one lean-flask blueprint, for one user. */
export class LeanClient {
  readonly #http: Http;
  readonly #banks: Banks;
  readonly #platform: Platform | undefined;
  readonly #storage: FlowStorage;
  readonly #reports: Reports;
  readonly #returns = new Map<string, Promise<Outcome>>();
  #isOpening = false;

  constructor(options: LeanClientOptions) {
    this.#http = new Http(options);
    this.#banks = new Banks(this.#http);
    this.#platform = options.platform;
    this.#storage = options.storage ?? new FlowStorage();
    this.#reports = new Reports(this.#http, this.#storage, this.#platform);
  }

  /** Return the banks that `GET /banks` lists, best match first where `q` is given. */
  banks(query: BanksQuery = {}, { signal }: Waiting = {}): Promise<Bank[]> {
    return this.#banks.list(query, signal);
  }

  /** Return a list to be searched while somebody types. */
  searchBanks(filters: BanksQuery = {}): BankSearch {
    const ask = (query: BanksQuery, signal: AbortSignal) => this.banks(query, { signal });
    return new BankSearch(ask, filters, this.#http.language);
  }

  /**
   * Open Lean's SDK in this page, tell the server how it ended, and return that.
   *
   * With `sdk_status` `REDIRECT` the page is about to be left for the bank's, which sends the
   * customer back to the flow's redirect address: call `captureRedirect()` there.
   *
   * @throws {LeanError} as the server refuses, or `busy`, `blocked`, `offline`
   */
  async launch(flow: FlowHandle, choice: Choice = {}, { signal }: Waiting = {}): Promise<Outcome> {
    const { method, config } = await this.#alone(async () => {
      const loading = this.#load(flow);
      const call = await this.prepareLaunch(flow, choice, { signal });
      await loading;
      return call;
    });
    return this.#open(flow, method, config);
  }

  /** Return the SDK's method and config for a choice. An app gives them to Lean's native SDK. */
  async prepareLaunch(
    flow: FlowHandle,
    choice: Choice = {},
    { signal }: Waiting = {},
  ): Promise<LaunchCall> {
    const body = { flow: flow.token, platform: this.#platform, ...choice };
    const call = await this.#post<LaunchCall>("/launch", body, signal);
    this.#storage.noteLaunch(flow, choice.bank_identifier);
    return call;
  }

  /** Tell the server what the SDK said, again and again until it knows, and return what it says. */
  report(flow: FlowHandle, data: CallbackData): Reported {
    return this.#reports.send(flow, data);
  }

  /** Send the reports that the server did not get before the page was left. Call it once. */
  resendReports(): Promise<void> {
    return this.#reports.resend();
  }

  /**
   * On the page at which the bank's page ends: ask Lean's SDK what became of the flow, tell the
   * server, and return that. A second call with the same query gives the same promise.
   *
   * @param query of this page's address, or all of it, before anything changes it
   * @param flow by default the one that this browser has launched
   * @throws {LeanError} `no_flow` where this browser has launched none; else as of `launch`
   */
  captureRedirect(query: string = location.search, flow?: FlowHandle): Promise<Outcome> {
    const landedWith = landingOf(query);
    const found = flow ?? this.#storage.launched(landedWith);
    if (!found) return Promise.reject(localError("no_flow", this.#http.language));
    const key = `${found.id} ${JSON.stringify(landedWith)}`;
    const known = this.#returns.get(key);
    if (known) return known;
    this.#storage.noteLanding(found, landedWith);
    const outcome = this.#capture(found, query);
    outcome.catch(() => this.#returns.delete(key)); // it may be tried again
    this.#returns.set(key, outcome);
    return outcome;
  }

  /** Return the SDK's call after a redirect. Its `method` is `null` where there is nothing to ask. */
  prepareReturn(flow: FlowHandle, query: string, { signal }: Waiting = {}): Promise<ReturnCall> {
    const landed_with = landingOf(query);
    return this.#post(
      "/return",
      { flow: flow.token, landed_with, platform: this.#platform },
      signal,
    );
  }

  /** Return what is known of a flow, on whichever device it goes on. */
  async outcome({ id, token }: FlowHandle, { signal }: Waiting = {}): Promise<FlowStatus> {
    const path = `/flows/${encodeURIComponent(id)}`;
    const answer = await this.#http.send(path, { query: { flow: token }, signal });
    return answer.body as FlowStatus;
  }

  /**
   * Ask for a flow about each second while the page is seen, until the bank has said yes or no, or
   * `timeoutMs` are over. Returns what was known last.
   *
   * @throws {LeanError} when the server refuses for good
   */
  async waitForOutcome(
    flow: FlowHandle,
    {
      until = ({ status }: FlowStatus) => status === "confirmed" || status === "failed",
      onChange = (_: FlowStatus) => {},
      intervalMs = 1000,
      timeoutMs = 10_000,
      signal,
    }: Waiting & {
      until?: (known: FlowStatus) => boolean;
      onChange?: (known: FlowStatus) => void;
      intervalMs?: number;
      timeoutMs?: number;
    } = {},
  ): Promise<FlowStatus> {
    const end = Date.now() + timeoutMs;
    let last: FlowStatus | undefined;
    for (;;) {
      const known = await this.outcome(flow, { signal }).catch((error: LeanError) => {
        if (!error.isPassing || Date.now() > end) throw error;
        return last;
      });
      if (known && known.updated_at !== last?.updated_at) onChange(known);
      last = known ?? last;
      if (last && (until(last) || Date.now() + intervalMs > end)) return last;
      do await pause(intervalMs, signal);
      while (isHidden() && Date.now() < end);
    }
  }

  async #capture(flow: FlowHandle, query: string): Promise<Outcome> {
    const call = await this.#alone(async () => {
      const loading = this.#load(flow);
      const prepared = await this.prepareReturn(flow, query);
      if (prepared.method) await loading;
      return prepared;
    });
    if (call.method === null) return this.#ended(knownOutcome(flow, call));
    return this.#open(flow, call.method, call.config);
  }

  async #open(flow: FlowHandle, method: string, config: object): Promise<Outcome> {
    const ready = await this.#http.credentials();
    const { language } = this.#http;
    const { data, response } = await new Promise<{ data: CallbackData; response: Reported }>(
      (resolve) => {
        // The report is under way before the SDK leaves for the bank's page.
        openLean(method, config, language, (data) =>
          resolve({ data, response: this.#reports.send(flow, data, ready) }),
        );
      },
    );
    return this.#ended(reportedOutcome(flow, data, await this.#reports.inTime(response)));
  }

  #ended(outcome: Outcome): Outcome {
    if (outcome.sdk_status === "SUCCESS") this.#storage.noteEnd(outcome.flow);
    return outcome;
  }

  #load({ loaderUrl }: FlowHandle): Promise<void> {
    if (!loaderUrl) throw new TypeError("A flow needs its loaderUrl to be opened in a page");
    const loading = loadLean(loaderUrl, this.#http.language);
    loading.catch(() => {}); // whoever waits for it gets the error
    return loading;
  }

  /** One window of Lean's opens at a time: a second one would close the first. */
  async #alone<T>(prepare: () => Promise<T>): Promise<T> {
    if (this.#isOpening) throw localError("busy", this.#http.language);
    this.#isOpening = true;
    try {
      return await prepare();
    } finally {
      this.#isOpening = false;
    }
  }

  async #post<T>(path: string, body: object, signal?: AbortSignal): Promise<T> {
    const query = { lang: this.#http.language };
    return (await this.#http.send(path, { query, body, signal })).body as T;
  }
}

/** What the server may want of the query: no other parameter of the page's leaves it. */
function landingOf(query: string): LandedWith {
  const landed: LandedWith = {};
  for (const part of query
    .replace(/^[^?]*\?/, "")
    .replace(/#.*/, "")
    .split("&")) {
    const [name, value] = part.split(/=(.*)/s).map(decoded);
    const known = LANDED_WITH.find((one) => one === name);
    if (known && value) landed[known] ??= value;
  }
  return landed;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, " "));
  } catch {
    return text; // the server leaves out what is odd
  }
}
