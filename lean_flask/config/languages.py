"""The settings of the pages' languages, and of texts of the host."""

from __future__ import annotations

from collections.abc import Mapping
from gettext import NullTranslations
from os import PathLike
from pathlib import Path
from typing import Any

from marshmallow import ValidationError, fields

from ..common.error_messages import DetailedError
from ..common.languages import TAG
from ..common.text import sanitize_text
from ..errors import ConfigurationError
from .catalogues import DOMAIN, CatalogueError, chained, load_texts, tags_in

MAX_LANGUAGES = 20
MAX_HOST_NAME_LENGTH = 80  # characters


class LanguageList(fields.Field[tuple[str, ...]]):
    """Tags of languages, in the order in which a page offers them."""

    def __init__(self) -> None:
        super().__init__(
            load_default=("en", "ar"),
            metadata={"takes": "a list of language tags, such as ('en', 'ar', 'ur')"},
        )

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not 0 < len(value) <= MAX_LANGUAGES:
            raise ValidationError("Not a list.")
        for tag in value:
            if not isinstance(tag, str) or not TAG.fullmatch(tag):
                raise ValidationError(DetailedError(f"{tag!r:.100} is no language tag"))
        return tuple(dict.fromkeys(value))


class TranslationFolders(fields.Field[tuple[Path, ...]]):
    """Folders of gettext catalogues, the one that wins in front."""

    def __init__(self) -> None:
        takes = f"a folder with <language>/LC_MESSAGES/{DOMAIN}.mo in it, or a list of such"
        super().__init__(load_default=(), metadata={"takes": takes})

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[Path, ...]:
        given = value if isinstance(value, list | tuple) else [value]
        if not all(isinstance(folder, str | PathLike) for folder in given):
            raise ValidationError("Not a folder.")
        return tuple(_folder(Path(folder)) for folder in given)


def _folder(path: Path) -> Path:
    folder = path.absolute()
    if not folder.is_dir():
        raise ValidationError(DetailedError(f"there is no folder {folder}"))
    if not tags_in(folder):
        has_sources = any(folder.glob(f"*/LC_MESSAGES/{DOMAIN}.po"))
        mend = f"compile it: pybabel compile -D {DOMAIN} -d {folder}" if has_sources else ""
        why = f"{folder} has no <language>/LC_MESSAGES/{DOMAIN}.mo"
        raise ValidationError(DetailedError(f"{why}; {mend}" if mend else why))
    return folder


class HostName(fields.Field[dict[str, str]]):
    """A name for all languages, under ``""``, or one for each."""

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> dict[str, str]:
        names = {"": value} if isinstance(value, str) else value
        if not isinstance(names, dict) or not all(
            isinstance(tag, str) and (not tag or TAG.fullmatch(tag)) for tag in names
        ):
            raise ValidationError("Not a name.")
        cleaned = {language: sanitize_text(str(name)) for language, name in names.items()}
        if not all(0 < len(name) <= MAX_HOST_NAME_LENGTH for name in cleaned.values()):
            raise ValidationError(f"Empty, or longer than {MAX_HOST_NAME_LENGTH} characters.")
        return cleaned


def complete_languages(loaded: Mapping[str, Any], prefix: str) -> dict[str, Any]:
    """Return the settings that follow from those of languages: the default one, and its texts.

    :raises ConfigurationError: when they do not fit together, or a catalogue cannot be used.
    """
    languages: tuple[str, ...] = loaded["languages"]
    default = loaded["language"] or ("en" if "en" in languages else languages[0])
    choices = " or ".join(map(repr, languages))
    if default not in languages:
        raise ConfigurationError(f"{prefix}LANGUAGE got {default!r}; it takes {choices}")
    try:
        found = load_texts(languages, loaded["translations"])
        english = found.get("en") or load_texts(["en"], loaded["translations"])["en"]
    except CatalogueError as error:
        key = "TRANSLATIONS" if loaded["translations"] else "LANGUAGES"
        raise ConfigurationError(f"{prefix}{key}: {error}") from None
    texts: dict[str, NullTranslations] = {
        tag: chained(catalogues, () if tag == "en" else english)
        for tag, catalogues in found.items()
    }
    return {"language": default, "texts": texts}
