"""A string with a redacted repr."""

from __future__ import annotations


class Secret(str):
    """A credential or a token. It is a plain string in every use except its repr.

    So no repr of an object that holds it shows it, and no traceback with local variables, such as
    an error tracker sends.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"
