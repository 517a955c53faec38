import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowStorage } from "../dist/index.js";
import { clientOf, FLOW, json, MemoryStorage, problem, standIn } from "./support.mjs";

const CONFIG = { app_token: "a", customer_id: "c", language: "en", sandbox: true };
const REPORTED = { status: "reported", next: null, advice: null, title: null };
Object.assign(REPORTED, { awaits_confirmation: false, can_retry: false, receipt: null });
const ANSWERS = {
  "/launch": { method: "connect", config: CONFIG },
  "/return": { method: "captureRedirect", config: CONFIG },
  "/callback": REPORTED,
};
const serve = ({ path }) => json(ANSWERS[path]);

test("the page that the bank leads to asks the SDK about the flow that was launched", async () => {
  const shared = new MemoryStorage();
  standIn(() => ({ status: "REDIRECT" }));
  const before = clientOf(serve, { shared });
  assert.equal((await before.client.launch(FLOW, { bank_identifier: "A" })).sdk_status, "REDIRECT");
  await before.client.launch({ ...FLOW, id: "flow-2", token: "token-2" }, { bank_identifier: "B" });

  const calls = standIn(() => ({ status: "SUCCESS" }));
  const query = "?bank_identifier=A&consent_attempt_id=x&granular_status_code=SUCCESS&utm=1";
  const { client, asked } = clientOf(serve, { shared }); // another tab
  const [outcome, again] = [client.captureRedirect(query), client.captureRedirect(query)];
  assert.equal(outcome, again);
  assert.equal((await outcome).sdk_status, "SUCCESS");
  assert.deepEqual(
    asked.map(({ path }) => path),
    ["/return", "/callback"],
  );
  assert.deepEqual(asked[0].body, {
    flow: "token-1",
    landed_with: {
      bank_identifier: "A",
      consent_attempt_id: "x",
      granular_status_code: "SUCCESS",
    },
  });
  assert.deepEqual(calls, [{ method: "captureRedirect", config: CONFIG }]);
  await clientOf(serve, { shared }).client.captureRedirect("?bank_identifier=A"); // that one is over
  assert.equal(shared.getItem("lean-flask"), null);
});

test("a page that is loaded again is about the flow that it was about", async () => {
  const tab = clientOf(serve);
  await tab.client.prepareLaunch({ ...FLOW, id: "flow-0", token: "token-0" }); // and given up
  standIn(() => ({ status: "SUCCESS" }));
  await tab.client.prepareLaunch(FLOW, { bank_identifier: "A" });
  const query = "?bank_identifier=A&consent_attempt_id=x";
  const first = tab.client.captureRedirect(query);
  assert.equal((await first).sdk_status, "SUCCESS");
  assert.equal(tab.client.captureRedirect(query), first);

  const known = { method: null, config: null, sdk_status: "SUCCESS", status: "confirmed" };
  const storage = new FlowStorage(tab.own, tab.shared);
  const { client, asked } = clientOf(() => json(known), { storage });
  assert.equal((await client.captureRedirect(query)).status, "confirmed");
  assert.equal(asked[0].body.flow, "token-1");
  await client.captureRedirect("?consent_attempt_id=y"); // the other one after all
  assert.equal(asked[1].body.flow, "token-0");
  await client.captureRedirect("");
  assert.equal(asked[2].body.flow, "token-1"); // both are over: the one launched last
});

test("that the customer went to the bank is not told after what became of it", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const shared = new MemoryStorage();
  const left = { flow: FLOW.token, data: { status: "REDIRECT" }, at: Date.now() - 5000 };
  shared.setItem("lean-flask", JSON.stringify({ reports: [left] }));
  standIn(() => ({ status: "ERROR" }));
  const { client, asked } = clientOf(
    (request) =>
      request.body.data?.status === "REDIRECT"
        ? Promise.reject(new TypeError("Failed to fetch"))
        : serve(request),
    { shared },
  );
  const resent = client.resendReports();
  await client.captureRedirect("", FLOW);
  context.mock.timers.tick(60_000);
  await resent;
  assert.deepEqual(
    asked.map(({ path, body }) => [path, body.data?.status]),
    [
      ["/callback", "REDIRECT"],
      ["/return", undefined],
      ["/callback", "ERROR"],
    ],
  );
  assert.equal(shared.getItem("lean-flask"), null);
});

test("the whole address will do, and an app needs no URLSearchParams and no newer signals", async (context) => {
  const { URLSearchParams } = globalThis;
  const { throwIfAborted } = AbortSignal.prototype;
  context.after(() => Object.assign(globalThis, { URLSearchParams }));
  context.after(() => Object.assign(AbortSignal.prototype, { throwIfAborted }));
  delete globalThis.URLSearchParams;
  delete AbortSignal.prototype.throwIfAborted;
  const { client, asked } = clientOf(({ path }) => json(ANSWERS[path] ?? []));
  const info = "status_additional_info=a+b%20%26%23%25&status_additional_info=c";
  await client.prepareReturn(
    FLOW,
    `myapp://done/x?consent_id=1=2&${info}&consent_attempt_id=%#top`,
  );
  assert.deepEqual(asked[0].body.landed_with, {
    consent_id: "1=2",
    status_additional_info: "a b &#%",
    consent_attempt_id: "%",
  });
  await client.prepareReturn(FLOW, "myapp://done");
  assert.deepEqual(asked[1].body.landed_with, {});
  const search = client.searchBanks();
  await search.load();
  assert.equal(search.state().error, null);
  await client.banks({ q: "الراجحي & b" });
  assert.equal(
    asked[3].url,
    `https://api.example/lean/banks?lang=en&q=${encodeURIComponent("الراجحي & b")}`,
  );
});

test("a landing of which the server knows the end asks nobody", async () => {
  standIn(() => assert.fail("the SDK must not open"));
  const known = { method: null, config: null, sdk_status: "SUCCESS", next: "/done" };
  const { client } = clientOf(() => json({ ...known, status: "confirmed", can_retry: false }));
  const outcome = await client.captureRedirect("", FLOW);
  assert.deepEqual(
    [outcome.sdk_status, outcome.status, outcome.next, outcome.data],
    ["SUCCESS", "confirmed", "/done", null],
  );
});

test("a landing in a browser that has launched nothing says so", async () => {
  const { client } = clientOf(() => assert.fail("nothing is to be asked"));
  await assert.rejects(client.captureRedirect("?bank_identifier=A"), ({ reason, advice }) => {
    return reason === "no_flow" && /start again/.test(advice);
  });
});

test("a landing that failed can be tried again", async () => {
  standIn(() => ({ status: "SUCCESS" }));
  const { client } = clientOf((request, count) =>
    count === 1 ? problem(503, "identify_failed") : serve(request),
  );
  await assert.rejects(client.captureRedirect("", FLOW), { reason: "identify_failed" });
  assert.equal((await client.captureRedirect("", FLOW)).sdk_status, "SUCCESS");
});

test("the outcome is asked for until the bank has said something", async () => {
  const states = ["reported", "reported", "confirmed"];
  const { client, asked } = clientOf((_, count) => {
    if (count === 2) return problem(503, "upstream");
    return json({ id: FLOW.id, status: states[count - 2] ?? states[0], updated_at: `${count}` });
  });
  const seen = [];
  const onChange = ({ status }) => seen.push(status);
  const known = await client.waitForOutcome(FLOW, { intervalMs: 1, onChange });
  assert.equal(known.status, "confirmed");
  assert.deepEqual(seen, ["reported", "reported", "confirmed"]);
  assert.deepEqual(
    [asked[0].path, asked[0].query, asked.length],
    ["/flows/flow-1", { flow: "token-1" }, 4],
  );
});

test("who waits for the outcome may stop, and is told when it is refused", async () => {
  const { client } = clientOf(() => json({ status: "reported", updated_at: null }));
  const last = await client.waitForOutcome(FLOW, { timeoutMs: 0 });
  assert.equal(last.status, "reported");
  const stop = new AbortController();
  const waiting = client.waitForOutcome(FLOW, { signal: stop.signal });
  stop.abort();
  await assert.rejects(waiting, { name: "AbortError" });
  const { client: other } = clientOf(() => problem(403, "other_user"));
  await assert.rejects(other.waitForOutcome(FLOW), { reason: "other_user" });
});
