"""Everything that one registered blueprint needs, made once per process."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, current_app, request
from flask.sansio.app import App

from . import signals
from .banks.bank import Bank
from .banks.cache.cache import BankCache
from .banks.cache.shared_state import ListKey, Shared
from .banks.catalog import Directory
from .banks.stores import check_store, open_store
from .common.loading_cache import LoadingCache
from .config.settings import Settings
from .errors import ConfigurationError
from .upstream.client import LeanClient

EXTENSION = "lean"
MAX_CACHED_PAGES = 64


@dataclass(frozen=True, slots=True)
class Services:
    """What the routes of the blueprint registered as *name* work with."""

    name: str
    settings: Settings
    client: LeanClient
    shared: Shared
    directory: Directory
    #: The security headers of every HTML page, as name and value.
    page_headers: tuple[tuple[str, str], ...]
    #: Rendered pages.
    pages: LoadingCache[Any]


class PerProcess:
    """Makes the services again after a fork: sockets, locks and threads do not survive one."""

    def __init__(self, make: Callable[[], Services]) -> None:
        self._make = make
        self._locks: dict[int, threading.Lock] = {}
        self._made: tuple[int, Services] | None = None

    def get(self) -> Services:
        pid = os.getpid()
        if self._made is None or self._made[0] != pid:
            # Of this process: a lock that was held at the fork is never released in the child.
            with self._locks.setdefault(pid, threading.Lock()):
                if self._made is None or self._made[0] != pid:
                    self._made = (pid, self._make())
        return self._made[1]


def install(
    app: App, name: str, settings: Settings, page_headers: tuple[tuple[str, str], ...]
) -> None:
    """Keep the services of the blueprint registered as *name* on *app*.

    :raises ConfigurationError: when the name is taken, or the store's library is missing.
    """
    registered: dict[str, PerProcess] = app.extensions.setdefault(EXTENSION, {})
    if name in registered:
        raise ConfigurationError(f"A lean-flask blueprint named {name!r} is registered already")
    check_store(settings.store_url)
    registered[name] = PerProcess(
        lambda: make_services(cast(Flask, app), name, settings, page_headers)
    )


def get_services(name: str | None = None) -> Services:
    """The services of the blueprint registered as *name*; within a request, of its blueprint."""
    registered: dict[str, PerProcess] = current_app.extensions.get(EXTENSION, {})
    if name is None:  # a blueprint of the host may be nested in ours
        name = next((one for one in request.blueprints if one in registered), request.blueprint)
    if name not in registered:
        raise ConfigurationError(f"No lean-flask blueprint named {name!r} is registered here")
    return registered[name].get()


def make_services(
    app: Flask, name: str, settings: Settings, page_headers: tuple[tuple[str, str], ...]
) -> Services:
    """Return new services of the blueprint registered as *name* on *app*."""
    client = LeanClient(settings)
    scope = f"{settings.api_url} {settings.client_id}"
    lifetime = settings.banks_ttl + max(settings.banks_stale, settings.banks_stale_if_error)

    def fetch(key: ListKey) -> list[Any]:
        return client.banks(key.account_type, key.customer_id)

    def tell(key: ListKey, banks: tuple[Bank, ...]) -> None:
        with app.app_context():
            signals.banks_refreshed.send(app, account_type=key.account_type, banks=banks)

    shared = Shared(open_store(settings.store_url, app.instance_path), scope, lifetime)
    cache = BankCache(settings, fetch, shared, on_refreshed=tell)
    directory = Directory(settings, cache)
    return Services(
        name, settings, client, shared, directory, page_headers, LoadingCache(MAX_CACHED_PAGES)
    )
