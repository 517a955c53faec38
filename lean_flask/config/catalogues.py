"""The texts of each page language: the host's catalogues of gettext over ours, then English."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import copy
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any

DOMAIN = "lean_flask"
OURS = Path(__file__).parent.parent / "translations"
_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


class CatalogueError(Exception):
    """A catalogue that cannot be used, in words for the host."""


class Catalogue(GNUTranslations):
    """A compiled catalogue whose texts can be looked through."""

    #: From an English text to its translation; of a text with plural forms, one for each.
    texts: Mapping[str, tuple[str, ...]]
    #: Those with plural forms.
    counted: frozenset[str]

    def _parse(self, fp: Any) -> None:
        super()._parse(fp)
        entries: Mapping[Any, str] = self._catalog  # type: ignore[attr-defined]
        texts: dict[str, tuple[str, ...]] = {}
        for key, text in entries.items():
            message = key[0] if isinstance(key, tuple) else key
            if message:  # the header has none
                texts[message] = (*texts.get(message, ()), text)
        self.texts = texts
        self.counted = frozenset(key[0] for key in entries if isinstance(key, tuple))


def catalogue_path(folder: Path, tag: str) -> Path:
    """Return where the catalogue of *tag* is in *folder*: ``pt_BR/LC_MESSAGES/lean_flask.mo``."""
    return folder / tag.replace("-", "_") / "LC_MESSAGES" / f"{DOMAIN}.mo"


def tags_in(folder: Path) -> list[str]:
    """Return the tags of the languages that *folder* has a compiled catalogue of."""
    found = folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo")
    return sorted(path.parts[-3].replace("_", "-") for path in found)


def load_texts(
    languages: Iterable[str], folders: Sequence[Path]
) -> dict[str, tuple[Catalogue, ...]]:
    """Return the catalogues of each language, the one that is asked first in front.

    :param folders: of the host. The first one's texts win over the next one's, and all over ours.
    :raises CatalogueError: for a language without any, and for a file that cannot be read or has a
        text that the pages could not fill. English needs no catalogue.
    """
    found = {tag: tuple(_of_language(tag, folders)) for tag in languages}
    for tag, catalogues in found.items():
        if not catalogues and tag != "en":
            places = ", ".join(str(catalogue_path(folder, tag)) for folder in folders)
            raise CatalogueError(f"there is no catalogue of {tag!r}" + (places and f": {places}"))
    return found


def chained(catalogues: Sequence[Catalogue], english: Sequence[Catalogue] = ()) -> NullTranslations:
    """Return one that asks each of *catalogues*, then those of *english*, then the code itself."""
    chain = NullTranslations()
    for catalogue in (*catalogues, *english):
        chain.add_fallback(copy(catalogue))  # which may stand in several chains
    return chain


def _of_language(tag: str, folders: Sequence[Path]) -> Iterator[Catalogue]:
    for folder in folders:
        path = catalogue_path(folder, tag)
        if path.is_file():
            catalogue = _read(path)
            _check(catalogue, path)
            yield catalogue
    yield from _ours(tag)


@cache
def _ours(tag: str) -> tuple[Catalogue, ...]:
    """Return our own catalogue of *tag*, read once for all blueprints; none where we have none."""
    path = catalogue_path(OURS, tag)
    return (_read(path),) if path.is_file() else ()


def _read(path: Path) -> Catalogue:
    try:
        with path.open("rb") as file:
            return Catalogue(file)
    except Exception as error:  # a damaged file makes the parser fail in many ways
        raise CatalogueError(f"{path} cannot be read: {error}") from None


def _check(catalogue: Catalogue, path: Path) -> None:
    """Refuse a text that cannot be filled with what its English has: the page would fail."""
    for message, texts in catalogue.texts.items():
        known = set(_PLACEHOLDER.findall(message))
        if message in catalogue.counted:
            known.add("num")  # the singular may do without
        for text in texts:
            if why := _why_not(text, known):
                raise CatalogueError(f"{path}: the text of {message!r} {why}")


def _why_not(text: str, known: set[str]) -> str:
    unknown = set(_PLACEHOLDER.findall(text)) - known
    if unknown:
        names = ", ".join(f"%({name})s" for name in sorted(unknown))
        return f"has {names}, which is not in the English one"
    if known and "%" in _PLACEHOLDER.sub("", text.replace("%%", "")):
        return "has a % that is no placeholder; write %%"
    return ""
