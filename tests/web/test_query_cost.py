"""What a stranger's distinct queries cost: counted, so that no clock is needed."""

from __future__ import annotations

import random

import pytest

from lean_flask.banks import slips
from lean_flask.testing.data.banks import many_banks
from lean_flask.web import cached_json, prepared_list

BANKS = 100


@pytest.fixture
def calls(monkeypatch):
    """Counts what a query must not do once for each bank of the list."""
    counts = {}

    def count(module, name):
        original = getattr(module, name)

        def counted(*args, **options):
            counts[name] = counts.get(name, 0) + 1
            return original(*args, **options)

        monkeypatch.setattr(module, name, counted)

    count(slips, "error_cost")
    count(prepared_list, "public_bank")
    count(cached_json.gzip, "compress")
    return counts


@pytest.fixture
def client(app, fake_lean):
    fake_lean.banks[:] = many_banks(BANKS, "sa", fake_lean.url)
    return app.test_client()


def test_distinct_amounts_make_one_answer(client, calls):
    for amount in range(1, 60):
        assert len(client.get(f"/lean/banks?currency=SAR&amount={amount}").json) == BANKS
    assert calls == {"public_bank": BANKS, "compress": 1}


def test_a_query_of_many_words_compares_few_names(client, calls):
    words = ["riyad", "jedah", "islmic", "natonal", "comercial", "digtal", "savngs", "frist"]
    queries = [" ".join(random.Random(seed).sample(words, 8)) for seed in range(20)]
    client.get("/lean/banks?q=a")
    calls.clear()
    for query in queries:
        assert client.get("/lean/banks", query_string={"q": query}).status_code == 200
    assert calls.get("error_cost", 0) < len(queries) * BANKS
    assert "public_bank" not in calls


def test_a_query_that_sounds_like_all_names_is_compared_with_few(client, calls):
    client.get("/lean/banks?q=a")
    calls.clear()
    assert client.get("/lean/banks?q=anaibkdlnaibkdlanibakdln").json == []
    assert calls.get("error_cost", 0) < 5 * BANKS


@pytest.mark.parametrize(
    "amount", ["1e9", "1e999999999", "9" * 5000, "0." + "1" * 5000, "٣", "1_0"]
)
def test_an_amount_is_a_few_plain_digits(client, amount):
    response = client.get("/lean/banks", query_string={"amount": amount, "currency": "SAR"})
    assert (response.status_code, response.json["parameter"]) == (400, "amount")
