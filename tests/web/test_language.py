"""Which language a request gets, and that no text is missing in any of them."""

from __future__ import annotations

import re

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

from example_texts import TEXTS
from lean_flask.common.languages import direction
from lean_flask.web.language import choose_language
from support.languages import ARABIC, ENGLISH
from support.paths import ROOT

TRANSLATIONS = ROOT / "lean_flask" / "translations"
CATALOGUE = TRANSLATIONS / "ar" / "LC_MESSAGES" / "lean_flask.po"
TEMPLATE = TRANSLATIONS / "lean_flask.pot"


def read_catalogue() -> Catalog:
    with CATALOGUE.open("rb") as file:
        return read_po(file, locale="ar")


def messages() -> list[Message]:
    return [message for message in read_catalogue() if message.id]


def texts_of(catalogue: list[Message]) -> dict[str, list[str]]:
    def parts(text: object) -> list[str]:
        return [text] if isinstance(text, str) else [*text]  # type: ignore[misc]

    return {parts(message.id)[0]: parts(message.string) for message in catalogue}


@pytest.mark.parametrize(
    ("requested", "flow", "accepted", "language"),
    [
        ("ar", "en", "en", "ar"),
        ("xx", "ar", "en", "ar"),
        (None, "ar", "en", "ar"),
        (None, None, "ar-SA,en;q=0.5", "ar"),
        (None, None, "fr, en;q=0.8, ar;q=0.9", "ar"),
        (None, None, "fr", "en"),
        (None, None, "", "en"),
        (None, None, None, "en"),
        ("", "", ";;;q=", "en"),
    ],
)
def test_the_url_wins_then_the_flow_then_the_browser(
    requested: str | None, flow: str | None, accepted: str | None, language: str
) -> None:
    assert choose_language(requested, flow, accepted, "en", ("en", "ar")) == language


def test_the_default_decides_when_nothing_is_said() -> None:
    assert choose_language(None, None, "fr", "ar", ("en", "ar")) == "ar"


def test_direction() -> None:
    assert (direction("ar"), direction("en")) == ("rtl", "ltr")


def test_every_text_of_the_code_is_in_the_catalogue_and_the_template_and_no_other() -> None:
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    extracted = {message for _, _, message, _, _ in extract_from_dir(ROOT, methods, options)}
    assert {message.id for message in messages()} == extracted
    with TEMPLATE.open("rb") as file:
        assert {message.id for message in read_po(file) if message.id} == extracted


def test_every_text_is_translated_in_all_its_forms() -> None:
    for message in messages():
        texts = message.string if isinstance(message.string, tuple) else (message.string,)
        assert all(texts), message.id
        assert len(texts) == (6 if message.pluralizable else 1), message.id
        assert not message.fuzzy, message.id


def test_translations_keep_the_placeholders() -> None:
    for message in messages():
        if message.pluralizable:
            continue
        placeholders = re.findall(r"%\(\w+\)s", str(message.id))
        assert sorted(re.findall(r"%\(\w+\)s", str(message.string))) == sorted(placeholders)


def test_arabic_uses_arabic_punctuation() -> None:
    for message in messages():
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not re.search(r"[,;?\"“”]", text), text


def test_arabic_keeps_to_the_words_that_the_catalogue_calls_settled() -> None:
    """The note at its top has them. U+FDFC is the old ligature of the riyal."""
    other = r"نافذة|النافذة|من قِ?بل|كلمة مرورك|ر\.س|د\.إ|\ufdfc|[٠-٩۰-۹]|\bتحقق|\bتعذر"
    for texts in (*texts_of(messages()).values(), [*TEXTS["ar"].values()]):
        for text in texts:
            assert not re.search(other, text), text


def test_the_compiled_catalogue_is_fresh() -> None:
    with CATALOGUE.with_suffix(".mo").open("rb") as file:
        compiled = [message for message in read_mo(file) if message.id]
    assert texts_of(compiled) == texts_of(messages()), (
        "compile it: pybabel compile -D lean_flask -d lean_flask/translations"
    )


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (0, "لا توجد نتائج"),
        (1, "نتيجة واحدة"),
        (2, "نتيجتان"),
        (3, "3 نتائج"),
        (11, "11 نتيجة"),
        (100, "100 نتيجة"),
        (103, "103 نتائج"),
    ],
)
def test_arabic_counts_in_six_forms(number: int, text: str) -> None:
    template = ARABIC.ngettext("%(num)s result", "%(num)s results", number)
    assert template % {"num": number} == text


def test_english_needs_no_catalogue() -> None:
    assert ENGLISH.gettext("Choose your bank") == "Choose your bank"
    assert ENGLISH.ngettext("one", "many", 2) == "many"
