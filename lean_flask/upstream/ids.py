"""Ids as hosts hold them, of whatever type, as the text that Lean takes."""

from __future__ import annotations

import re
from uuid import UUID

from ..errors import FlowError

_MAX_LENGTH = 255
_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)  # as Lean writes it
_MAX_BITS = 800  # str() of a larger int is slow, or fails


def customer_id_text(customer_id: object) -> str:
    """Return Lean's id of a customer as text. Whether there is such a customer, Lean says.

    :raises FlowError: for what is no UUID. The message does not repeat it.
    """
    return _uuid_text("customer_id", customer_id, "Lean's id of the customer, a UUID")


def lean_id_text(name: str, id: object) -> str:
    """Return one of Lean's ids, the argument *name*, as text.

    :raises FlowError: for what is no UUID. The message does not repeat it.
    """
    return _uuid_text(name, id, "Lean's id of it, a UUID")


def _uuid_text(name: str, id: object, takes: str) -> str:
    """Return *id* as Lean writes it: its records are compared with that."""
    if isinstance(id, str) and _UUID.fullmatch(id):
        return id
    try:
        return str(id if isinstance(id, UUID) else UUID(_checked(name, id, id, takes)))
    except ValueError:
        raise _error(name, id, takes) from None


def app_user_id_text(app_user_id: object) -> str:
    """Return the host's own id of a user as text; numbers and UUIDs are taken, too.

    :raises FlowError: for anything else, and for an id that is empty or too long.
    """
    is_number = type(app_user_id) is int and app_user_id.bit_length() <= _MAX_BITS
    text = str(app_user_id) if is_number or isinstance(app_user_id, UUID) else app_user_id
    takes = f"your id of the user: a string of 1 to {_MAX_LENGTH} characters, an int or a UUID"
    return _checked("app_user_id", text, app_user_id, takes)


def _checked(name: str, text: object, given: object, takes: str) -> str:
    if isinstance(text, str) and 1 <= len(text) <= _MAX_LENGTH and _is_unicode(text):
        return text
    raise _error(name, given, takes)


def _error(name: str, given: object, takes: str) -> FlowError:
    words = f"{name} got a value of type {type(given).__name__} that cannot be it; it takes {takes}"
    return FlowError(words, {name: words})


def _is_unicode(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:  # half of a surrogate pair
        return False
    return True
