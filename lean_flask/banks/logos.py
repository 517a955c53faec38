"""Logos at the customer's own machine, which only a stand-in for Lean may name."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from ..common.logs import get_logger
from ..common.urls import LOOPBACK_HOSTS
from ..config.settings import Settings
from .bank import Bank
from .schema import load_banks

log = get_logger(__name__)

LoadBanks = Callable[[Iterable[Any]], tuple[Bank, ...]]


def bank_loader(settings: Settings) -> LoadBanks:
    """Return what loads the banks of *settings*.

    ``http://localhost`` in a page is the customer's machine. A logo there counts as none, except in
    the sandbox with an API on this machine, which is a stand-in.
    """
    is_stand_in = settings.sandbox and _is_local(settings.api_url)
    return load_banks if is_stand_in else _load_without_local_logos


def _load_without_local_logos(records: Iterable[Any]) -> tuple[Bank, ...]:
    return tuple(map(_without_local_logos, load_banks(records)))


def _without_local_logos(bank: Bank) -> Bank:
    if not (_is_local(bank.logo) or _is_local(bank.logo_alt)):
        return bank
    _warn_once()
    return replace(bank, logo=_unless_local(bank.logo), logo_alt=_unless_local(bank.logo_alt))


def _unless_local(url: str) -> str:
    return "" if _is_local(url) else url


def _is_local(url: str) -> bool:
    return urlsplit(url).hostname in LOOPBACK_HOSTS


@lru_cache(maxsize=1)
def _warn_once() -> None:
    """Log it once per process: every record of every refresh may have such a logo."""
    log.warning("Skipped logos at the customer's own machine; initials are shown instead")
