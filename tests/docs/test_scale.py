"""The simulation behind docs/scale.md, with few processes: what it counts, and where it writes."""

from __future__ import annotations

import pytest

from benchmarks.scale import measure, tables, with_tables
from lean_flask.banks.stores import redis as redis_store
from support.paths import ROOT
from support.redis_server import RedisServer

SIZE = 3


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    redis = RedisServer(tmp_path_factory.mktemp("scale"))
    redis.start()
    try:
        return measure(SIZE, redis.url, seconds=3.0, fetch=0.3)
    finally:
        redis.stop()


def test_lean_is_asked_once_by_all_processes_together(measured):
    assert (measured.start_calls, measured.ttl_calls) == (1, 1)


def test_news_are_everywhere_within_two_seconds(measured):
    for delays in (measured.event, measured.override):
        assert len(delays) == SIZE
        assert max(delays) < 2


def test_a_process_reads_the_list_when_there_is_another_one_alone(measured):
    """The list is 40 kB; a process that looked each second whether it is there read all of it."""
    assert measured.quiet.sent / SIZE < 4_000
    assert measured.busy.sent / SIZE < 8_000
    assert 0 < measured.quiet.round_trips < measured.busy.round_trips
    assert redis_store.CONFLICT_TIMEOUT < 1


def test_the_tables_take_the_place_of_the_former_ones(measured):
    page = (ROOT / "docs" / "scale.md").read_text("utf-8")
    written = with_tables(page, tables([measured]))
    assert f"\n| {SIZE} | 1 | 1 |" in written
    assert with_tables(written, "new") == with_tables(page, "new")
    assert page.split("<!--")[0] == written.split("<!--")[0]
