import { type Language, LeanError, localError, type Reason } from "./errors.js";
import type { Problem } from "./schema.js";
import { stopIfAborted } from "./waiting.js";

/** A connection that hangs is none. The server's own calls to Lean end well before. */
const TIMEOUT_MS = 30_000;

export interface HttpOptions {
  /** Where the blueprint is, such as `https://api.example/lean`. */
  baseUrl: string;
  /**
   * The bearer token of the current user, for flows with `bound_to`. Asked before each call about a
   * flow. Without it the calls send cookies.
   */
  bearer?: () => string | null | undefined | Promise<string | null | undefined>;
  /** Of the calls about a flow: `omit` with `bearer`, else `include`. */
  credentials?: RequestCredentials;
  /** Of the SDK and of texts for the customer. */
  language?: Language;
  /** Another `fetch`, for instance of a test. */
  fetch?: typeof fetch;
}

export type Headers = Record<string, string>;

export interface Answer {
  status: number;
  body: unknown;
  etag: string | null;
}

export interface Call {
  query?: object | undefined;
  body?: object | undefined;
  signal?: AbortSignal | undefined;
  headers?: Headers | undefined;
  /** Whether it says who the user is. Calls that do not can be answered by shared caches. */
  isPublic?: boolean | undefined;
}

/** Calls to the JSON routes of one blueprint. */
export class Http {
  readonly language: Language;
  readonly #options: HttpOptions;
  readonly #base: string;

  constructor(options: HttpOptions) {
    this.#options = options;
    this.#base = options.baseUrl.replace(/\/+$/, "");
    this.language = options.language ?? "en";
  }

  /**
   * Headers that say who the user is.
   *
   * @throws {LeanError} `offline` where the app's own `bearer` fails, as when it asks its server
   */
  async credentials(): Promise<Headers> {
    try {
      const token = await this.#options.bearer?.();
      return token ? { Authorization: `Bearer ${token}` } : {};
    } catch (error) {
      throw localError("offline", this.language, error);
    }
  }

  /**
   * Send a request and return its answer.
   *
   * @throws {LeanError} `offline` without an answer, else as the server says
   * @throws {DOMException} `AbortError` when `signal` was aborted
   */
  async send(path: string, call: Call = {}): Promise<Answer> {
    const isOwn = !call.isPublic;
    const headers = { ...(isOwn ? await this.credentials() : {}), ...call.headers };
    return this.sendWith(headers, path, call);
  }

  /** The same with `headers` that are known already, so that it is under way when this returns. */
  async sendWith(headers: Headers, path: string, call: Call): Promise<Answer> {
    const send = this.#options.fetch ?? fetch;
    const own = this.#options.credentials ?? (this.#options.bearer ? "omit" : "include");
    const stop = new AbortController();
    const abort = () => stop.abort();
    const timeout = setTimeout(abort, TIMEOUT_MS);
    call.signal?.addEventListener("abort", abort);
    let response: Response;
    let text: string;
    try {
      stopIfAborted(call.signal);
      response = await send(this.#base + path + queryOf(call.query), {
        credentials: call.isPublic ? "omit" : own,
        headers: call.body ? { "Content-Type": "application/json", ...headers } : headers,
        ...(call.body && { method: "POST", body: JSON.stringify(call.body), keepalive: true }),
        signal: stop.signal,
      });
      text = await response.text();
    } catch (error) {
      stopIfAborted(call.signal);
      throw localError("offline", this.language, error);
    } finally {
      clearTimeout(timeout);
      call.signal?.removeEventListener("abort", abort);
    }
    const body = parsed(text);
    const isUnchanged = response.status === 304;
    if (!response.ok && !isUnchanged) throw this.#refusal(response, body);
    if (body === undefined && !isUnchanged) {
      const message = `${path} answered ${response.status} without JSON: is this lean-flask's baseUrl?`;
      throw new LeanError(undefined, { message, status: response.status });
    }
    return { status: response.status, body, etag: response.headers.get("ETag") };
  }

  #refusal(response: Response, body: unknown): LeanError {
    const problem = isProblem(body) ? body : undefined;
    const retryAfter = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
    return new LeanError(problem?.reason as Reason | undefined, {
      message: problem?.detail ?? `The server answered ${response.status}`,
      advice: problem?.advice ?? null,
      status: response.status,
      ...(Number.isFinite(retryAfter) && { retryAfter }),
      ...(problem && { problem }),
    });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isProblem = (body: unknown): body is Problem =>
  typeof body === "object" && body !== null && "detail" in body;

/** The query with its `?`. React Native's `URLSearchParams` is not whole. */
function queryOf(query: object | undefined): string {
  const given = Object.entries(query ?? {}).filter(([, value]) => value != null && value !== "");
  const parts = given.map(([name, value]) => `${name}=${encodeURIComponent(`${value}`)}`);
  return parts.length ? `?${parts.join("&")}` : "";
}
