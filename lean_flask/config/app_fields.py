"""The kinds of value of settings about apps and other front ends: origins, schemes, app ids."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields

from ..common.error_messages import DetailedError
from ..common.urls import EXECUTABLE_SCHEMES, LOOPBACK_HOSTS, split_url

#: What frameworks for apps serve an app's own pages from.
APP_ORIGINS = frozenset({"capacitor://localhost", "ionic://localhost"})
MAX_ENTRIES = 100
#: Schemes of the web and of the system. Behind ``intent`` an address names any app, or website.
_NO_APPS = frozenset(
    {"http", "https", "ws", "wss", "ftp", "mailto", "tel", "sms", "intent", "android-app"}
)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]{1,99}", re.ASCII)
_APPLE_APP = re.compile(r"[A-Z0-9]{10}\.[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", re.ASCII)
_PACKAGE = re.compile(r"[A-Za-z]\w*(\.[A-Za-z]\w*)+", re.ASCII)
_FINGERPRINT = re.compile(r"[0-9A-F]{2}(:[0-9A-F]{2}){31}", re.ASCII)


def _each(value: Any, check: Callable[[str], str]) -> list[str]:
    """Return what *check* makes of each text of a list."""
    if not isinstance(value, list | tuple | set | frozenset) or len(value) > MAX_ENTRIES:
        raise ValidationError("Not a list.")
    if not all(isinstance(entry, str) for entry in value):
        raise ValidationError("Not a list of strings.")
    return list(dict.fromkeys(map(check, value)))


def _wrong(entry: str, why: str) -> ValidationError:
    return ValidationError(DetailedError(f"{entry!r:.100} {why}"))


class OriginList(fields.Field[tuple[str, ...]]):
    """Origins as browsers write them in ``Origin``; loads without a default port."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        return tuple(_each(value, _origin))


def _origin(entry: str) -> str:
    if entry in {"*", "null"}:
        raise _wrong(entry, "would let any page call these routes as your customer")
    if entry.lower() in APP_ORIGINS:
        return entry.lower()
    try:
        parts = split_url(entry)
        port = parts.port
    except ValueError:
        raise _wrong(entry, "is no origin") from None
    host = parts.hostname or ""
    if not host or not entry.isascii() or parts.path.strip("/") or parts.query or parts.fragment:
        raise _wrong(entry, "is no origin: a scheme, a host and perhaps a port, no path")
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK_HOSTS):
        raise _wrong(entry, "is not https")
    if "*" in host or re.search(r"[^a-z0-9.:-]", host):
        raise _wrong(entry, "names no host")
    name = f"[{host}]" if ":" in host else host
    is_default = port == {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{name}" + ("" if port is None or is_default else f":{port}")


class SchemeList(fields.Field[frozenset[str]]):
    """Schemes of the host's own apps."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> frozenset[str]:
        return frozenset(_each(value, _scheme))


def _scheme(entry: str) -> str:
    scheme = entry.lower().removesuffix("://").removesuffix(":")
    if not _SCHEME.fullmatch(scheme):
        raise _wrong(entry, "is no URL scheme")
    if scheme in EXECUTABLE_SCHEMES | _NO_APPS:
        raise _wrong(entry, "is no app's own scheme")
    return scheme


class AppleAppList(fields.Field[tuple[str, ...]]):
    """Apple's app ids: the prefix of the team, a dot, and the bundle's id."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        return tuple(_each(value, _apple_app))


def _apple_app(entry: str) -> str:
    if not _APPLE_APP.fullmatch(entry):
        raise _wrong(entry, "is no app id: ten letters and digits, a dot, and the bundle's id")
    return entry


class AndroidAppTable(fields.Field[dict[str, tuple[str, ...]]]):
    """Package names of Android, each with the fingerprints of the certificates that sign it."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, tuple[str, ...]]:
        if not isinstance(value, Mapping) or len(value) > MAX_ENTRIES:
            raise ValidationError("Not a dict.")
        return {_package(package): _fingerprints(value[package]) for package in value}


def _package(name: Any) -> str:
    if not isinstance(name, str) or not _PACKAGE.fullmatch(name):
        raise _wrong(str(name), "is no package name")
    return name


def _fingerprints(value: Any) -> tuple[str, ...]:
    found = tuple(_each([value] if isinstance(value, str) else value, _fingerprint))
    if not found:
        raise ValidationError("Not a fingerprint.")
    return found


def _fingerprint(entry: str) -> str:
    fingerprint = entry.strip().upper()
    if not _FINGERPRINT.fullmatch(fingerprint):
        raise _wrong(entry, "is no SHA-256 fingerprint: 32 pairs of digits with colons between")
    return fingerprint
