// The client against a host that runs: LEAN_TEST_HOST is where examples/spa/server.py serves.

import assert from "node:assert/strict";
import { test } from "node:test";
import { FlowStorage, LeanClient } from "../dist/index.js";
import { MemoryStorage, standIn } from "./support.mjs";

const HOST = process.env.LEAN_TEST_HOST;

async function ask(path, token) {
  const response = await fetch(HOST + path, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` },
    body: "{}",
  });
  return response.json();
}

/** A user who is signed in, with a client that says so. */
async function user(options) {
  const { token } = await ask("/api/sign-in");
  const storage = new FlowStorage(new MemoryStorage(), new MemoryStorage());
  const given = { baseUrl: `${HOST}/lean`, bearer: () => token, storage, ...options };
  return { client: new LeanClient(given), newFlow: () => ask("/api/flows", token) };
}

test("from the list to SUCCESS, in Arabic", { skip: !HOST }, async () => {
  const { client, newFlow } = await user({ language: "ar" });
  const search = client.searchBanks({ purpose: "data" });
  await search.load();
  await search.type("الراجحى");
  const [bank] = search.state().banks;
  assert.equal(bank.display_name, "مصرف الراجحي");
  assert.equal(await client.banks({ purpose: "data" }), await client.banks({ purpose: "data" }));

  const flow = await newFlow();
  const calls = standIn(() => ({ status: "SUCCESS" }));
  const outcome = await client.launch(flow, { bank_identifier: bank.identifier });
  const [{ method, config }] = calls;
  const { access_token, app_token, customer_id, ...rest } = config;
  assert.deepEqual([method, access_token.split(".").length], ["connect", 3]);
  assert.deepEqual(rest, {
    account_type: "PERSONAL",
    permissions: ["identity", "accounts"],
    bank_identifier: "RJHI_SAU",
    success_redirect_url: "http://localhost:5173/return",
    fail_redirect_url: "http://localhost:5173/return",
    language: "ar",
    sandbox: true,
  });
  assert.deepEqual(
    [outcome.sdk_status, outcome.status, outcome.can_retry, outcome.receipt.bank],
    ["SUCCESS", "reported", false, "مصرف الراجحي"],
  );
  assert.equal((await client.outcome(flow)).sdk_status, "SUCCESS");
  await assert.rejects(client.launch(flow), { reason: "completed", status: 410 });
});

test("back from the bank", { skip: !HOST }, async () => {
  const { client, newFlow } = await user();
  const flow = await newFlow();
  standIn(() => ({ status: "REDIRECT", open_banking_redirect_url: "https://bank.example/" }));
  const left = await client.launch(flow, { bank_identifier: "RJHI_SAU" });
  assert.deepEqual([left.sdk_status, left.status], ["REDIRECT", "at_bank"]);
  const calls = standIn(() => ({ status: "SUCCESS" }));
  const landed = "bank_identifier=RJHI_SAU&granular_status_code=SUCCESS&consent_attempt_id=a-1";
  const outcome = await client.captureRedirect(`?${landed}`);
  assert.equal(outcome.sdk_status, "SUCCESS");
  const [{ method, config }] = calls;
  const { access_token, app_token, customer_id, ...rest } = config;
  assert.equal(method, "captureRedirect");
  assert.deepEqual(rest, {
    bank_identifier: "RJHI_SAU",
    granular_status_code: "SUCCESS",
    consent_attempt_id: "a-1",
    language: "en",
    sandbox: true,
  });
});

test("another user, nobody, and an app", { skip: !HOST }, async () => {
  const [one, other, nobody] = await Promise.all([user(), user(), user({ bearer: () => null })]);
  const flow = await one.newFlow();
  const refused = (client) => client.prepareLaunch(flow, {}).catch((error) => error);
  const theirs = await refused(other.client);
  assert.deepEqual([theirs.reason, theirs.status], ["other_user", 403]);
  assert.match(theirs.advice, /somebody else/);
  assert.equal((await refused(nobody.client)).reason, "signed_out");
  const app = await user({ platform: "react-native" });
  const call = await app.client.prepareLaunch(await app.newFlow(), { bank_identifier: "SNB_SAU" });
  assert.deepEqual([call.native.country, call.config.bank_identifier], ["sa", "SNB_SAU"]);
});
