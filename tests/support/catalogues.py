"""Compiled gettext catalogues of a host, for its setting TRANSLATIONS."""

from collections.abc import Mapping
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

Texts = Mapping[str | tuple[str, str], str | tuple[str, ...]]


def write_catalogue(folder: Path, language: str, texts: Texts) -> Path:
    """Put *texts* of *language* into *folder*, and return it."""
    catalogue = Catalog(locale=language)
    for message, text in texts.items():
        catalogue.add(message, text)
    path = folder / language / "LC_MESSAGES" / "lean_flask.mo"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_mo(file, catalogue)
    return folder
