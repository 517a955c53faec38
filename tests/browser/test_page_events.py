"""Events for the host's page."""

from __future__ import annotations

import json

import pytest

from support.picker_states import STATES

LISTEN = """
  window.heard = [];
  for (const name of ["picker_viewed", "search_empty", "bank_unavailable", "bank_selected",
    "list_missing", "loader_blocked", "flow_closed", "outcome_changed"])
    addEventListener(`lean:${name}`, ({ detail }) => heard.push([name, detail]));
"""


@pytest.mark.parametrize(
    ("state", "events"),
    [
        ("no-list", ["picker_viewed", "list_missing"]),
        ("unavailable", ["picker_viewed", "bank_unavailable"]),
        ("refused-at-the-tap", ["picker_viewed", "bank_selected", "bank_unavailable"]),
        ("loader-blocked", ["picker_viewed", "bank_selected", "loader_blocked"]),
        ("failed", ["picker_viewed", "bank_selected", "flow_closed"]),
        ("confirmed", ["picker_viewed", "bank_selected", "flow_closed", "outcome_changed"]),
    ],
)
def test_the_page_tells_of_what_happens_and_nothing_personal(stage, state, events):
    here = stage()
    here.page.add_init_script(LISTEN)
    STATES[state][0](here)
    heard = here.page.evaluate("heard")
    assert [name for name, _ in heard] == events
    told = {key for _, detail in heard for key in detail}
    assert told <= {
        "method", "language", "state", "bank_identifier", "reason", "status", "secondary_status",
    }  # fmt: skip


def test_an_empty_search_is_told_with_its_words_only_where_asked_for(stage):
    for settings, words in (({}, None), ({"report_queries": True}, "zzzzzz")):
        here = stage(settings=settings, clock=True)
        here.page.add_init_script(LISTEN)
        here.open()
        here.search("zzzzzz")
        with here.page.expect_request("**/lean/events?**") as sent:
            here.page.clock.run_for(600)
        assert json.loads(sent.value.post_data).get("query") == words
        assert here.page.evaluate("heard.at(-1)[1].query ?? null") == words
