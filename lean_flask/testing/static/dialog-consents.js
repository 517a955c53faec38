// What manageConsents shows: the customer's consents in tabs, and a way to revoke each.

const TYPES = ["payment", "data", "payment_history"];

// `known` is what GET /stand-in/customers/… answers; `nameOf` names a bank by its identifier.
export function showConsents(section, { known, config, texts, nameOf }) {
  const wanted = [config.consent_type ?? TYPES].flat();
  const records = {
    data: (known.entities ?? []).map(({ id, state, bank_identifier: bank, expires_at: end }) => (
      { id, kind: "entities", state, title: nameOf(bank), end, live: state === "linked" }
    )),
    payment: (known.consents ?? []).map((consent) => ({
      id: consent.id, kind: "consents", state: consent.status, live: consent.status === "AUTHORISED",
      title: consent.bank_identifier ? nameOf(consent.bank_identifier) : consent.reference ?? "",
      end: consent.expiration_date_time,
    })),
    payment_history: (known.payments ?? []).map(({ id, status, amount, currency }) => (
      { id, state: status, title: `${amount} ${currency}` }
    )),
  };
  const first = wanted.find((type) => records[type].some(({ id }) => id === config.consent_id)) ?? wanted[0];

  const revoke = async (record) => {
    await fetch(`/stand-in/${record.kind}/${record.id}/revocation`, { method: "POST" });
    Object.assign(record, { live: false, state: record.kind === "entities" ? "ended" : "REVOKED" });
  };

  const show = (type) => {
    for (const tab of section.querySelectorAll("[role=tab]")) {
      tab.setAttribute("aria-selected", String(tab.dataset.type === type));
    }
    const rows = records[type].map((record) => row(record, () => revoke(record).then(() => show(type))));
    const list = section.querySelector("ul");
    list.replaceChildren(...rows);
    section.querySelector("p").hidden = rows.length > 0;
  };

  const row = (record, onRevoke) => {
    // Isolated, or Arabic text around it would turn the date.
    const end = record.live && record.end ? ` ${texts.until} \u2066${record.end.slice(0, 10)}\u2069` : "";
    const element = document.createElement("li");
    element.dataset.record = record.id;
    element.dataset.state = record.state;
    const title = part("span", "");
    title.append(part("bdi", record.title));
    element.append(title, part("small", (texts.states[record.state] ?? record.state) + end));
    if (record.id === config.consent_id) element.setAttribute("aria-current", "true");
    if (record.live) {
      const button = part("button", texts.revoke);
      button.dataset.revoke = record.id;
      button.onclick = onRevoke;
      element.append(button);
    }
    return element;
  };

  section.querySelector("[role=tablist]").replaceChildren(...wanted.map((type) => {
    const tab = part("button", texts[type]);
    tab.setAttribute("role", "tab");
    tab.dataset.type = type;
    tab.onclick = () => show(type);
    return tab;
  }));
  section.querySelector("p").textContent = texts.nothing;
  section.hidden = false;
  show(first);
}

function part(name, content) {
  const element = document.createElement(name);
  element.textContent = content;
  return element;
}
