"""A logo at ``http://localhost``: the customer's own machine, unless Lean is a stand-in there."""

from __future__ import annotations

import logging

import pytest

from lean_flask.banks import logos
from lean_flask.banks.cache.cache import BankCache
from lean_flask.banks.stores.memory import MemoryStore
from lean_flask.banks.stores.scoped import ScopedStore
from lean_flask.config.settings import load_settings
from support.bank_cache import KEY, UP, record

LOCAL = ["http://localhost:9000/a.png", "http://127.0.0.1/a.png", "https://localhost/a.png"]
AT_LEAN = "https://cdn.leantech.me/img/banks/a.png"


def scoped_store():
    return ScopedStore(MemoryStore(), "scope", 10_000)


def listed(store, logo, **settings):
    """The logos that a cache with these settings takes from Lean, or else from the store."""
    records = [record("A", UP) | {"logo": logo, "logo_alt": logo}]
    given = load_settings({}, overrides={"app_token": "t"} | settings)
    cache = BankCache(given, lambda key: records, store)
    (bank,) = cache.get(KEY).banks
    return {bank.logo, bank.logo_alt}


@pytest.mark.parametrize("logo", LOCAL)
def test_only_a_stand_in_may_name_this_machine(logo):
    stand_in = {"api_url": "http://127.0.0.1:9000"}
    assert listed(scoped_store(), logo, **stand_in) == {logo}
    assert listed(scoped_store(), logo, sandbox=False, **stand_in) == {""}
    assert listed(scoped_store(), logo) == {""}
    assert listed(scoped_store(), logo, sandbox=False) == {""}


def test_a_local_logo_in_the_store_counts_as_none():
    store = scoped_store()
    assert listed(store, LOCAL[0], api_url="http://127.0.0.1:9000") == {LOCAL[0]}
    assert listed(store, AT_LEAN, sandbox=False) == {""}  # the stored list is fresh


def test_a_local_logo_is_logged_once(caplog):
    logos._warn_once.cache_clear()
    with caplog.at_level(logging.WARNING):
        for _ in range(3):
            assert listed(scoped_store(), LOCAL[0], sandbox=False) == {""}
    assert caplog.text.count("customer's own machine") == 1
