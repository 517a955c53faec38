// Tells the server how a flow ended, for as long as the server does not know.

import { LeanError } from "./errors.js";
import type { Http } from "./http.js";
import type { CallbackData, CallbackResponse } from "./schema.js";
import type { FlowHandle, FlowStorage, Report } from "./storage.js";
import { pause } from "./waiting.js";

/** How long an outcome waits for the server's response before it goes without. */
const MAX_WAIT_MS = 5000;
const INITIAL_DELAY_MS = 1000;
const MAX_DELAY_MS = 30_000;
/** A request that outlives its page takes 64 kB; no text that is needed is longer than this. */
const MAX_TEXT = 4000;

/** The server's answer to a report, once it has one. */
export type Reported = Promise<CallbackResponse>;

export class Reports {
  #headers: Record<string, string> = {};

  constructor(
    private readonly http: Http,
    private readonly storage: FlowStorage,
    private readonly platform: string | undefined,
  ) {}

  /** Ask for the user's token before it is needed: a page that is left waits for nothing. */
  async prepare(): Promise<void> {
    this.#headers = await this.http.credentials();
  }

  /**
   * @throws {LeanError} when the server refuses for good
   */
  send({ token }: FlowHandle, data: CallbackData): Reported {
    const report = { flow: token, data: shortened(data), at: Date.now() };
    this.storage.keepReport(report);
    const response = this.#deliver(report);
    response.catch(() => {}); // whoever waits for it gets the error
    return response;
  }

  /** The response, or nothing where that takes long. */
  async inTime(response: Reported): Promise<CallbackResponse | undefined> {
    const stop = new AbortController();
    const late = pauseAlone(MAX_WAIT_MS, stop.signal);
    return Promise.race([response, late]).finally(() => stop.abort());
  }

  async resend(): Promise<void> {
    await this.prepare();
    await Promise.all(
      this.storage.reports().map((report) => this.#deliver(report).catch(() => undefined)),
    );
  }

  async #deliver(report: Report): Reported {
    for (let ms = INITIAL_DELAY_MS; ; ms = Math.min(ms * 2, MAX_DELAY_MS)) {
      try {
        const answer = await this.http.sendWith(this.#headers, "/callback", {
          query: { lang: this.http.language },
          body: { flow: report.flow, data: report.data, platform: this.platform },
        });
        this.storage.dropReport(report);
        return answer.body as CallbackResponse;
      } catch (error) {
        if (!(error instanceof LeanError) || !error.isPassing) {
          // Somebody who signs in again can still tell it.
          const { reason, status } = error as LeanError;
          if (reason !== "signed_out" && status !== 401) this.storage.dropReport(report);
          throw error;
        }
      }
      await pause(ms);
      await this.prepare().catch(() => {});
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
