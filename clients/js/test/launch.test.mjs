import assert from "node:assert/strict";
import { test } from "node:test";
import { LeanError } from "../dist/index.js";
import { clientOf, FLOW, json, MemoryStorage, problem, standIn } from "./support.mjs";

const CONFIG = { app_token: "a", customer_id: "c", language: "en", sandbox: true, permissions: [] };
const REPORTED = { next: "/done", advice: null, title: null, status: "reported" };
Object.assign(REPORTED, { awaits_confirmation: true, can_retry: false, receipt: null });

const serve = (answers) => (request, count) => {
  const answer = answers[request.path];
  return typeof answer === "function" ? answer(request, count) : json(answer);
};
const ANSWERS = {
  "/launch": { method: "connect", config: CONFIG },
  "/callback": REPORTED,
  "/return": { method: "captureRedirect", config: CONFIG },
};
const HAPPY = serve(ANSWERS);

test("a launch opens the SDK with the server's config, and tells the server how it ended", async () => {
  const calls = standIn(() => ({ status: "SUCCESS", message: "x".repeat(9000) }));
  const { client, asked, shared } = clientOf(HAPPY, {
    bearer: async () => "secret",
    language: "ar",
  });
  const outcome = await client.launch(FLOW, { bank_identifier: "RJHI_SAU" });
  assert.deepEqual(calls, [{ method: "connect", config: CONFIG }]);
  assert.deepEqual(
    asked.map(({ path, query, method, headers, credentials, keepalive }) => [
      path,
      query.lang,
      method,
      headers.Authorization,
      credentials,
      keepalive,
    ]),
    ["/launch", "/callback"].map((path) => [path, "ar", "POST", "Bearer secret", "omit", true]),
  );
  assert.deepEqual(asked[0].body, { flow: "token-1", bank_identifier: "RJHI_SAU" });
  assert.equal(asked[1].body.data.message.length, 4000);
  assert.deepEqual(
    { ...outcome, data: outcome.data.status },
    { ...REPORTED, flow: FLOW, sdk_status: "SUCCESS", data: "SUCCESS", error: null },
  );
  assert.equal(shared.getItem("lean-flask"), null); // nobody comes back to it, nothing is to be told
});

test("without a bearer token the calls send cookies", async () => {
  standIn(() => ({ status: "CANCELLED" }));
  const { client, asked } = clientOf(HAPPY);
  await client.launch(FLOW);
  assert.deepEqual([asked[0].credentials, asked[0].headers.Authorization], ["include", undefined]);
});

test("a refusal has the server's reason and advice", async () => {
  standIn(() => assert.fail("the SDK must not open"));
  const errors = { bank_identifier: ["Wrong"] };
  const { client } = clientOf(
    serve({ "/launch": () => problem(409, "unavailable", { advice: "Another one", errors }) }),
  );
  const error = await client.launch(FLOW, { bank_identifier: "X" }).catch((caught) => caught);
  assert.ok(error instanceof LeanError);
  assert.deepEqual(
    [error.reason, error.advice, error.status, error.message, error.isPassing],
    ["unavailable", "Another one", 409, "Why", false],
  );
  assert.deepEqual(error.problem.errors, errors);
});

test("what fails on the way is told in the customer's language", async () => {
  const offline = clientOf(() => Promise.reject(new TypeError("Failed to fetch")), {
    language: "ar",
  });
  const error = await offline.client.launch(FLOW).catch((caught) => caught);
  assert.deepEqual([error.reason, error.isPassing, error.status], ["offline", true, 0]);
  assert.match(error.advice, /اتصالك/);
  const gateway = clientOf(() => new Response("<h1>Bad gateway", { status: 502 }));
  const from = await gateway.client.prepareLaunch(FLOW).catch((caught) => caught);
  assert.deepEqual([from.reason, from.isPassing, from.status], [undefined, true, 502]);
  const refused = clientOf(() => problem(502, "upstream_refused"));
  assert.equal((await refused.client.prepareLaunch(FLOW).catch((e) => e)).isPassing, false);
  const later = clientOf(() => json({}, { status: 503, "Retry-After": "7" }));
  assert.equal((await later.client.prepareLaunch(FLOW).catch((e) => e)).retryAfter, 7);
});

test("an answer that is not lean-flask's is no banks and no launch", async () => {
  const { client } = clientOf(() => new Response("<title>An app's own page"));
  for (const call of [client.banks(), client.prepareLaunch(FLOW), client.outcome(FLOW)]) {
    const error = await call.catch((caught) => caught);
    assert.ok(error instanceof LeanError);
    assert.match(error.message, /answered 200 without JSON/);
  }
});

test("what the app's own sign-in fails with can be tried again", async () => {
  const bearer = () => Promise.reject(new TypeError("Failed to fetch"));
  const { client } = clientOf(() => assert.fail("nothing is to be asked"), { bearer });
  const error = await client.launch(FLOW).catch((caught) => caught);
  assert.deepEqual([error.reason, error.isPassing], ["offline", true]);
});

test("two launches at once are one too many", async () => {
  standIn(() => ({ status: "CANCELLED" }));
  const { client, asked } = clientOf(HAPPY);
  const first = client.launch(FLOW);
  await assert.rejects(client.launch(FLOW), { reason: "busy" });
  await first;
  await client.launch(FLOW); // once it is over, it may be tried again
  assert.equal(asked.filter(({ path }) => path === "/launch").length, 2);
});

test("an app gets the config for its own SDK, and reports what that said", async () => {
  const bearer = () => "secret";
  const { client, asked } = clientOf(HAPPY, { platform: "react-native", bearer });
  assert.deepEqual((await client.prepareLaunch(FLOW)).config, CONFIG);
  const data = { status: "SUCCESS", message: "Link closed after redirect" };
  assert.equal((await client.report(FLOW, data)).status, "reported");
  await client.prepareReturn(FLOW, "consent_id=c-1&granular_status_code=SUCCESS&theirs=1");
  assert.deepEqual(
    asked.map(({ body, headers }) => [body.platform, headers.Authorization]),
    Array(3).fill(["react-native", "Bearer secret"]),
  );
  assert.deepEqual(asked[2].body.landed_with, {
    consent_id: "c-1",
    granular_status_code: "SUCCESS",
  });
});

test("a report is sent again until the server has it", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  let left = 2;
  const { client, asked, shared } = clientOf(() => {
    context.mock.timers.tick(0);
    if (left--) return Promise.reject(new TypeError("Failed to fetch"));
    return json(REPORTED);
  });
  const response = client.report(FLOW, { status: "SUCCESS" });
  while (left >= 0) {
    await new Promise(setImmediate);
    context.mock.timers.tick(2000);
  }
  assert.equal((await response).next, "/done");
  assert.equal(asked.length, 3);
  assert.equal(shared.getItem("lean-flask"), null);
});

test("a connection that hangs is none, and the report is sent again", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const { client, asked } = clientOf((request, count) => {
    if (count > 1) return HAPPY(request);
    return new Promise((_, reject) => request.signal.addEventListener("abort", reject));
  });
  const response = client.report(FLOW, { status: "SUCCESS" });
  for (const _ of [1, 2]) {
    await new Promise(setImmediate);
    context.mock.timers.tick(30_000);
  }
  assert.deepEqual([(await response).next, asked.length], ["/done", 2]);
});

test("a report that the page could not send is sent by the next page", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const shared = new MemoryStorage();
  const left = clientOf(() => new Promise(() => {}), { shared });
  left.client.report(FLOW, { status: "SUCCESS" });
  const next = clientOf(HAPPY, { shared });
  await next.client.resendReports();
  assert.deepEqual(next.asked[0].body, { flow: "token-1", data: { status: "SUCCESS" } });
  await next.client.resendReports();
  assert.equal(next.asked.length, 1);
});

test("a report waits for its user to sign in again", async () => {
  for (const [status, reason, left] of [
    [403, "signed_out", 1],
    [401, undefined, 1],
    [403, "other_user", 1],
    [403, "invalid_flow", 0],
  ]) {
    const { client, shared } = clientOf(() => problem(status, reason));
    await assert.rejects(client.report(FLOW, { status: "SUCCESS" }), { status });
    const kept = JSON.parse(shared.getItem("lean-flask") ?? '{"reports": []}');
    assert.equal(kept.reports.length, left);
  }
});

test("a token that has run out in Lean's window is asked for again", async () => {
  let token = "old";
  standIn(() => {
    token = "new";
    return { status: "SUCCESS" };
  });
  const { client, asked } = clientOf(
    serve({
      ...ANSWERS,
      "/callback": ({ headers }) =>
        headers.Authorization === "Bearer new" ? json(REPORTED) : problem(403, "signed_out"),
    }),
    { bearer: () => token },
  );
  const outcome = await client.launch(FLOW);
  assert.deepEqual([outcome.status, outcome.error, asked.length], ["reported", null, 3]);
});

test("what the SDK said holds, whatever the server says to the report", async () => {
  standIn(() => ({ status: "SUCCESS" }));
  const refused = { ...ANSWERS, "/callback": () => problem(403, "other_user") };
  const { client, shared } = clientOf(serve(refused), { bearer: () => "of somebody else" });
  const outcome = await client.launch(FLOW);
  assert.deepEqual(
    [outcome.sdk_status, outcome.status, outcome.error.reason, outcome.can_retry],
    ["SUCCESS", null, "other_user", false],
  );
  const later = clientOf(HAPPY, { shared });
  await later.client.resendReports();
  assert.equal(later.asked[0].body.data.status, "SUCCESS");
});
