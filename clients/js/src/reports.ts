// Tells the server how a flow ended, for as long as the server does not know.

import { LeanError, type Reason } from "./errors.js";
import type { Headers, Http } from "./http.js";
import type { CallbackData, CallbackResponse } from "./schema.js";
import type { FlowHandle, FlowStorage, Report } from "./storage.js";
import { pause } from "./waiting.js";

/** How long an outcome waits for the server's response before it goes without. */
const MAX_WAIT_MS = 5000;
const INITIAL_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** A request that outlives its page takes 64 kB; no text that is needed is longer than this. */
const MAX_TEXT = 4000;

/** Refusals that end when the flow's user signs in again, whoever is at the device now. */
const FOR_USER = new Set<Reason | undefined>(["signed_out", "other_user"]);

/** The server's answer to a report, once it has one. */
export type Reported = Promise<CallbackResponse>;

export class Reports {
  /** Of each flow, by its token: the report that was sent last. */
  readonly #newest = new Map<string, { at: number; response: Reported }>();

  constructor(
    private readonly http: Http,
    private readonly storage: FlowStorage,
    private readonly platform: string | undefined,
  ) {}

  /**
   * @param ready headers of the user: with them the report is under way when this returns, since a
   *   page that is left waits for nothing
   * @throws {LeanError} when the server refuses for good
   */
  send({ token }: FlowHandle, data: CallbackData, ready?: Headers): Reported {
    const report = { flow: token, data: shortened(data), at: Date.now() };
    this.storage.keepReport(report);
    const response = this.#deliver(report, ready);
    this.#newest.set(token, { at: report.at, response });
    response.catch(() => {}); // whoever waits for it gets the error
    return response;
  }

  /** The response, nothing where that takes long, or why the server refuses it for good. */
  async inTime(response: Reported): Promise<CallbackResponse | LeanError | undefined> {
    const stop = new AbortController();
    const late = pauseAlone(MAX_WAIT_MS, stop.signal);
    const refusal = response.catch((error: LeanError) => error);
    return Promise.race([refusal, late]).finally(() => stop.abort());
  }

  async resend(): Promise<void> {
    await Promise.all(
      this.storage.reports().map((report) => this.#deliver(report).catch(() => undefined)),
    );
  }

  async #deliver(report: Report, ready?: Headers): Reported {
    let headers = ready;
    for (let ms = INITIAL_DELAY_MS; ; ms = Math.min(ms * 2, MAX_DELAY_MS)) {
      try {
        const own = headers ?? (await this.http.credentials());
        const answer = await this.http.sendWith(own, "/callback", {
          query: { lang: this.http.language },
          body: { flow: report.flow, data: report.data, platform: this.platform },
        });
        this.storage.dropReport(report);
        return answer.body as CallbackResponse;
      } catch (error) {
        if (!(error instanceof LeanError)) throw error;
        const isForUser = error.status === 401 || FOR_USER.has(error.reason);
        const isPerhapsOld = isForUser && headers?.Authorization !== undefined;
        headers = undefined;
        if (isPerhapsOld) continue; // the window was open for as long as the customer liked
        if (!error.isPassing) {
          if (!isForUser) this.storage.dropReport(report);
          throw error;
        }
      }
      await pause(ms);
      const newest = this.#newest.get(report.flow);
      const isOld = newest && newest.at > report.at && report.data.status !== "SUCCESS";
      if (isOld) return newest.response; // the SDK has said more since, and nothing follows a success
    }
  }
}

/** Wait `ms`, or for `signal`. */
const pauseAlone = (ms: number, signal: AbortSignal): Promise<undefined> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), ms);
    signal.addEventListener("abort", () => clearTimeout(timer));
  });

/** A copy with long texts cut. */
const shortened = (data: CallbackData): CallbackData =>
  JSON.parse(
    JSON.stringify(data, (_, value) =>
      typeof value === "string" ? value.slice(0, MAX_TEXT) : value,
    ),
  );
