"""docs/deployment.md has the limits of the code; docs/threat-model.md says how ASVS is met."""

from __future__ import annotations

import re

from lean_flask.banks.cache.plausibility import MAX_RECORDS
from lean_flask.banks.cache.shared_lists import MAX_LISTS
from lean_flask.banks.search import MAX_QUERY_LENGTH
from lean_flask.banks.stores import REQUEST_BUDGET
from lean_flask.flows.linked_banks import MAX_CUSTOMERS
from lean_flask.flows.urls import MAX_URL_LENGTH
from lean_flask.services import MAX_PREPARED_LISTS
from lean_flask.upstream import connections
from lean_flask.upstream.circuit import MAX_UNANSWERED
from lean_flask.upstream.responses import MAX_BODY_BYTES as MAX_RESPONSE_BYTES
from lean_flask.upstream.retries import MAX_ATTEMPTS
from lean_flask.upstream.tokens import MAX_TOKENS
from lean_flask.web.json_endpoint import MAX_BODY_BYTES
from lean_flask.web.request_headers import MAX_HEADER_LENGTH
from lean_flask.web.routes.webhooks import MAX_BODY_BYTES as MAX_WEBHOOK_BYTES
from support.paths import ROOT

LIMITS = {
    "connections to one host": connections._MAX_CONNECTIONS,
    "attempts of one call": MAX_ATTEMPTS,
    "unanswered calls": MAX_UNANSWERED,
    "a response of Lean": MAX_RESPONSE_BYTES,
    "records of a bank list": MAX_RECORDS,
    "bank lists in memory": MAX_LISTS,
    "lists prepared for searches": MAX_PREPARED_LISTS,
    "customer tokens": MAX_TOKENS,
    "customers whose": MAX_CUSTOMERS,
    "waiting for the store": REQUEST_BUDGET,
    "a body to a JSON route": MAX_BODY_BYTES,
    "a webhook's body": MAX_WEBHOOK_BYTES,
    "`Accept-Language`": MAX_HEADER_LENGTH,
    "a search": MAX_QUERY_LENGTH,
    "a flow's URL": MAX_URL_LENGTH,
}


def rows(page, heading):
    text = (ROOT / "docs" / page).read_text("utf-8").partition(f"\n## {heading}\n")[2]
    section = re.split(r"^## ", text, flags=re.MULTILINE)[0]
    table = [line.strip("| ").split(" | ") for line in section.splitlines() if line[:1] == "|"]
    return table[2:]


def test_every_limit_of_the_page_is_that_of_the_code():
    documented = {row[0]: row[1] for row in rows("deployment.md", "Limits")}
    assert len(documented) == len(LIMITS)
    for (what, said), (start, limit) in zip(documented.items(), LIMITS.items(), strict=True):
        assert what.startswith(start)
        assert re.match(r"[\d,.]*\d", said)[0] == f"{limit:,}", what


def test_a_requirement_that_is_met_has_a_guard_or_a_page():
    """Its number stands in a row of the threats, whose test is there, or it links to the docs."""
    text = (ROOT / "docs" / "threat-model.md").read_text("utf-8")
    guarded = set(re.findall(r"\d+\.\d+\.\d+", text.partition("\n## OWASP")[0]))
    for number, _, state, how in rows("threat-model.md", "OWASP ASVS 5.0"):
        assert state != "met" or number in guarded or "](" in how, number


def test_each_requirement_says_how_it_stands():
    table = rows("threat-model.md", "OWASP ASVS 5.0")
    numbers = [row[0] for row in table]
    assert len(numbers) == len(set(numbers)) >= 30
    assert {row[2] for row in table} <= {"met", "partly", "not met", "host", "Lean"}
    assert all(len(row) == 4 and row[3] for row in table)
