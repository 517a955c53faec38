"""The kinds of value that settings take: each checks one, and says what it takes."""

from __future__ import annotations

import re
import ssl
from collections.abc import Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from ..common.error_messages import DetailedError
from ..common.fields import HostURL, SecretString
from ..common.secret import Secret
from ..common.text import sanitize_text
from ..common.urls import is_https_or_loopback, split_url

MAX_NAME_LENGTH = 100  # characters of a bank's name
MAX_SECONDS = 315_360_000  # ten years
DAY = 86_400  # seconds
_ANCESTOR = re.compile(
    r"(?:[a-z][a-z0-9+.-]*://)?(?:\*|(?:\*\.)?[\w-]+(?:\.[\w-]+)*\.?|\[[0-9a-f:]+\])"
    r"(?::(?:\d{1,5}|\*))?/?|[a-z][a-z0-9+.-]*:",
    re.ASCII | re.IGNORECASE,
)
_OUTSIDE_HEADERS = re.compile(r"[^!-~]|[\"',;]")


class SecretText(SecretString):
    """A non-empty string whose value never shows in a message or a repr."""

    def __init__(self, takes: str, **options: Any) -> None:
        super().__init__(
            validate=validate.Length(min=1), metadata={"takes": takes, "secret": True}, **options
        )


class SecretList(fields.Field[tuple[str, ...]]):
    """One secret, or several while one is being replaced."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        secrets = (value,) if isinstance(value, str) else value
        if not isinstance(secrets, list | tuple) or not all(
            isinstance(secret, str) and secret for secret in secrets
        ):
            raise ValidationError("Not a secret.")
        return tuple(map(Secret, secrets))


class HostLogo(fields.Field[dict[str, str]]):
    """A picture for both colour schemes, or one for each: a path of the host, or an https URL."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        pictures = {"light": value} if isinstance(value, str) else value
        if not isinstance(pictures, Mapping) or not {"light"} <= set(pictures) <= {"light", "dark"}:
            raise ValidationError("Not a picture, or none for light.")
        return {scheme: _picture(url) for scheme, url in pictures.items()}


def _picture(value: Any) -> str:
    url = str(HostURL().deserialize(value))
    if not url.startswith("/") and not is_https_or_loopback(split_url(url)):
        raise ValidationError("Not https.")  # a browser would block it on a page over https
    return url


class AliasTable(fields.Field[tuple[tuple[str, tuple[str, ...]], ...]]):
    """Lists of further names, by a bank's name or identifier; loads as a tuple of pairs."""

    def _deserialize(
        self, value: Any, *_: Any, **__: Any
    ) -> tuple[tuple[str, tuple[str, ...]], ...]:
        if not isinstance(value, Mapping):
            raise ValidationError("Not a dict.")
        return tuple((_bank_name(bank), _bank_names(bank, names)) for bank, names in value.items())


def _bank_names(bank: Any, names: Any) -> tuple[str, ...]:
    if not isinstance(names, list | tuple):
        raise ValidationError(DetailedError(f"{bank!r:.100} has no list of names"))
    return tuple(map(_bank_name, names))


def _bank_name(name: Any) -> str:
    cleaned = sanitize_text(name) if isinstance(name, str) else ""
    if not 0 < len(cleaned) <= MAX_NAME_LENGTH:
        detail = f"{name!r:.100} is not a name of 1 to {MAX_NAME_LENGTH} characters"
        raise ValidationError(DetailedError(detail))
    return cleaned


class Certificate(fields.Field[tuple[str, ...]]):
    """A client certificate: a path, or (certificate, key) or (certificate, key, password)."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        parts = (value,) if isinstance(value, str) else value
        if not isinstance(parts, list | tuple) or not 1 <= len(parts) <= 3:
            raise ValidationError("Not a certificate.")
        certificate = tuple(str(part) for part in parts)
        path, *others = certificate
        key, password = (*others, None, None)[:2]
        try:
            # An empty password, lest OpenSSL ask for one on the terminal.
            ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_cert_chain(path, key, password or "")
        except (OSError, ValueError) as error:  # a path may hold what no path can
            words = getattr(error, "strerror", None) or type(error).__name__
            raise ValidationError(DetailedError(f"it cannot be loaded: {words}")) from None
        return certificate


class ServerURL(fields.String):
    """An https address, or plain http on this machine for a stand-in."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        url: str = super()._deserialize(value, *args, **options)
        try:
            parts = split_url(url)
        except ValueError:
            raise ValidationError("Not a URL.") from None
        if _OUTSIDE_HEADERS.search(url):
            raise ValidationError("Has a character that cannot stand in a header.")
        if not parts.hostname or parts.query or parts.fragment:
            raise ValidationError("Not a server's URL.")
        if not is_https_or_loopback(parts):
            raise ValidationError("Not https.")
        return url.rstrip("/")


class FrameAncestors(fields.String):
    """Sources of the ``frame-ancestors`` directive. Keywords need their quotes."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        sources = super()._deserialize(value, *args, **options).split(" ")
        sources = [source for source in sources if source]
        for source in sources:
            if source.lower() in {"self", "none"}:
                detail = f"{source} is a keyword and needs quotes: \"'{source.lower()}'\""
                raise ValidationError(DetailedError(detail))
            if source not in {"'self'", "'none'"} and not _ANCESTOR.fullmatch(source):
                raise ValidationError("Not an origin.")
        if not sources or ("'none'" in sources and len(sources) > 1):
            raise ValidationError("'none' stands alone.")
        return " ".join(sources)


def one_of(*choices: str) -> dict[str, Any]:
    """Return options of a field that takes one of *choices*."""
    return {
        "validate": validate.OneOf(choices),
        "metadata": {"takes": " or ".join(repr(choice) for choice in choices)},
    }


def seconds(default: float, *, exclusive: bool = False, least: float = 0) -> fields.Float:
    """Return a field for seconds, from *least*; with *exclusive*, above it."""
    begins = f"{'above' if exclusive else 'from'} {least}"
    return fields.Float(
        load_default=default,
        validate=validate.Range(min=least, min_inclusive=not exclusive, max=MAX_SECONDS),
        metadata={"takes": f"a number of seconds {begins} to {MAX_SECONDS}"},
    )


def boolean(default: bool | None) -> fields.Boolean:
    """Return a field for a boolean."""
    return fields.Boolean(load_default=default, metadata={"takes": "True or False"})


def host_url() -> HostURL:
    """Return a field for a page of the host; it is optional."""
    return HostURL(
        load_default=None, metadata={"takes": "a path such as '/account', or an http(s) URL"}
    )


def url() -> ServerURL:
    """Return a field for the URL of a server, not set by default."""
    return ServerURL(
        load_default=None,
        metadata={"takes": "an https:// URL (http:// only on this machine)"},
    )
