"""The marshmallow schema of a bank: the one gate between Lean's JSON and :class:`Bank`.

Lenient about what Lean really sends (nulls, absent and new fields, a string for a list), strict
about what would hurt: an identifier, a logo address, a colour or a number that is not one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, pre_load, validate

from ..common.skipped_records import left_out
from ..common.text import sanitize_text
from ..common.urls import LOOPBACK_HOSTS
from ..common.validators import IDENTIFIER, is_currency, is_identifier
from .bank import Availability, Bank, Destination, Switches, TransferLimit

log = logging.getLogger(__name__)

_HEX_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
_LEANS = "leantech.me"
_LARGEST_NUMBER = Decimal(2**53)  # that a double holds exactly; an exponent could make millions
_SMALLEST = Decimal("1e-9")  # what is less is no money, and no double holds it


class Text(fields.String):
    """A short string, cleaned. Null counts as absent."""

    def __init__(self, *, longest: int = 200, allow_none: bool = True, **options: Any) -> None:
        super().__init__(allow_none=allow_none, validate=validate.Length(max=longest), **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        return sanitize_text(super()._deserialize(value, *args, **options) or "")


class LogoURL(Text):
    """An https address at Lean, or one on this machine, where a stand-in for Lean may run.

    One at any other host counts as none, for that host would learn of each visitor.
    """

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        address = super()._deserialize(value, *args, **options)
        if not address:
            return ""
        host = _host_of(address)
        if host is None:
            raise ValidationError("Not an https URL.")
        if host in LOOPBACK_HOSTS or host == _LEANS or host.endswith(f".{_LEANS}"):
            return address
        _note_foreign(host)
        return ""


class Colour(Text):
    """``#rgb``, ``#rrggbb`` or ``#rrggbbaa``."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        colour = super()._deserialize(value, *args, **options)
        if colour and not _HEX_COLOUR.fullmatch(colour):
            raise ValidationError("Not a hex colour.")
        return colour


class Number(fields.Decimal):
    """An amount: a decimal inside, a JSON number outside."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(-_LARGEST_NUMBER, _LARGEST_NUMBER), **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        number = super()._deserialize(value, *args, **options)
        return number if number.copy_abs() >= _SMALLEST else Decimal(0)

    def _serialize(self, value: Any, *args: Any, **options: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == value.to_integral_value() else float(value)


class Words(fields.List[str]):
    """A list of short strings; a lone string is a list of one."""

    def __init__(self) -> None:
        super().__init__(Text(allow_none=False), load_default=())

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        words = [value] if isinstance(value, str) else value
        return super()._deserialize(words, *args, **options)


class _Part(Schema):
    """A nested object that becomes a frozen dataclass; fields that are new to us are left out."""

    makes: type[Any]

    class Meta:
        unknown = EXCLUDE

    @pre_load
    def _absent_when_null(self, data: Any, **_: Any) -> Any:
        if not isinstance(data, Mapping):
            raise ValidationError("Not an object.")
        return {key: value for key, value in data.items() if value is not None}

    @post_load
    def _make(self, data: dict[str, Any], **_: Any) -> Any:
        lists_as_tuples = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return self.makes(**lists_as_tuples)


class SwitchesSchema(_Part):
    makes = Switches
    data = fields.Boolean(load_default=False)
    payments = fields.Boolean(load_default=False)


class AvailabilitySchema(_Part):
    makes = Availability
    active = fields.Nested(SwitchesSchema, load_default=Switches())
    enabled = fields.Nested(SwitchesSchema, load_default=Switches())


class TransferLimitSchema(_Part):
    makes = TransferLimit
    currency = fields.String(required=True, validate=is_currency)
    min = Number(load_default=None)
    max = Number(load_default=None)


class DestinationSchema(_Part):
    makes = Destination
    country_iso_code = Text(load_default=None)
    country_name = Text(load_default=None)
    supported_currencies = Words()


def _parts(schema: type[_Part]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), load_default=())


class BankSchema(_Part):
    """Loads one bank of Lean's list; dumps it under the same names and types."""

    makes = Bank
    identifier = fields.String(required=True, validate=is_identifier)
    name = Text(load_default="")
    arabic_name = Text(load_default=None)
    commercial_name = Text(load_default=None)
    commercial_name_arabic = Text(load_default=None)
    logo = LogoURL(longest=2000, load_default="")
    logo_alt = LogoURL(longest=2000, load_default="")
    main_color = Colour(load_default="")
    background_color = Colour(load_default="")
    theme = Text(load_default="")
    country_code = Text(longest=3, load_default="")
    swift_code = Text(longest=11, load_default=None)
    active = fields.Boolean(load_default=True)
    mock = fields.Boolean(load_default=False)
    traits = Words()
    supported_account_types = Words()
    supported_account_sub_types = Words()
    bank_type = Text(load_default=None)
    account_type = Text(load_default=None)
    connection_type = Text(load_default=None)
    relates_to = Words()
    transfer_limits = _parts(TransferLimitSchema)
    international_transfer_limits = _parts(TransferLimitSchema)
    international_destinations = _parts(DestinationSchema)
    availability = fields.Nested(AvailabilitySchema, load_default=Availability())

    @post_load
    def _make(self, data: dict[str, Any], **options: Any) -> Any:
        return super()._make(data | {"name": data["name"] or data["identifier"]}, **options)


_bank = BankSchema()


def load_banks(records: Iterable[Any]) -> tuple[Bank, ...]:
    """The banks among *records*. A malformed or repeated one is left out with a log line."""
    banks: dict[str, Bank] = {}
    with left_out(log, "Left out bank") as leave_out:
        for position, record in enumerate(records):
            try:
                bank: Bank = _bank.load(record)
            except ValidationError as error:
                leave_out(_label(record, position), error.messages_dict)
                continue
            if bank.identifier in banks:
                leave_out(bank.identifier, "its identifier is there twice")
                continue
            banks[bank.identifier] = bank
    return tuple(banks.values())


def _label(record: Any, position: int) -> str:
    identifier = record.get("identifier") if isinstance(record, Mapping) else None
    if isinstance(identifier, str) and IDENTIFIER.fullmatch(identifier):
        return identifier
    return f"number {position + 1}"


def _host_of(address: str) -> str | None:
    """The host of a web address that may be loaded from somewhere; ``None`` when it is none."""
    try:
        parts = urlsplit(address)
        host = parts.hostname
    except ValueError:
        return None
    if not host or parts.username is not None or re.search(r"[\s\\\"'<>]", address):
        return None
    local = parts.scheme == "http" and host in LOOPBACK_HOSTS
    return host if local or parts.scheme == "https" else None


@lru_cache(maxsize=64)
def _note_foreign(host: str) -> None:
    """Once for each host, since a list may name it often and comes every few minutes."""
    log.warning("Left out logos at %.100s, which is not Lean's; initials stand in for them", host)
