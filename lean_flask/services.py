"""The services of each registered blueprint, created once per process."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import lru_cache, partial
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
from .common.metric_series import begin_series
from .common.metric_table import STORE_FAILURES, STORE_UP
from .common.metrics import Metrics
from .common.operator import Operators
from .config.secret_keys import read_secret_keys, salt_of
from .config.settings import Settings
from .errors import ConfigurationError
from .events.bank_events import update_banks
from .events.broken_connections import tell_broken_connection
from .events.calls import Calls, OwnReceiver
from .events.open_inbox import open_inbox
from .events.receivers import Receivers
from .events.sealed import Seal
from .events.service import EventService
from .events.state_gauges import StateGauges
from .flows.flow_state import Outcome
from .flows.flow_states import FlowStates
from .flows.identity import Identity
from .flows.linked_banks import LinkedBanks
from .flows.new_consents import NewConsents
from .upstream.client import LeanClient
from .upstream.network import Network
from .upstream.webhook import WebhookEvent

EXTENSION = "lean_flask"  # in app.extensions; a host may have "lean" of its own
MAX_CACHED_PAGES = 64
#: One list is two of them, in English and Arabic. Those of former lists stay until they fall out.
MAX_PREPARED_LISTS = 16


@dataclass(frozen=True, slots=True)
class HostFunctions:
    """What the host registers with the decorators of a blueprint; it may get more of it later."""

    receivers: Receivers = field(default_factory=Receivers)
    new_consents: NewConsents = field(default_factory=NewConsents)
    identity: Identity = field(default_factory=Identity)
    operators: Operators = field(default_factory=Operators)


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
    #: Bank lists, each in one language, prepared for queries, with the bodies made of them.
    prepared_lists: LoadingCache[Any]
    #: Seconds since the epoch.
    wall_clock: Callable[[], float]
    #: What the host registered.
    host: HostFunctions
    #: Lean's webhooks.
    events: EventService
    #: What became of each flow.
    flow_states: FlowStates
    #: What customers have linked.
    linked_banks: LinkedBanks
    #: Counts for Prometheus.
    metrics: Metrics
    #: Those that are read from time to time.
    gauges: StateGauges
    #: The salts of its keys, by what a key is for.
    salts: dict[str, str] = field(default_factory=dict)


def tell_outcomes(outcomes: Iterable[Outcome]) -> None:
    """Send the signal of each outcome that changed."""
    for outcome in outcomes:
        signals.send(signals.outcome_changed, flow_id=outcome.id, outcome=outcome)


def record_outcome(flow_states: FlowStates, event: WebhookEvent) -> None:
    """Note what *event* says of a flow, and tell the host where that is news.

    A receiver of each event: a repeat changes nothing.

    :raises StoreError: when it may be lost, so that the event is to be delivered again.
    """
    tell_outcomes(flow_states.record_event(event))


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
    host: HostFunctions,
) -> None:
    """Register the services of the blueprint *name* on *app*.

    :raises ConfigurationError: when the name is taken, the store's library is missing, or the
        environment names a proxy or certificates that cannot be used.
    """
    registered: dict[str, PerProcess] = app.extensions.setdefault(EXTENSION, {})
    if not isinstance(registered, dict):
        raise ConfigurationError(f"app.extensions[{EXTENSION!r}] is taken; lean-flask needs it")
    if name in registered:
        raise ConfigurationError(f"A lean-flask blueprint named {name!r} is registered already")
    check_store(settings.store_place)
    network = Network.of_environment(settings)
    registered[name] = PerProcess(
        lambda: make_services(
            cast(Flask, app),
            name,
            settings,
            page_headers,
            host,
            network=network,
        )
    )


def get_services(name: str | None = None) -> Services:
    """Return the services of the blueprint *name*, by default that of the current request."""
    registered: dict[str, PerProcess] = current_app.extensions.get(EXTENSION, {})
    if name is None:
        name = request.blueprint
        if name not in registered:  # a blueprint of the host may be nested in ours
            name = next((outer for outer in request.blueprints if outer in registered), name)
    if name not in registered:
        raise ConfigurationError(f"No lean-flask blueprint named {name!r} is registered here")
    return registered[name].get()


def make_services(
    app: Flask,
    name: str,
    settings: Settings,
    page_headers: tuple[tuple[str, str], ...],
    host: HostFunctions,
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
    metrics = Metrics(name)
    begin_series(metrics, settings.account_types)
    client = LeanClient(settings, clock, network, metrics)
    scope = f"{settings.api_url} {settings.client_id}"
    ttl = settings.banks_ttl + max(settings.banks_stale, settings.banks_stale_if_error)

    def fetch(key: ListKey) -> list[Any]:
        return client.banks(key.account_type, key.customer_id)

    def send_signal(key: ListKey, banks: tuple[Bank, ...]) -> None:
        with app.app_context():
            signals.send(signals.banks_refreshed, account_type=key.account_type, banks=banks)

    store = ScopedStore(
        open_store(settings.store_place, app.instance_path, clock=clock, wall_clock=wall_clock),
        scope,
        ttl,
    )
    cache = BankCache(
        settings,
        fetch,
        store,
        on_refreshed=send_signal,
        on_first_list=client.prepare,
        clock=clock,
        wall_clock=wall_clock,
        metrics=metrics,
    )
    catalog = BankCatalog(settings, cache)
    flow_states = FlowStates(
        store, settings.flow_max_age, settings.events_keep, wall_clock, metrics
    )
    linked_banks = LinkedBanks(client.entities, clock)
    own: list[OwnReceiver] = [
        ("lean-flask: bank list", partial(update_banks, catalog)),
        ("lean-flask: outcome of the flow", partial(record_outcome, flow_states)),
        ("lean-flask: broken connection", tell_broken_connection),
        ("lean-flask: linked banks", linked_banks.hear),
    ]
    inbox = open_inbox(settings.store_place, app.instance_path, f"{scope} {name}")
    gauges = StateGauges(metrics, inbox, catalog, clock)
    store.watch(partial(_count_store, metrics))
    events = EventService(
        inbox,
        _make_seal(app, name, settings, is_durable=inbox.is_durable),
        Calls(own, host.receivers, lambda: signals.webhook_receivers(app), app),
        settings,
        app.app_context,
        clock=clock,
        wall_clock=wall_clock,
        metrics=metrics,
        on_step=gauges.update_if_due,
    )
    return Services(
        name,
        settings,
        client,
        store,
        catalog,
        page_headers,
        pages=LoadingCache(MAX_CACHED_PAGES),
        prepared_lists=LoadingCache(MAX_PREPARED_LISTS),
        wall_clock=wall_clock,
        host=host,
        events=events,
        flow_states=flow_states,
        linked_banks=linked_banks,
        metrics=metrics,
        gauges=gauges,
    )


def _count_store(metrics: Metrics, is_up: bool) -> None:
    metrics.set(STORE_UP, is_up)
    metrics.count(STORE_FAILURES, by=not is_up)


def _make_seal(
    app: Flask, name: str, settings: Settings, *, is_durable: bool
) -> Callable[[], Seal]:
    """Return what gives the seal of the events; made again when the app's keys change.

    :param is_durable: whether other processes open it; otherwise this one's own key will do.
    """
    make = lru_cache(maxsize=1)(partial(Seal, salt=salt_of("events", name, settings)))
    own_keys = (secrets.token_bytes(32),)
    return lambda: make(read_secret_keys(app.config) if is_durable else own_keys)
