"""``STORE_URL`` and ``STORE``: where processes share data, as a URL or an object of the host."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from typing import Any

from marshmallow import ValidationError, fields, validate

from ..common.error_messages import DetailedError
from ..common.fields import SecretString
from ..common.secret import Hidden
from ..errors import ConfigurationError

#: Where a store is: a URL, an object of the host, or ``None`` for a file in the instance folder.
StorePlace = str | Hidden | None
_URL = r"(memory:|sqlite:///.+|rediss?(\+sentinel|\+cluster)?://.+|postgres(ql)?://.+)\Z"
_METHODS = ("version", "read", "update")


def store_url_field() -> SecretString:
    """Return the field of ``STORE_URL``."""
    return SecretString(
        load_default=None,
        validate=validate.Regexp(_URL),
        metadata={
            "takes": "'memory:', 'sqlite:///path', 'redis://…', 'rediss://…', "
            "'redis+sentinel://…', 'redis+cluster://…' or 'postgresql://…'",
            "secret": True,
        },
    )


class HostStore(fields.Field[Hidden]):
    """A client of redis-py, or an object with the methods of a store."""

    def __init__(self) -> None:
        takes = (
            "a client of redis-py (redis.Redis or redis.RedisCluster), or an object with the "
            f"methods {', '.join(_METHODS)}"
        )
        super().__init__(load_default=None, metadata={"takes": takes, "secret": True})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Hidden:
        given = value.value if isinstance(value, Hidden) else value
        if problem := _problem(given):
            raise ValidationError(DetailedError(problem))
        return Hidden(given)


def is_redis_client(value: object) -> bool:
    """Return whether *value* is a client of redis-py that is not asynchronous."""
    redis = sys.modules.get("redis")  # whoever has a client of it has imported it
    return redis is not None and isinstance(value, redis.Redis | redis.RedisCluster)


def check_store_settings(loaded: Mapping[str, Any], label: Callable[[str], str]) -> None:
    """Check the settings that say where the store is, beside each other.

    :raises ConfigurationError: naming the keys.
    """
    if loaded["store"] is not None and loaded["store_url"] is not None:
        raise ConfigurationError(
            f"{label('store')} and {label('store_url')} are both set; set one of them"
        )
    if loaded["webhook_delivery"] == "worker" and loaded["store_url"] == "memory:":
        raise ConfigurationError(
            f"{label('webhook_delivery')} got 'worker': no other process can read the events in "
            f"memory; set {label('store_url')} to a file or Redis"
        )


def _problem(value: object) -> str | None:
    """Return why *value* cannot be a store, or ``None``."""
    if isinstance(value, str):
        return "a URL belongs in STORE_URL"
    if isinstance(value, type):
        return "it is a class; make an object of it"
    if is_redis_client(value):
        return None
    if type(value).__module__.startswith("redis.asyncio"):
        return "an asynchronous client cannot be used; pass one of redis.Redis"
    if type(value).__module__ == "redis.sentinel":
        return "pass what its master_for(…) returns"
    missing = [name for name in _METHODS if not callable(getattr(value, name, None))]
    if missing:
        return f"it has no method {missing[0]}"
    if any(inspect.iscoroutinefunction(getattr(value, name)) for name in _METHODS):
        return "its methods are asynchronous"
    return None
