import { LeanError } from "./errors.js";
import type { Answer, Call, Http } from "./http.js";
import type { Bank, BanksQuery } from "./schema.js";

const MAX_ANSWERS = 50;

interface Held {
  etag: string;
  banks: Bank[];
}

/**
 * Bank lists by query; one that has not changed is not sent again. A browser's own cache sees to
 * that, with the freshness that the server gives. In apps and on servers, `fetch` has none.
 */
export class Banks {
  readonly #http: Http;
  readonly #held = new Map<string, Held>();
  /** Whether the app asks for a sign-in before each of its routes. */
  #isForUsers = false;

  constructor(http: Http) {
    this.#http = http;
  }

  async list(query: BanksQuery, signal?: AbortSignal): Promise<Bank[]> {
    const asked = { lang: this.#http.language, ...query };
    const key = JSON.stringify(Object.entries(asked).sort());
    const held = this.#held.get(key);
    const answer = await this.#ask({
      query: asked,
      signal,
      isPublic: !query.flow, // a list of one customer is asked for with the customer's own token
      headers: held && { "If-None-Match": held.etag },
    });
    const banks = held && answer.status === 304 ? held.banks : (answer.body as Bank[]);
    this.#held.delete(key);
    if (answer.etag && !("document" in globalThis))
      this.#held.set(key, { etag: answer.etag, banks });
    const [oldest] = this.#held.keys();
    if (this.#held.size > MAX_ANSWERS && oldest !== undefined) this.#held.delete(oldest);
    return banks;
  }

  async #ask(call: Call): Promise<Answer> {
    if (!call.isPublic || this.#isForUsers) {
      return this.#http.send("/banks", { ...call, isPublic: false });
    }
    try {
      return await this.#http.send("/banks", call);
    } catch (error) {
      if (!(error instanceof LeanError) || ![401, 403].includes(error.status)) throw error;
      this.#isForUsers = true;
      return this.#ask(call);
    }
  }
}
