"""Over HTTP: whatever Lean sends of a bank or of a saved account, customers get their page."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from lean_flask.services import get_services
from lean_flask.testing.data.banks import load_banks as records_of
from support.generated import awkward, spoilt

RECORDS = [
    record
    for record in records_of("sa", "http://127.0.0.1")
    if record.get("account_type") != "BUSINESS"
]
STRICT = {"identifier", "availability", "account_type"}  # the last is FakeLean's filter
FIELDS = sorted({name for record in RECORDS for name in record} - STRICT)


@st.composite
def odd_banks(draw):
    """Banks with the right identifier and availability, and anything in any other field."""
    records = draw(st.lists(st.sampled_from(RECORDS), min_size=4, max_size=6))
    odd = st.dictionaries(st.sampled_from(FIELDS), awkward, max_size=4)
    named = {
        f"BANK{number}_SAU": record | draw(odd) | {"identifier": f"BANK{number}_SAU"}
        for number, record in enumerate(records)
    }
    return list(named.values())


def test_no_bank_is_lost_for_any_other_field(make_app, fake_lean):
    app = make_app(show_mock=True)

    @given(odd_banks())
    def check(records):
        fake_lean.banks[:] = records
        with app.app_context():
            get_services("lean").catalog.refresh()
        client = app.test_client()
        served = {bank["identifier"] for bank in client.get("/lean/banks").json}
        enabled = {
            record["identifier"]
            for record in records
            if any((record["availability"]["enabled"] or {}).values())
        }
        assert served == enabled
        for path, language in (("/link", "ar"), ("/pay", "en")):
            page = client.get(client.get(path).location + f"&lang={language}")
            assert page.status_code == 200
            assert '<bdi class="name"></bdi>' not in page.text

    check()


def test_any_payment_source_leaves_the_page(app, fake_lean):
    customer = app.config["PAY"]["customer_id"]
    good = fake_lean.add_payment_source(customer, "RJHI_SAU")
    account_id = good["accounts"][0]["id"]

    @given(st.lists(spoilt(good) | awkward, max_size=4))
    def check(records):
        fake_lean.payment_sources[customer] = [*records, good]
        client = app.test_client()
        page = client.get(client.get("/pay").location)
        assert page.status_code == 200
        assert len(re.findall(f'value="{account_id}"', page.text)) == 1

    check()
