import { FlowStorage, LeanClient } from "../dist/index.js";

/** A page's storage. */
export class MemoryStorage {
  #items = new Map();
  getItem = (name) => this.#items.get(name) ?? null;
  setItem = (name, value) => this.#items.set(name, value);
  removeItem = (name) => this.#items.delete(name);
}

/** A client whose server is `answer(request)`: what it asked is in `asked`. */
export function clientOf(answer, options = {}) {
  const asked = [];
  const own = new MemoryStorage();
  const shared = options.shared ?? new MemoryStorage();
  const client = new LeanClient({
    baseUrl: "https://api.example/lean/",
    storage: new FlowStorage(own, shared),
    ...options,
    fetch: async (url, given) => {
      if (given.signal?.aborted) throw given.signal.reason;
      const { pathname, searchParams } = new URL(url);
      const path = pathname.replace("/lean", "");
      const body = given.body && JSON.parse(given.body);
      const request = { url, path, query: Object.fromEntries(searchParams), body, ...pick(given) };
      asked.push(request);
      return answer(request, asked.length);
    },
  });
  return { client, asked, own, shared };
}

const pick = ({ method = "GET", headers, credentials, keepalive, signal }) => ({
  method,
  headers,
  credentials,
  keepalive,
  signal,
});

export const json = (body, { status = 200, ...headers } = {}) =>
  new Response(status === 304 ? null : JSON.stringify(body), { status, headers });

export const problem = (status, reason, more = {}) =>
  json({ type: "about:blank", title: "No", status, detail: "Why", reason, ...more }, { status });

/** Puts an SDK into the page that ends each call as `end(method, config)` says. */
export function standIn(end) {
  const calls = [];
  const method = (name) => (config) => {
    const { callback, ...rest } = config;
    calls.push({ method: name, config: rest });
    const data = end(name, rest);
    if (data) callback(data);
  };
  globalThis.Lean = { connect: method("connect"), captureRedirect: method("captureRedirect") };
  return calls;
}

export const FLOW = { id: "flow-1", token: "token-1", loaderUrl: "https://cdn.example/loader.js" };

export const bank = (identifier, names, more = {}) => ({
  identifier,
  name: names.en,
  names,
  commercial_name: null,
  display_name: names.en,
  available: { data: true, payments: true },
  ...more,
});
