"""Failed refreshes in the shared store, so that all processes back off together."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from marshmallow import EXCLUDE, Schema, ValidationError, fields, post_load, validate

from ...common.fields import CleanString
from ..stores.scoped import ScopedStore
from .plausibility import Doubt
from .shared_lists import ListKey

MAX_RETRY_AFTER = 3600.0  # seconds; Lean's Retry-After may ask for this long
MAX_REASON = 1000  # characters


@dataclass(frozen=True, slots=True)
class RefreshFailure:
    """Why a list could not be refreshed, and when to try again.

    :param failures: failed attempts in a row.
    :param retry_at: wall clock, seconds since the epoch.
    :param delay: seconds from the failure to *retry_at*; bounds the wait if the clock is set back.
    :param doubt: a list that Lean gave and that is not accepted yet.
    :param permanent: whether Lean refused for good.
    """

    failures: int
    retry_at: float
    delay: float
    reason: str
    doubt: Doubt | None = None
    permanent: bool = False


class _DoubtSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    digest = fields.String(required=True)
    since = fields.Float(required=True)
    fetches = fields.Integer(required=True, validate=validate.Range(min=1))

    @post_load
    def _build(self, data: dict[str, Any], **_: Any) -> Doubt:
        return Doubt(**data)


class _FailureSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    failures = fields.Integer(required=True, validate=validate.Range(min=1))
    retry_at = fields.Float(required=True)
    delay = fields.Float(required=True, validate=validate.Range(min=0, max=MAX_RETRY_AFTER))
    reason = CleanString(max_length=MAX_REASON, allow_none=False, required=True)
    doubt = fields.Nested(_DoubtSchema, load_default=None, allow_none=True)
    permanent = fields.Boolean(load_default=False)


_schema = _FailureSchema()


class SharedFailures:
    """Read and write the latest failure of each list."""

    def __init__(self, store: ScopedStore) -> None:
        self._store = store

    def load(self, key: ListKey) -> RefreshFailure | None:
        """Return the failure, or ``None`` where there is none that can be read."""
        value = self._store.read(key.store_key("failure"))
        try:
            return RefreshFailure(**_schema.loads(value)) if value else None
        except (ValidationError, ValueError, RecursionError):
            return None

    def save(self, key: ListKey, failure: RefreshFailure) -> None:
        """Store *failure* in place of the one before it."""
        value = json.dumps(asdict(failure)).encode()
        self._store.update(key.store_key("failure"), lambda *_: value)

    def save_if_missing(self, key: ListKey, failure: RefreshFailure) -> None:
        """Store *failure*, if the store has none."""
        value = json.dumps(asdict(failure)).encode()
        self._store.update(key.store_key("failure"), lambda old, _: old or value)

    def clear(self, key: ListKey) -> None:
        """Remove the failure, after a refresh that succeeded."""
        self._store.update(key.store_key("failure"), lambda *_: None)
