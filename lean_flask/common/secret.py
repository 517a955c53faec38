"""Values with a redacted repr."""

from __future__ import annotations

from typing import Any


class Secret(str):
    """A credential or a token. It is a plain string in every use except its repr.

    So no repr of an object that holds it shows it, and no traceback with local variables, such as
    an error tracker sends.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"


class Hidden:
    """Holds an object of the host whose own repr may show a password, such as a database client.

    :ivar value: the object.
    """

    __slots__ = ("value",)

    def __init__(self, value: Any) -> None:
        self.value = value

    def __repr__(self) -> str:
        return "Hidden('…')"
