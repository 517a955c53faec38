"""What renews a customer's connection to a bank."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..common.types import AccountType
from ..errors import FlowError
from ..upstream.entities import Entity
from .connection_schemas import ConnectSchema, ReconnectSchema
from .schemas import PERMISSIONS

#: What the entity says, so that no argument can.
_OF_ENTITY: Final = ("bank_identifier", "permissions", "linked_banks")
#: Fields of ``connect`` that say nothing to ``reconnect``.
_OF_CONNECT: Final = frozenset(ConnectSchema().fields) - frozenset(ReconnectSchema().fields)
#: Lean's ``bank_type`` to the type of account that a list of banks is for.
_ACCOUNT_TYPES: Mapping[str, AccountType] = {"RETAIL": "PERSONAL", "SME": "BUSINESS"}


def account_type_of(entity: Entity) -> AccountType | None:
    """Return the type of account that *entity* connects; ``None`` if Lean does not say."""
    return _ACCOUNT_TYPES.get(entity.bank_type)


def check_arguments(fields: Mapping[str, Any]) -> None:
    """Refuse arguments that would link something else instead.

    :raises FlowError: naming each.
    """
    given = [name for name in _OF_ENTITY if fields.get(name) is not None]
    words = {name: f"{name} cannot be given: the entity has its own" for name in given}
    if words:
        raise FlowError("renew: " + "; ".join(words.values()), words)


def connect_arguments(entity: Entity) -> dict[str, Any]:
    """Return the arguments of a ``connect`` that renews *entity*: its bank, type and permissions.

    With other permissions Lean would make a second entity.

    :raises FlowError: when it has no permission that ``connect`` takes.
    """
    known = [name for name in entity.permissions if name in PERMISSIONS]
    if not known:
        words = "entity_id is of an entity without permissions that connect takes: it has "
        words += ", ".join(entity.permissions) or "none"
        raise FlowError(f"renew: {words}", {"entity_id": words})
    account_type = account_type_of(entity)
    return {
        "customer_id": entity.customer_id,
        "bank_identifier": entity.bank_identifier,
        "permissions": known,
        **({"account_type": account_type} if account_type else {}),
    }


def reconnect_arguments(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return *fields* without those that only the ``connect`` of a renewal takes."""
    return {name: value for name, value in fields.items() if name not in _OF_CONNECT}
