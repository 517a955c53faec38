"""A page with places left open: rendered and compressed once, then filled for each request.

What fills a place is stored in the gzip stream as it is, between parts that know nothing of it but
its length. So compression costs nothing per request, and the length of an answer tells nothing of
the flow's token, whatever else a stranger gets reflected on the page (the BREACH attack).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping
from functools import lru_cache
from struct import pack

from markupsafe import Markup, escape

_PLACE = re.compile("\0([a-z]+)\0")
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # gzip, deflate, no name, no time (RFC 1952)
_WINDOW = 32_768  # bytes that deflate looks back
_MOST_LENGTHS = 16
_LONGEST = 65_535  # bytes that one stored block can hold


def place(name: str) -> str:
    """What a template writes where the value of *name* will stand."""
    return f"\0{name}\0"


class Spliced:
    """HTML whose places are filled, as escaped text, by :meth:`plain` and :meth:`gzipped`."""

    def __init__(self, html: str) -> None:
        parts = _PLACE.split(html)
        self._texts = [text.encode() for text in parts[::2]]
        self._places = parts[1::2]
        self._squeezed = lru_cache(maxsize=_MOST_LENGTHS)(self._squeeze)

    def plain(self, values: Mapping[str, str]) -> bytes:
        return b"".join(self._with(self._filled(values), self._texts))

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        filled = self._filled(values)
        checksum = length = 0
        for text in self._with(filled, self._texts):
            checksum = zlib.crc32(text, checksum)
            length += len(text)
        squeezed = self._squeezed(tuple(map(len, filled)))
        body = self._with([_stored(value) for value in filled], squeezed)
        return _HEADER + b"".join(body) + pack("<II", checksum, length & 0xFFFFFFFF)

    def _squeeze(self, lengths: tuple[int, ...]) -> list[bytes]:
        """The texts compressed, each knowing those before it, and of the values their lengths."""
        before = b""
        squeezed: list[bytes] = []
        for text, length in zip(self._texts, [*lengths, 0], strict=True):
            squeeze = zlib.compressobj(9, wbits=-zlib.MAX_WBITS, zdict=before[-_WINDOW:])
            is_last = len(squeezed) == len(lengths)
            end = zlib.Z_FINISH if is_last else zlib.Z_SYNC_FLUSH
            squeezed.append(squeeze.compress(text) + squeeze.flush(end))
            before += text + bytes(length)  # zeros, which match no text
        return squeezed

    def markup(self, values: Mapping[str, str]) -> Markup:
        return Markup(self.plain(values).decode())  # noqa: S704 - rendered by our own templates

    def _filled(self, values: Mapping[str, str]) -> list[bytes]:
        return [str(escape(values[name])).encode() for name in self._places]

    @staticmethod
    def _with(filled: list[bytes], texts: list[bytes]) -> list[bytes]:
        pairs = zip(texts, [*filled, b""], strict=True)
        return [part for pair in pairs for part in pair]


def _stored(value: bytes) -> bytes:
    """*value* as stored blocks of a deflate stream (RFC 1951, 3.2.4)."""
    pieces = [value[start : start + _LONGEST] for start in range(0, len(value), _LONGEST)]
    return b"".join(pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF) + piece for piece in pieces)
