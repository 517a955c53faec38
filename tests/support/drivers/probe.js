// Runs before the scripts of a page: tells the test what goes wrong there, and gives it the time.

(() => {
  const tell = (text) => navigator.sendBeacon("/probe", text);
  addEventListener("error", ({ message }) => message && tell(message));
  addEventListener("unhandledrejection", ({ reason }) => tell(`Not caught: ${reason}`));
  document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
    tell(`Content Security Policy: ${violatedDirective} refuses ${blockedURI}`));

  if (!document.currentScript.src.endsWith("?clock")) return;
  const real = { set: setTimeout, clear: clearTimeout, now: Date.now };
  const timers = new Map(); // id to what is due when, by the time of the page
  let ahead = 0, last = 0; // ms, and the newest id
  Date.now = () => real.now() + ahead;
  const Day = Date;
  globalThis.Date = new Proxy(Day, {
    construct: (target, given) => given.length ? new target(...given) : new target(target.now()),
  });
  const arm = (id) => {
    const timer = timers.get(id);
    real.clear.call(window, timer.real);
    timer.real = real.set.call(window, () => fire(id), timer.due - Date.now());
  };
  function fire(id) {
    const timer = timers.get(id);
    if (!timer) return;
    timers.delete(id);
    real.clear.call(window, timer.real);
    if (timer.every !== undefined) add(timer.call, timer.every, timer.given, true, id);
    timer.call(...timer.given);
  }
  function add(call, wait, given, repeats, id = ++last + 1e6) {
    const ms = Math.max(Number(wait) || 0, repeats ? 1 : 0);
    timers.set(id, { call, given, due: Date.now() + ms, every: repeats ? ms : undefined });
    arm(id);
    return id;
  }
  const remove = (id) => {
    if (timers.has(id)) real.clear.call(window, timers.get(id).real);
    timers.delete(id);
  };
  globalThis.setTimeout = (call, wait, ...given) => add(call, wait, given, false);
  globalThis.setInterval = (call, wait, ...given) => add(call, wait, given, true);
  globalThis.clearTimeout = globalThis.clearInterval = remove;
  globalThis.letPass = async (ms) => {
    const end = Date.now() + ms;
    for (;;) {
      const [next] = [...timers].filter(([, { due }]) => due <= end).sort(([, a], [, b]) => a.due - b.due);
      if (!next) break;
      ahead += Math.max(0, next[1].due - Date.now());
      fire(next[0]);
      await null;
    }
    ahead += Math.max(0, end - Date.now());
    for (const id of timers.keys()) arm(id);
  };
})();
