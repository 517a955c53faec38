// Four calls make a picker: the banks, the launch, Lean's SDK, and what the SDK said at the end.
// Their types: npx openapi-typescript http://127.0.0.1:5000/lean/openapi.json -o lean.d.ts

const main = document.querySelector("main");
const { api, flow } = main.dataset;
const [input, list, row, status] = ["input", "ul", "template", "[role=status]"]
  .map((selector) => main.querySelector(selector));
const say = (text = "") => { status.textContent = status.dataset[text] ?? ""; };

async function ask(path, options) {
  const response = await fetch(api + path, options);
  const answer = await response.json();
  if (!response.ok) throw answer; // application/problem+json
  return answer;
}

const post = (path, body) => ask(path, {
  method: "POST",
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify({ flow, ...body }),
});

let latest;

async function showBanks() {
  latest?.abort(); // an answer to older letters must not come last
  latest = new AbortController();
  const query = new URLSearchParams({ q: input.value, lang: document.documentElement.lang });
  const banks = await ask(`/banks?${query}`, { signal: latest.signal });
  list.replaceChildren(...banks.map(rowOf));
  say(banks.length ? "" : "none");
}

function rowOf(bank) {
  const item = row.content.cloneNode(true);
  const button = item.querySelector("button");
  item.querySelector(".name").textContent = bank.display_name;
  const logo = item.querySelector("img");
  logo.src = bank.logo;
  logo.style.background = bank.main_color; // most logos are white
  const note = item.querySelector("small");
  note.hidden = bank.available.data;
  if (bank.notice) note.textContent = bank.notice[document.documentElement.lang];
  button.disabled = !bank.available.data;
  button.onclick = () => launch(bank).catch(failed);
  return item;
}

async function launch(bank) {
  say("busy");
  const { method, config } = await post("/launch", { bank_identifier: bank.identifier });
  window.Lean[method]({ ...config, callback: (data) => finish(data).catch(failed) });
  say();
}

async function finish(data) {
  const { next } = await post("/callback", { data });
  if (data.status === "CANCELLED") return say("cancelled");
  // After REDIRECT the SDK leaves for the bank, and lean-flask's own page takes over on the way back.
  if (data.status !== "REDIRECT") location.assign(next);
}

function failed({ name, advice }) {
  if (name !== "AbortError") status.textContent = advice ?? status.dataset.failed;
}

input.oninput = () => showBanks().catch(failed);
input.oninput();
