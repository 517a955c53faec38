"""Text that never shows by itself."""

from __future__ import annotations


class Secret(str):
    """A credential or a token: a string in every use, but not in a repr.

    So neither a repr of what holds it nor a traceback with local variables shows it, as a debugger
    or an error tracker would send one.
    """

    __slots__ = ()

    def __repr__(self) -> str:
        return "Secret('…')"
