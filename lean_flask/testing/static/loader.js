// Stands in for Lean's Link loader: the same global, the same demands on each config, and a dialog
// that says what it is. It runs in a host's page, so it styles by CSSOM alone: the host's
// Content-Security-Policy may forbid inline styles.
(() => {
  "use strict";

  const origin = new URL(document.currentScript.src).origin;
  const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
  const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?)?$/;
  const COLOUR = /^(#([0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})|[a-z]+|rgb\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*\)|rgba\(\s*\d+\s*,\s*\d+\s*,\s*\d+\s*,\s*[\d.]+\s*\))$/i;
  const PERMISSIONS = [
    "identity", "identities", "accounts", "balance", "transactions", "beneficiaries",
    "direct_debits", "standing_orders", "scheduled_payments", "payments",
  ];
  const CONSENT_TYPES = ["data", "payment", "payment_history"];

  // A check answers with what is allowed, or with nothing when the value is.
  const when = (fine, allowed) => (fine ? undefined : allowed);
  const text = (value) => when(typeof value === "string" && value !== "", "a string");
  const uuid = (value) => when(UUID.test(value), "a UUID");
  const flag = (value) => when(typeof value === "boolean", "true or false, not a string");
  const date = (value) => when(DATE.test(value) && !Number.isNaN(Date.parse(value)), "an ISO date");
  const object = (value) => when(value && typeof value === "object", "an object");
  const oneOf = (...allowed) => (value) => when(allowed.includes(value), allowed.join(" or "));
  const colour = (value) => when(COLOUR.test(value) && CSS.supports("color", value), "a colour");
  const permissions = (value) => when(
    Array.isArray(value) && value.length && value.every((name) => PERMISSIONS.includes(name)),
    `an array of ${PERMISSIONS.join(", ")}`,
  );
  const consentTypes = (value) => when(
    [value].flat().length && [value].flat().every((name) => CONSENT_TYPES.includes(name)),
    `one or an array of ${CONSENT_TYPES.join(", ")}`,
  );

  function address(value) {
    let url;
    try { url = new URL(value); } catch { return "an absolute URL"; }
    const local = ["localhost", "127.0.0.1", "[::1]"].includes(url.hostname);
    if (url.protocol === "http:") return when(local, "an https URL");
    return when(!["javascript:", "data:", "file:"].includes(url.protocol), "an https URL or app link");
  }

  function claimsOf(token) {
    try {
      return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/")));
    } catch {
      return {};
    }
  }

  function accessToken(value, config) {
    if (typeof value !== "string" || value.startsWith("Bearer ")) return "a JWT without 'Bearer '";
    const { exp, customers } = claimsOf(value);
    if (value.split(".").length !== 3 || !Number.isFinite(exp)) return "a JWT with an expiry";
    if (exp - Date.now() / 1000 < 600) return "a token that is valid for 10 minutes";
    const mine = (customers ?? []).map((customer) => customer.id);
    return when(!config.customer_id || mine.includes(config.customer_id), "the customer's own token");
  }

  const background = (value) => (/^linear-gradient\(.+\)$/.test(value)
    ? when(CSS.supports("background-image", value), "a gradient") : colour(value));
  const radius = (value) => when(value === "pill" || /^\d+(\.\d+)?$/.test(value), "pixels or 'pill'");
  const CUSTOMIZATION = {
    theme_color: colour, theme_color_dark: colour, button_text_color: colour,
    button_text_color_dark: colour, link_color: colour, overlay_color: colour,
    button_border_radius: radius, dialog_mode: oneOf("contained", "uncontained"),
    dialog_background_color_light: background, dialog_background_color_dark: background,
    force_appearance: oneOf("light", "dark"),
    bottom_inset: (value) => when(Number.isFinite(value), "a number"),
  };

  const SHARED = {
    app_token: text, access_token: accessToken, sandbox: flag, language: oneOf("en", "ar"),
    customization: object, callback: (value) => when(typeof value === "function", "a function"),
  };
  const REDIRECTS = { success_redirect_url: address, fail_redirect_url: address };
  const DESTINATION = { destination_alias: text, destination_avatar: address };
  const PAYMENT = {
    payment_intent_id: uuid, account_id: uuid, bank_identifier: text,
    allow_payment_source_change: flag, risk_details: object, ...REDIRECTS,
  };
  const SOURCE = { payment_source_id: uuid, entity_id: uuid, ...REDIRECTS, ...DESTINATION };
  const METHODS = {
    connect: {
      required: { customer_id: uuid, permissions },
      optional: {
        bank_identifier: text, account_type: oneOf("PERSONAL", "BUSINESS"), access_from: date,
        access_to: date, show_consent_explanation: flag, end_user_id: text,
        customer_metadata: text, payment_destination_id: uuid, ...REDIRECTS, ...DESTINATION,
      },
    },
    pay: {
      required: {},
      optional: {
        ...PAYMENT, bulk_payment_intent_id: uuid, show_balances: flag, end_user_id: text,
        ...DESTINATION,
      },
    },
    checkout: {
      required: { payment_intent_id: uuid, ...REDIRECTS },
      optional: { ...PAYMENT, customer_name: text, customer_id: uuid },
    },
    authorizeConsent: {
      required: { customer_id: uuid, consent_id: uuid, ...REDIRECTS },
      optional: {
        bank_identifier: text, account_id: uuid, allow_payment_source_change: flag,
        risk_details: object, ...DESTINATION,
      },
    },
    createPaymentSource: {
      required: { customer_id: uuid },
      optional: {
        bank_identifier: text, payment_destination_id: uuid, ...REDIRECTS, ...DESTINATION,
      },
    },
    updatePaymentSource: {
      required: { customer_id: uuid, payment_destination_id: uuid },
      optional: { ...SOURCE, end_user_id: text },
    },
    createBeneficiary: {
      required: { customer_id: uuid, payment_destination_id: uuid }, optional: SOURCE,
    },
    reconnect: {
      required: { reconnect_id: uuid }, optional: { customer_metadata: text, ...DESTINATION },
    },
    manageConsents: {
      required: { customer_id: uuid },
      optional: { consent_id: uuid, consent_type: consentTypes },
    },
    verifyAddress: {
      required: { customer_id: uuid, customer_name: text },
      optional: { permissions, ...DESTINATION },
    },
    captureRedirect: {
      required: { customer_id: uuid },
      optional: {
        bank_identifier: text, consent_attempt_id: text, consent_id: text,
        granular_status_code: text, status_additional_info: text,
      },
    },
  };

  function problemsOf(method, config) {
    if (!config || typeof config !== "object") return ["config: takes an object"];
    const { required, optional } = METHODS[method];
    const known = { ...SHARED, ...optional, ...required };
    const problems = ["app_token", ...Object.keys(required)]
      .filter((name) => config[name] === undefined).map((name) => `${name}: is missing`);
    for (const [name, value] of Object.entries(config)) {
      const allowed = known[name] ? known[name](value, config) : "nothing: it is unknown";
      if (allowed) problems.push(`${name}: takes ${allowed}`);
    }
    for (const [name, value] of Object.entries(config.customization ?? {})) {
      const check = CUSTOMIZATION[name];
      const allowed = check ? check(value) : "nothing: it is unknown";
      if (allowed) problems.push(`customization.${name}: takes ${allowed}`);
    }
    if (config.access_from > config.access_to) problems.push("access_to: is before access_from");
    const intents = [config.payment_intent_id, config.bulk_payment_intent_id].filter(Boolean);
    if (method === "pay" && intents.length !== 1) problems.push("payment_intent_id: takes exactly one");
    return problems;
  }

  const plain = ({ callback, ...config }) => config;
  const calls = [];
  let close;

  function run(method, config) {
    const shown = plain(config ?? {});
    calls.push({ method, config: shown });
    const recorded = fetch(`${origin}/stand-in/launches`, {
      method: "POST", body: JSON.stringify({ method, config: shown }), keepalive: true,
    }).catch(() => {});
    const problems = problemsOf(method, config);
    if (problems.length && config?.sandbox !== true) return; // as in production: silence
    if (problems.length) console.error(`Lean.${method}: ${problems.join("; ")}`);
    open(method, shown, problems, config?.callback ?? (() => {}), recorded);
  }

  function open(method, config, problems, callback, recorded) {
    close?.({ status: "LINK_CLOSED_PROGRAMMATICALLY", message: "Another method was called" });
    const before = document.activeElement;
    const frame = document.createElement("iframe");
    frame.id = "lean-stand-in";
    frame.title = config.language === "ar" ? "محاكاة لمنصة Lean" : "Stand-in for Lean";
    Object.assign(frame.style, {
      position: "fixed", inset: "0", width: "100%", height: "100%", border: "0",
      zIndex: "2147483647", background: "transparent",
      // A frame whose scheme differs from its document's is painted opaque.
      colorScheme: config.customization?.force_appearance ?? "light dark",
    });
    const hear = ({ source, origin: from, data }) => {
      if (source !== frame.contentWindow || from !== origin) return;
      if (data.type === "ready") {
        // Whoever sees the dialog finds the launch on record.
        recorded.then(() => {
          frame.contentWindow?.postMessage({ type: "open", method, config, problems }, origin);
          frame.focus();
        });
      } else if (data.type === "end") {
        close(data.outcome);
      }
    };
    close = (outcome) => {
      close = undefined;
      removeEventListener("message", hear);
      frame.remove();
      before?.focus?.();
      if (!outcome) return; // an end without a word, to try out watchdogs
      callback(outcome);
      if (outcome.status === "REDIRECT") location.assign(outcome.open_banking_redirect_url);
    };
    addEventListener("message", hear);
    frame.src = `${origin}/stand-in/dialog`;
    document.body.append(frame);
  }

  // Which fields each method takes, for tests that compare.
  const fields = Object.fromEntries(Object.entries(METHODS).map(([method, { required, optional }]) => [
    method, { required: Object.keys(required), known: Object.keys({ ...SHARED, ...required, ...optional }) },
  ]));
  const Lean = {
    calls,
    fields,
    close: () => close?.({ status: "LINK_CLOSED_PROGRAMMATICALLY", message: "Closed by the page" }),
  };
  for (const method of Object.keys(METHODS)) Lean[method] = (config) => run(method, config);
  window.Lean = Lean;
})();
