// What the React hooks say of an outcome.

import assert from "node:assert/strict";
import { test } from "node:test";
import { LeanError } from "../dist/index.js";
import { follower, IDLE } from "../dist/react/follower.js";

const DONE = { sdk_status: "SUCCESS" };
const BUSY = { ...IDLE, isBusy: true };

function following() {
  const states = [];
  return { states, follow: follower((state) => states.push(state)) };
}

test("a second press does not hide what becomes of the first", async () => {
  const { states, follow } = following();
  let end;
  const first = follow(new Promise((resolve) => (end = resolve)));
  await follow(Promise.reject(new LeanError("busy")));
  assert.deepEqual(states.at(-1), BUSY);
  end(DONE);
  await first;
  assert.deepEqual(states.at(-1), { ...IDLE, outcome: DONE });
  await follow(Promise.reject(new LeanError("busy"))); // of another part of the page
  assert.equal(states.at(-1).error.reason, "busy");
});

test("an older outcome says nothing any more, whenever it comes", async () => {
  const { states, follow } = following();
  let late;
  const left = follow(new Promise((resolve) => (late = resolve)));
  await follow(Promise.resolve(DONE));
  late({ sdk_status: "CANCELLED" });
  await left;
  assert.deepEqual(states, [BUSY, BUSY, { ...IDLE, outcome: DONE }]);
});

test("a mistake in the app's code is thrown, and nothing stays busy", async () => {
  const { states, follow } = following();
  await assert.rejects(follow(Promise.reject(new TypeError("no loaderUrl"))), TypeError);
  assert.deepEqual(states, [BUSY, IDLE]);
});
