import assert from "node:assert/strict";
import { test } from "node:test";
import { filterBanks } from "../dist/index.js";
import { bank, clientOf, json, problem } from "./support.mjs";

const RAJHI = bank("RJHI_SAU", { en: "Al Rajhi Bank", ar: "مصرف الراجحي" });
const SNB = bank("SNB_SAU", { en: "Saudi National Bank", ar: "البنك الأهلي السعودي" });

test("a list that has not changed is not sent again", async () => {
  const { client, asked } = clientOf(({ headers }) =>
    headers["If-None-Match"]
      ? json(null, { status: 304, ETag: '"a"' })
      : json([RAJHI], { ETag: '"a"' }),
  );
  assert.deepEqual(await client.banks({ purpose: "data" }), [RAJHI]);
  assert.deepEqual(await client.banks({ purpose: "data" }), [RAJHI]);
  await client.banks({ purpose: "payments" });
  assert.deepEqual(
    asked.map(({ headers }) => headers["If-None-Match"]),
    [undefined, '"a"', undefined],
  );
  assert.deepEqual(asked[0].query, { lang: "en", purpose: "data" });
});

test("in a page the browser's own cache is left to its work", async (context) => {
  globalThis.document = {};
  context.after(() => delete globalThis.document);
  const { client, asked } = clientOf(() => json([RAJHI], { ETag: '"a"' }));
  await client.banks();
  await client.banks();
  assert.deepEqual(
    asked.map(({ headers }) => headers),
    [{}, {}],
  );
});

test("the list is asked for as nobody, and that of a flow as its user", async () => {
  const { client, asked } = clientOf(() => json([]), { bearer: () => "secret" });
  await client.banks();
  await client.banks({ flow: "token-1" });
  assert.deepEqual(
    asked.map(({ headers, credentials }) => [headers.Authorization, credentials]),
    [
      [undefined, "omit"],
      ["Bearer secret", "omit"],
    ],
  );
});

test("where the app asks everybody for a sign-in, the list is asked for as the user", async () => {
  const { client, asked } = clientOf(
    ({ headers }) => (headers.Authorization ? json([RAJHI]) : json({}, { status: 401 })),
    { bearer: () => "secret" },
  );
  for (const _ of [1, 2]) assert.deepEqual(await client.banks(), [RAJHI]);
  assert.equal(asked.length, 3);
  const refused = clientOf(() => json({}, { status: 401 }));
  await assert.rejects(refused.client.banks(), { status: 401 });
  await assert.rejects(refused.client.banks(), { status: 401 });
  assert.equal(refused.asked.length, 3);
});

test("a text that is pasted is as long as the server takes it", async () => {
  const { client, asked } = clientOf(() => json([]));
  await client.searchBanks().type("🏦".repeat(500));
  assert.equal(asked[0].query.q, "🏦".repeat(100));
});

test("a search shows what the list has, and then what the server finds", async () => {
  const answers = { "": [RAJHI, SNB], rahji: [RAJHI] };
  const { client, asked } = clientOf(({ query }) => json(answers[query.q ?? ""]));
  const search = client.searchBanks({ purpose: "data" });
  const seen = [];
  search.subscribe(() => seen.push(search.state()));
  await search.load();
  search.type("r").catch(() => {}); // a later letter takes its place
  search.type("nati").catch(() => {});
  assert.deepEqual(search.state().banks, [SNB]);
  await search.type("rahji");
  assert.deepEqual(search.state(), { banks: [RAJHI], text: "rahji", isBusy: false, error: null });
  assert.deepEqual(
    asked.map(({ query }) => query.q),
    [undefined, "rahji"],
  );
  assert.equal(seen.at(-1), search.state());
});

test("a search without an answer keeps what the list has, and says why", async () => {
  const { client } = clientOf(({ query }) => {
    if (query.q) return problem(503, "upstream", { advice: "Later" });
    return json([RAJHI, SNB]);
  });
  const search = client.searchBanks();
  await search.load();
  await search.type("الأهلى");
  const { banks, error, isBusy } = search.state();
  assert.deepEqual(
    [banks, error.reason, error.advice, isBusy],
    [[SNB], "upstream", "Later", false],
  );
});

test("the list is filtered by words of any name, in both scripts", () => {
  const found = (text) => filterBanks([RAJHI, SNB], text).map(({ identifier }) => identifier);
  assert.deepEqual(found("rajhi al"), ["RJHI_SAU"]);
  assert.deepEqual(found("مَصرِف الراجحى"), ["RJHI_SAU"]);
  assert.deepEqual(found("bank"), ["RJHI_SAU", "SNB_SAU"]);
  assert.deepEqual(found("ajhi"), []);
  assert.deepEqual(found(" "), ["RJHI_SAU", "SNB_SAU"]);
});
