// Lean's loader, our own server, and what the browser remembers.

const RETURNING = "lean-picker:flow";
const RECENT = "lean-picker:recent";
const LOADER_PATIENCE = 8000;
const LOADER_GRACE = 500;
const WINDOW_PATIENCE = 4000;

const problem = (reason, advice) => Object.assign(new Error(reason), { reason, advice });

// A browser that stores nothing only loses a shortcut.
function stored(act) {
  try {
    return act();
  } catch {
    return undefined;
  }
}

// Banks used before are kept in this browser only.
const remembered = () => stored(() => [...JSON.parse(localStorage[RECENT])]) ?? [];

function remember(identifier) {
  const recent = [...new Set([identifier, ...remembered()])].filter(Boolean).slice(0, 3);
  stored(() => { localStorage[RECENT] = JSON.stringify(recent); });
}

// One script tag for the whole document, and a new one after a failure.
function loadLean(source) {
  window.leanLoading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    const settle = () => {
      clearTimeout(late);
      if (window.Lean) return resolve();
      script.remove();
      window.leanLoading = undefined;
      return reject(problem("blocked"));
    };
    const late = setTimeout(settle, LOADER_PATIENCE);
    script.onerror = settle;
    // A blocker may have emptied it.
    script.onload = () => setTimeout(settle, window.Lean ? 0 : LOADER_GRACE);
    script.src = source;
    if (window.Lean) settle();
    else document.head.append(script);
  });
  return window.leanLoading;
}

async function post(url, body, keepalive) {
  const response = await fetch(url, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
    keepalive,
  }).catch(() => { throw problem("offline"); });
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw problem(answer.reason, answer.advice);
  return answer;
}
