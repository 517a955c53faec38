"""Marshmallow schemas that turn Lean's JSON into :class:`Bank`.

Nulls, missing fields, unknown fields and a string in place of a list are accepted: Lean sends
them. The identifier and the availability must be valid. Any other field that is not is repaired or
left out by itself, with one log line a bank, and never costs the bank.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any

from marshmallow import ValidationError, fields, post_load, validate, validates_schema

from ..common.fields import CleanString, LenientSchema
from ..common.lenient import load_leniently
from ..common.logs import get_logger
from ..common.skipped_records import skipped_records
from ..common.urls import LOOPBACK_HOSTS, is_https_or_loopback, split_url
from ..common.validators import IDENTIFIER, is_currency, is_identifier
from ..config.environments import LEAN_DOMAIN
from .bank import Availability, Bank, Destination, PurposeFlags, TransferLimit
from .repairs import MAX_NAME_LENGTH, hex_colour, shortened_name

log = get_logger(__name__)

_HEX_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6}|[0-9a-f]{8})", re.IGNORECASE)
MAX_AMOUNT = Decimal(2**53)  # exact as a JSON number; 1e999999 would take hours to write out
MIN_AMOUNT = Decimal("1e-9")  # smaller amounts are rounded to zero
MAX_NUMBER_LENGTH = 64  # characters of a number that is sent as text
#: What a bank cannot be shown or launched without, or would be shown wrong with a guess at.
_STRICT = frozenset({"identifier", "availability"})


class LogoURL(CleanString):
    """An https URL at Lean, or at this machine, for a stand-in for Lean.

    A URL at another host loads as an empty string, since that host could count the visitors.
    """

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        address = super()._deserialize(value, *args, **options)
        if not address:
            return ""
        host = _host_of(address)
        if host is None:
            raise ValidationError("Not an https URL.")
        if host in LOOPBACK_HOSTS or host == LEAN_DOMAIN or host.endswith(f".{LEAN_DOMAIN}"):
            return address
        _warn_foreign_logo_host(host)
        return ""


class Colour(CleanString):
    """``#rgb``, ``#rrggbb`` or ``#rrggbbaa``."""

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> str:
        colour = super()._deserialize(value, *args, **options)
        if colour and not _HEX_COLOUR.fullmatch(colour):
            raise ValidationError("Not a hex colour.")
        return colour


class Number(fields.Decimal):
    """An amount: ``Decimal`` when loaded, a JSON number when dumped."""

    def __init__(self, **options: Any) -> None:
        super().__init__(validate=validate.Range(Decimal(0), MAX_AMOUNT), **options)

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        if isinstance(value, str) and len(value) > MAX_NUMBER_LENGTH:
            raise ValidationError("Not a valid number.")
        number = super()._deserialize(value, *args, **options)
        return number if number.copy_abs() >= MIN_AMOUNT else Decimal(0)

    def _serialize(self, value: Any, *args: Any, **options: Any) -> Any:
        if value is None:
            return None
        return int(value) if value == value.to_integral_value() else float(value)


class StringList(fields.List[str]):
    """A list of short strings; a single string loads as a list of one."""

    def __init__(self) -> None:
        super().__init__(CleanString(allow_none=False), load_default=())

    def _deserialize(self, value: Any, *args: Any, **options: Any) -> Any:
        words = [value] if isinstance(value, str) else value
        return super()._deserialize(words, *args, **options)


class ModelSchema(LenientSchema):
    """Load a JSON object into the dataclass *model*, ignoring unknown fields and nulls."""

    model: type[Any]

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Any:
        lists_as_tuples = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        return self.model(**lists_as_tuples)


class PurposeFlagsSchema(ModelSchema):
    """One flag per purpose."""

    model = PurposeFlags
    data = fields.Boolean(load_default=False)
    payments = fields.Boolean(load_default=False)


class AvailabilitySchema(ModelSchema):
    """Whether a bank is active at Lean, and enabled in the dashboard."""

    model = Availability
    active = fields.Nested(PurposeFlagsSchema, load_default=PurposeFlags())
    enabled = fields.Nested(PurposeFlagsSchema, load_default=PurposeFlags())


class TransferLimitSchema(ModelSchema):
    """Smallest and largest amount of a transfer."""

    model = TransferLimit
    currency = fields.String(required=True, validate=is_currency)
    min = Number(load_default=None)
    max = Number(load_default=None)

    @validates_schema
    def _check_order(self, data: dict[str, Any], **_: Any) -> None:
        if None not in (data["min"], data["max"]) and data["min"] > data["max"]:
            raise ValidationError("min is greater than max.")


class DestinationSchema(ModelSchema):
    """A country for international payments."""

    model = Destination
    country_iso_code = CleanString(load_default=None)
    country_name = CleanString(load_default=None)
    supported_currencies = StringList()


def _list_of(schema: type[ModelSchema]) -> fields.List[Any]:
    return fields.List(fields.Nested(schema), load_default=())


class BankSchema(ModelSchema):
    """One bank of Lean's list; dumps under the same names and types."""

    model = Bank
    identifier = fields.String(required=True, validate=is_identifier)
    name = CleanString(max_length=MAX_NAME_LENGTH, load_default="")
    arabic_name = CleanString(load_default=None)
    commercial_name = CleanString(load_default=None)
    commercial_name_arabic = CleanString(load_default=None)
    logo = LogoURL(max_length=2000, load_default="")
    logo_alt = LogoURL(max_length=2000, load_default="")
    main_color = Colour(load_default="")
    background_color = Colour(load_default="")
    theme = CleanString(load_default="")
    country_code = CleanString(max_length=3, load_default="")
    swift_code = CleanString(max_length=11, load_default=None)
    active = fields.Boolean(load_default=True)
    mock = fields.Boolean(load_default=False)
    traits = StringList()
    supported_account_types = StringList()
    supported_account_sub_types = StringList()
    bank_type = CleanString(load_default=None)
    account_type = CleanString(load_default=None)
    connection_type = CleanString(load_default=None)
    relates_to = StringList()
    transfer_limits = _list_of(TransferLimitSchema)
    international_transfer_limits = _list_of(TransferLimitSchema)
    international_destinations = _list_of(DestinationSchema)
    availability = fields.Nested(AvailabilitySchema, load_default=Availability())

    @post_load
    def _build(self, data: dict[str, Any], **options: Any) -> Any:
        names = (data[field] for field in _NAMES)
        return super()._build(
            data | {"name": data["name"] or next(filter(None, names), data["identifier"])},
            **options,
        )


#: What a bank without a name is called, before its identifier.
_NAMES = ("commercial_name", "commercial_name_arabic", "arabic_name")


_REPAIRS = {
    **dict.fromkeys(("name", *_NAMES), shortened_name),
    **dict.fromkeys(("main_color", "background_color"), hex_colour),
}
_bank = BankSchema()


def load_banks(records: Iterable[Any]) -> tuple[Bank, ...]:
    """Load the banks in *records*; skip and log those without a valid identity or availability.

    What else is wrong with a record is repaired or left out, with one log line a bank.
    """
    banks: dict[str, Bank] = {}
    with (
        skipped_records(log, "Skipped bank") as skip,
        skipped_records(log, "Repaired or left out fields of bank") as note,
        skipped_records(log, "Hidden bank") as hide,
    ):
        for position, record in enumerate(records):
            try:
                bank, wrong = load_leniently(_bank, record, strict=_STRICT, repairs=_REPAIRS)
            except ValidationError as error:
                skip(_label(record, position), error.messages_dict)
                continue
            if bank.identifier in banks:
                skip(bank.identifier, "repeated identifier")
                continue
            if wrong:
                note(bank.identifier, ", ".join(wrong))
            if not _says_enabled(record.get("availability")):
                hide(bank.identifier, "Lean sent no availability, so it counts as disabled")
            banks[bank.identifier] = bank
    return tuple(banks.values())


def _says_enabled(availability: Any) -> bool:
    """Return whether Lean sent for any purpose whether the bank is enabled."""
    enabled = availability.get("enabled") if isinstance(availability, Mapping) else None
    return isinstance(enabled, Mapping) and any(value is not None for value in enabled.values())


def _label(record: Any, position: int) -> str:
    identifier = record.get("identifier") if isinstance(record, Mapping) else None
    if isinstance(identifier, str) and IDENTIFIER.fullmatch(identifier):
        return identifier
    return f"number {position + 1}"


def _host_of(address: str) -> str | None:
    """Return the host of an https URL (or of an http URL at this machine), else ``None``."""
    try:
        parts = split_url(address)
    except ValueError:
        return None
    if re.search(r"[\s\\\"'<>]", address) or not is_https_or_loopback(parts):
        return None
    return parts.hostname


@lru_cache(maxsize=64)
def _warn_foreign_logo_host(host: str) -> None:
    """Log *host* once per process: every record of every refresh may name it."""
    log.warning("Skipped logos at %.100s: not a host of Lean; initials are shown instead", host)
