// Back from the bank. Lean's window tells what became of the flow, and the host goes on.

const main = document.getElementById("lean-return");
const { outcome, loader, capture, callback, events, method } = main.dataset;

// What the picker left in this tab.
const [flowOfThisTab, chosen] = stored(() => sessionStorage[RETURNING].split(" ")) ?? [];
const flow = flowOfThisTab || main.dataset.flow;

// For the host, as on the picker.
function tell(name, told) {
  const detail = { method, state: "return", language: document.documentElement.lang, ...told };
  main.dispatchEvent(new CustomEvent(`lean:${name}`, { bubbles: true, detail }));
}

function blocked() {
  tell("loader_blocked");
  post(events, { flow, event: "loader_blocked" }).catch(() => {});
}

function landedWith() {
  const names = ["consent_attempt_id", "consent_id", "granular_status_code", "status_additional_info"];
  const query = new URLSearchParams(location.search);
  return Object.fromEntries(names.filter((name) => query.get(name)).map((name) => [name, query.get(name)]));
}

// What the URL itself says: all there is when Lean's window does not open.
function claim() {
  const code = landedWith().granular_status_code;
  return { status: outcome, ...(code && { secondary_status: code }) };
}

function askLean({ method, config }) {
  if (!method) return Promise.resolve(claim());
  return new Promise((resolve) => {
    const frames = document.getElementsByTagName("iframe").length;
    window.Lean[method]({ ...config, callback: resolve });
    setTimeout(() => {
      if (document.getElementsByTagName("iframe").length === frames) resolve(claim());
    }, WINDOW_PATIENCE);
  });
}

function show(name, values = {}) {
  const screen = main.querySelector("#screen");
  const content = main.querySelector(`#screen-${name}`).content.cloneNode(true);
  const link = content.querySelector("[data-href]");
  if (values.next) link.href = values.next;
  else link?.remove();
  const reference = content.querySelector("[data-reference]");
  if (values.id) reference.querySelector("bdi").textContent = values.id;
  else reference?.remove();
  screen.replaceChildren(content);
  screen.querySelector(".title").focus();
}

async function goOn() {
  if (!flow) return show("lost");
  history.replaceState(null, "", location.pathname + location.search);
  const [answer] = await Promise.all([
    post(capture, { flow, landed_with: landedWith() }),
    loadLean(loader).catch(blocked),
  ]);
  const data = await askLean(window.Lean ? answer : {});
  const { status, secondary_status } = data;
  const bank_identifier = data.bank?.bank_identifier ?? (chosen || undefined);
  tell("flow_closed", { status, secondary_status, bank_identifier });
  const { next } = await post(callback, { flow, data });
  if (status === "SUCCESS") remember(bank_identifier);
  show(status === "SUCCESS" ? "success" : "error", { next, id: data.lean_correlation_id });
  if (next) setTimeout(() => location.replace(next), 2000);
  return undefined;
}

goOn().catch(({ reason }) => show(reason === "upstream" || reason === "offline" ? "trouble" : "lost"));
