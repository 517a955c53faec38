"""Whatever stands in the store in place of the overrides: it is read, or left out."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import example, given
from hypothesis import strategies as st

from lean_flask.banks.bank import Bank
from lean_flask.banks.overrides import apply_overrides, described, new_override
from lean_flask.banks.rulings import Ruling, Rulings, overrides_of
from lean_flask.banks.stored_rulings import dump_rulings, load_rulings
from lean_flask.common.types import PURPOSES
from support.generated import anything, spoilt

RULING = {
    "identifier": "RJHI_SAU",
    "ruled": "data",
    "version": 1_700_000_000_000_000,
    "action": "unavailable",
    "purpose": None,
    "until": 1_800_000_000.5,
    "message": {"en": "Back soon", "ar": "قريبًا"},
    "by": "noura@ops-1",
    "why": "ticket 4711",
    "since": 1_700_000_000.25,
}
BANKS = (Bank("RJHI_SAU", "Al Rajhi Bank"),)


@given(st.lists(spoilt(RULING) | anything), st.just(0) | anything)
def test_it_costs_no_list(records, floor):
    value = json.dumps({"floor": floor, "rulings": records}).encode()
    rulings = load_rulings(value)
    overrides = overrides_of(rulings.slots)
    assert len(apply_overrides(BANKS, overrides)) == 1
    assert all(described(override) for override in overrides)
    assert load_rulings(dump_rulings(rulings)) == rulings


@example(datetime.max, ZoneInfo("UTC"), "", "")  # noqa: DTZ901
@given(st.datetimes(), st.timezones(), st.text(max_size=60), st.text())
def test_what_can_be_said_is_read_by_others(until, zone, message, why):
    options = {"purpose": None, "message": message, "by": "noura", "why": why, "now": 1.7e9}
    try:
        said = new_override("A", "unavailable", until=until.replace(tzinfo=zone), **options)
    except ValueError:
        return
    slots = {("A", purpose): Ruling(1, said) for purpose in PURPOSES}
    [read] = overrides_of(load_rulings(dump_rulings(Rulings(0, slots))).slots)
    assert abs(read.until - said.until) < timedelta(seconds=1)
    assert replace(read, until=said.until) == said


@given(st.binary())
def test_bytes_are_no_overrides(value):
    assert load_rulings(value).slots == {}
