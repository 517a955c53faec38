"""The services of each registered blueprint, created once per process."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, request
from flask.sansio.app import App

from . import signals
from .banks.bank import Bank
from .banks.cache.cache import BankCache
from .banks.cache.shared_lists import ListKey
from .banks.catalog import BankCatalog
from .banks.stores import check_store, open_store
from .banks.stores.scoped import ScopedStore
from .common.loading_cache import LoadingCache
from .config.settings import Settings
from .errors import ConfigurationError
from .events.receivers import Receivers
from .flows.flow_state import Outcome
from .flows.flow_states import FlowStates
from .upstream.client import LeanClient
from .upstream.network import Network
from .upstream.webhook import WebhookEvent

EXTENSION = "lean_flask"  # in app.extensions; a host may have "lean" of its own
EVENTS_KEEP = 30 * 86_400.0  # seconds
MAX_CACHED_PAGES = 64
MAX_PREPARED_LISTS = 64
MAX_CACHED_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes of the blueprint registered as *name* use."""

    name: str
    settings: Settings
    client: LeanClient
    #: The values of this Lean application in the shared store.
    store: ScopedStore
    catalog: BankCatalog
    #: The security headers of every HTML page, as name and value.
    page_headers: tuple[tuple[str, str], ...]
    #: Rendered pages.
    pages: LoadingCache[Any]
    #: Bodies of ``GET /banks``, each with a ``size`` in bytes.
    bodies: LoadingCache[Any]
    #: Bank lists, each in one language, prepared for queries.
    prepared_lists: LoadingCache[Any]
    #: Seconds since the epoch.
    wall_clock: Callable[[], float]
    #: What the host registered with ``on()``.
    receivers: Receivers

    @property
    def flow_states(self) -> FlowStates:
        """What became of each flow."""
        return FlowStates(self.store, self.settings.flow_max_age, EVENTS_KEEP, self.wall_clock)

    def record_outcome(self, event: WebhookEvent) -> None:
        """Note what *event* says of a flow, and tell the host where that is news.

        A receiver of each event: a repeat changes nothing.

        :raises StoreError: when it may be lost, so that the event is to be delivered again.
        """
        tell_outcomes(self.flow_states.record_event(event))


def tell_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Send the signal of each outcome that changed."""
    for outcome in outcomes:
        signals.send(signals.outcome_changed, flow_id=outcome.id, outcome=outcome)


class PerProcess:
    """Creates the services again after a fork, which sockets, locks and threads do not survive."""

    def __init__(self, create: Callable[[], Services]) -> None:
        self._create = create
        self._locks: dict[int, threading.Lock] = {}
        self._created: tuple[int, Services] | None = None

    def get(self) -> Services:
        """Return the services of this process."""
        pid = os.getpid()
        if self._created is None or self._created[0] != pid:
            # One lock per process: a lock held during the fork stays locked in the child.
            with self._locks.setdefault(pid, threading.Lock()):
                if self._created is None or self._created[0] != pid:
                    self._created = (pid, self._create())
        return self._created[1]


def install(
    app: App,
    name: str,
    settings: Settings,
    page_headers: tuple[tuple[str, str], ...],
    receivers: Receivers,
) -> None:
    """Register the services of the blueprint *name* on *app*.

    :param receivers: of the blueprint; it may get more of them later.
    :raises ConfigurationError: when the name is taken, the store's library is missing, or the
        environment names a proxy or certificates that cannot be used.
    """
    registered: dict[str, PerProcess] = app.extensions.setdefault(EXTENSION, {})
    if not isinstance(registered, dict):
        raise ConfigurationError(f"app.extensions[{EXTENSION!r}] is taken; lean-flask needs it")
    if name in registered:
        raise ConfigurationError(f"A lean-flask blueprint named {name!r} is registered already")
    check_store(settings.store_url)
    network = Network.of_environment(settings)
    registered[name] = PerProcess(
        lambda: make_services(
            cast(Flask, app),
            name,
            settings,
            page_headers,
            receivers,
            network=network.after_fork(settings),
        )
    )


def get_services(name: str | None = None) -> Services:
    """Return the services of the blueprint *name*, by default that of the current request."""
    registered: dict[str, PerProcess] = current_app.extensions.get(EXTENSION, {})
    if name is None:  # a blueprint of the host may be nested in ours
        names = request.blueprints
        name = next((outer for outer in names if outer in registered), request.blueprint)
    if name not in registered:
        raise ConfigurationError(f"No lean-flask blueprint named {name!r} is registered here")
    return registered[name].get()


def make_services(
    app: Flask,
    name: str,
    settings: Settings,
    page_headers: tuple[tuple[str, str], ...],
    receivers: Receivers,
    *,
    clock: Callable[[], float] = time.monotonic,
    wall_clock: Callable[[], float] = time.time,
    network: Network | None = None,
) -> Services:
    """Create the services of the blueprint *name*.

    :param clock: monotonic clock, seconds; a test may pass one that it moves.
    :param wall_clock: seconds since the epoch.
    :param network: how to reach Lean; by default as the environment says now.
    """
    client = LeanClient(settings, clock, network)
    scope = f"{settings.api_url} {settings.client_id}"
    ttl = settings.banks_ttl + max(settings.banks_stale, settings.banks_stale_if_error)

    def fetch(key: ListKey) -> list[Any]:
        return client.banks(key.account_type, key.customer_id)

    def send_signal(key: ListKey, banks: tuple[Bank, ...]) -> None:
        with app.app_context():
            signals.send(signals.banks_refreshed, account_type=key.account_type, banks=banks)

    store = ScopedStore(
        open_store(settings.store_url, app.instance_path, clock=clock, wall_clock=wall_clock),
        scope,
        ttl,
    )
    cache = BankCache(
        settings, fetch, store, on_refreshed=send_signal, clock=clock, wall_clock=wall_clock
    )
    catalog = BankCatalog(settings, cache)
    return Services(
        name,
        settings,
        client,
        store,
        catalog,
        page_headers,
        pages=LoadingCache(MAX_CACHED_PAGES),
        bodies=LoadingCache(MAX_CACHED_BYTES, lambda body: body.size),
        prepared_lists=LoadingCache(MAX_PREPARED_LISTS),
        wall_clock=wall_clock,
        receivers=receivers,
    )
