"""Any form of the operations page is done or refused, and never a 500."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from support.operations import Operations

DO = ["set", "clear", "retry", "retry_dead", "", "x"]
FIELDS = ["bank", "action", "purpose", "minutes", "until", "why", "message_en", "event", "token"]
TIMES = st.datetimes().map(lambda time: time.isoformat()[:19])
VALUES = (
    st.text(max_size=300)
    | st.sampled_from(["RJHI_SAU", "hide", "unavailable", "payments", "60"])
    | TIMES
)


def test_any_form(app):
    page = Operations(app)
    page.services.catalog.refresh()

    @given(st.sampled_from(DO), st.dictionaries(st.sampled_from(FIELDS), VALUES, max_size=9))
    @example("set", {"until": "0001-01-01T00:00"})
    @example("set", {"until": "9999-12-31T23:59", "bank": "RJHI_SAU", "action": "hide", "why": "x"})
    @example("retry", {"event": "\x00"})
    def check(do, fields):
        response = page.post(do, **fields)
        assert response.status_code in {303, 400, 403, 422}
        assert page.get().status_code == 200

    check()
