"""Load Lean's records: a wrong field is left out by itself, a wrong record is skipped."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Generic, Protocol, TypeVar

from marshmallow import Schema, ValidationError

from ..common.lenient import load_leniently
from ..common.logs import get_logger
from ..common.skipped_records import skipped_records
from ..errors import UpstreamInvalid

log = get_logger(__name__)


class Record(Protocol):
    """What Lean's records have in common."""

    @property
    def id(self) -> str:
        """Lean's id of it."""

    @property
    def customer_id(self) -> str:
        """Lean's id of the customer whose it is."""


RecordT = TypeVar("RecordT", bound=Record)


class RecordLoader(Generic[RecordT]):
    """Load one kind of Lean's records.

    :param kind: in words, for messages: ``payment source``.
    :param schema: loads one record; what it returns is a *RecordT*.
    :param strict: fields without which a record is of no use.
    """

    def __init__(self, kind: str, schema: Schema, strict: frozenset[str]) -> None:
        self._kind = kind
        self._schema = schema
        self._strict = strict

    def load_many(self, records: Iterable[Any], customer_id: str) -> tuple[RecordT, ...]:
        """Return the records of *customer_id*.

        What is another customer's, or without valid identifiers, is skipped with a log line. What
        else is malformed is left out by itself.
        """
        loaded: list[RecordT] = []
        with (
            skipped_records(log, f"Skipped {self._kind}") as skip,
            skipped_records(log, f"Left out fields of {self._kind}") as note,
        ):
            for number, content in enumerate(records, start=1):
                try:
                    record, wrong = load_leniently(self._schema, content, strict=self._strict)
                except ValidationError as error:
                    skip(f"number {number}", _names(error))
                    continue
                if record.customer_id != customer_id.lower():
                    skip(f"number {number}", "another customer's")
                    continue
                if wrong:
                    note(f"number {number}", ", ".join(wrong))
                loaded.append(record)
        return tuple(loaded)

    def load_one(
        self, content: Any, *, id: str | None = None, customer_id: str | None = None
    ) -> RecordT:
        """Return the record that was asked for.

        :param id: of the one that was asked for.
        :param customer_id: of the customer whose it has to be.
        :raises UpstreamInvalid: when it has no valid identifiers, or is another one.
        """
        try:
            record: RecordT
            record, wrong = load_leniently(self._schema, content, strict=self._strict)
        except ValidationError as error:
            words = f"Lean's {self._kind} is not usable: {_names(error)}"
            raise UpstreamInvalid(words) from None
        if id is not None and record.id != id.lower():
            raise UpstreamInvalid(f"Lean answered with another {self._kind}")
        if customer_id is not None and record.customer_id != customer_id.lower():
            raise UpstreamInvalid(f"Lean's {self._kind} is another customer's")
        if wrong:
            log.warning("Left out fields of %s: %s", self._kind, ", ".join(wrong))
        return record


def _names(error: ValidationError) -> str:
    return ", ".join(map(str, error.messages_dict))
