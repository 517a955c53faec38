// The app's logic against mobile_host.py, which runs at LEAN_TEST_HOST on the stand-in for Lean.

import assert from "node:assert/strict";
import { test } from "node:test";
import { BankLink, isLanding, openSdk, propsOf } from "../src/bank-link";
import { Host } from "../src/host";

const HOST = process.env.LEAN_TEST_HOST;

/** A customer's phone: its storage outlives the app. */
async function phone(language = "en") {
  const kept = new Map();
  const storage = {
    getItem: async (key) => kept.get(key) ?? null,
    setItem: async (key, value) => kept.set(key, value),
    removeItem: async (key) => kept.delete(key),
  };
  const host = new Host(HOST, language);
  await host.signIn();
  return { host, storage, kept, link: new BankLink(host, storage) };
}

/** What Lean's SDK gives to `callback`. */
const said = (status, more = {}) => ({
  status,
  message: null,
  last_api_response: null,
  exit_point: null,
  exit_intent_point: null,
  exit_survey_reason: null,
  user_exit_intent: null,
  lean_correlation_id: null,
  secondary_status: null,
  bank: { bank_identifier: null, is_supported: false },
  ...more,
});
const LEFT = said("SUCCESS", { message: "Link closed after redirect" });

/** Lean's SDK: it keeps what it is opened with. */
function standIn() {
  const opened = [];
  const open = (method) => (config) => opened.push({ method, config });
  return { opened, connect: open("connect"), captureRedirect: open("captureRedirect") };
}

/** Stands for the customer in Lean's SDK: what that changes at Lean, with its webhook. */
const end = (call, status) =>
  fetch(`${HOST}/test/end`, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify({ ...call, status }),
  });

const LANDING = `${HOST}/lean/return/success`;
const withoutSecrets = ({ access_token, customer_id, ...rest }) => {
  assert.equal(access_token.split(".").length, 3);
  return rest;
};

test("from the list to SUCCESS and the bank's word, in Arabic", async () => {
  const { host, kept, link } = await phone("ar");
  const search = host.client().searchBanks();
  await search.load();
  await search.type("الراجحى");
  const [bank] = search.state().banks;
  assert.equal(bank.display_name, "مصرف الراجحي");

  const sdk = standIn();
  const call = await link.choose(bank.identifier);
  const { appToken, ...props } = propsOf(call);
  assert.ok(appToken);
  assert.deepEqual(props, { country: "sa", language: "ar", sandbox: true, version: "latest" });
  openSdk(sdk, call);
  const [{ method, config }] = sdk.opened;
  assert.equal(method, "connect");
  assert.deepEqual(withoutSecrets(config), {
    permissions: ["identity", "accounts"],
    bank_identifier: "RJHI_SAU",
    account_type: "PERSONAL",
    success_redirect_url: LANDING,
    fail_redirect_url: LANDING.replace("success", "fail"),
  });

  await end(call, "SUCCESS");
  const answer = await link.report(said("SUCCESS"));
  assert.equal(answer.can_retry, false);
  assert.equal(kept.size, 0);
  assert.equal(await link.report(said("SUCCESS")), null); // the SDK may say it twice
  const known = await link.wait();
  assert.deepEqual([known.status, known.sdk_status], ["confirmed", "SUCCESS"]);
});

test("to the bank, and back by the link that opens the app, which the phone has ended", async () => {
  const { host, storage, link } = await phone();
  const call = await link.choose("RJHI_SAU");
  await end(call, "REDIRECT");
  const left = await link.report(LEFT);
  assert.deepEqual([left.status, left.awaits_confirmation], ["at_bank", false]);

  const landed = `${LANDING}?consent_attempt_id=a-1&granular_status_code=OK&consent_id=c-1`;
  assert.ok(isLanding(landed));
  const sdk = standIn();
  const again = new BankLink(host, storage);
  const back = await again.comeBack(landed);
  openSdk(sdk, back);
  assert.equal(sdk.opened[0].method, "captureRedirect");
  assert.deepEqual(withoutSecrets(sdk.opened[0].config), {
    consent_attempt_id: "a-1",
    granular_status_code: "OK",
    consent_id: "c-1",
  });
  await end(back, "SUCCESS");
  assert.equal((await again.report(said("SUCCESS"))).can_retry, false);
  assert.equal((await again.wait()).status, "confirmed");
  assert.equal(await again.comeBack(landed), null); // nothing is under way any more
});

test("a customer who cancels chooses again, in the same flow", async () => {
  const { storage, link } = await phone();
  await link.choose("RJHI_SAU");
  const flow = await storage.getItem("bank-flow");
  const answer = await link.report(said("CANCELLED"));
  assert.equal(answer.can_retry, true);
  const { config } = await link.choose("SNB_SAU");
  assert.equal(config.bank_identifier, "SNB_SAU");
  assert.equal(await storage.getItem("bank-flow"), flow);
});

test("another user of the same phone, and one who has signed out", async () => {
  const one = await phone();
  await one.link.choose("RJHI_SAU");
  const other = new Host(HOST, "en");
  const refusal = async (host) =>
    new BankLink(host, one.storage).choose("RJHI_SAU").catch((error) => error);
  const signedOut = await refusal(other);
  assert.deepEqual([signedOut.status, signedOut.reason], [403, "signed_out"]);
  await other.signIn();
  const wrong = await refusal(other);
  assert.deepEqual([wrong.status, wrong.reason], [403, "other_user"]);
  assert.match(wrong.advice, /somebody else/);
});

test("colours are set once, the rest goes to the method", () => {
  const native = { app_token: "app-1", country: "ae", language: "en", sandbox: false };
  const customization = { theme_color: "rgb(1,2,3)", bottom_inset: 12 };
  const call = { method: "connect", native, config: { customer_id: "c-1", customization } };
  assert.deepEqual(propsOf(call).customization, customization);
  const sdk = standIn();
  openSdk(sdk, call);
  assert.deepEqual(sdk.opened, [{ method: "connect", config: { customer_id: "c-1" } }]);
  assert.ok(!("customization" in propsOf({ ...call, config: {} })));
});

test("what is a way back from the bank", () => {
  assert.ok(isLanding("https://shop.example/lean/return/fail?x=1"));
  assert.ok(isLanding("com.example.qahwa://bank?x=1"));
  assert.ok(!isLanding("https://shop.example/orders/7"));
});
