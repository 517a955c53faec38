"""What ``flask lean check`` says of the pages' languages, and of the host's own texts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from ..config.catalogues import Catalogue, load_texts, tags_in
from ..config.settings import Settings
from .finding import Finding

MAX_NAMED = 3
#: A language in which we have every text.
_COMPLETE = "ar"


def languages(settings: Settings) -> Iterator[Finding]:
    """Name the texts that a page would have in English, and those of the host that no page has."""
    found = load_texts(settings.languages, settings.translations)
    ours = set(load_texts([_COMPLETE], ())[_COMPLETE][0].texts)
    warnings = [
        *_untranslated(found, ours),
        *_unknown(found, ours),
        *_not_offered(settings),
    ]
    for warning in warnings:
        yield Finding("languages", "warn", warning)
    if not warnings:
        yield Finding("languages", "ok", ", ".join(settings.languages))


def _untranslated(found: dict[str, tuple[Catalogue, ...]], ours: set[str]) -> Iterator[str]:
    for tag, catalogues in found.items():
        missing = ours.difference(*(catalogue.texts for catalogue in catalogues))
        if missing and tag != "en":
            count = f"{len(missing)} of {len(ours)} texts"
            yield f"{tag}: {count} are in English, such as {_named(missing)}"


def _unknown(found: dict[str, tuple[Catalogue, ...]], ours: set[str]) -> Iterator[str]:
    for tag, catalogues in found.items():
        strange = {text for catalogue in catalogues for text in catalogue.texts} - ours
        if strange:
            yield f"{tag}: no text of ours is {_named(strange)}; see lean_flask.pot"


def _not_offered(settings: Settings) -> Iterator[str]:
    for folder in settings.translations:
        for tag in tags_in(folder):
            if tag not in settings.languages:
                yield f"{folder} has {tag}, which is not in LEAN_LANGUAGES"


def _named(texts: Iterable[str]) -> str:
    """Return the beginning of the list of *texts*, the shortest first."""
    first = sorted(texts, key=lambda text: (len(text), text))[:MAX_NAMED]
    return ", ".join(f"{text!r:.80}" for text in first)
