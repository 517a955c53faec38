import assert from "node:assert/strict";
import { test } from "node:test";
import { whereTo } from "./navigation";

test("our pages, Lean's and the bank's stay in the web view", () => {
  for (const address of [
    "https://shop.example/lean/picker?flow=x",
    "https://cdn.leantech.me/link/loader/prod/sa/latest/lean-sdk.html",
    "https://bank.example/consent?next=com.example.qahwa://bank-connected",
    "about:blank",
  ]) {
    assert.deepEqual(whereTo(address), { show: true });
  }
});

test("the app's own scheme ends the picker, with what is known", () => {
  const address = "com.example.qahwa://bank-connected?lean_status=SUCCESS&lean_flow=f-1";
  assert.deepEqual(whereTo(address), { show: false, outcome: "SUCCESS", flow: "f-1" });
  const bare = whereTo("COM.example.qahwa://bank-connected");
  assert.deepEqual(bare, { show: false, outcome: null, flow: null });
});

test("any other scheme is another app's", () => {
  assert.deepEqual(whereTo("bankapp://consent/1"), { show: false, open: "bankapp://consent/1" });
  assert.deepEqual(whereTo("javascript:alert(1)"), { show: false, open: "javascript:alert(1)" });
});
