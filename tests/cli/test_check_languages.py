"""What ``flask lean check`` says of languages and of the host's own texts."""

import json
import re

import pytest

from support.catalogues import write_catalogue
from support.paths import ROOT

URDU = ROOT / "tests" / "support" / "translations"


@pytest.fixture
def said(make_app):
    def said(**settings):
        result = make_app(**settings).test_cli_runner().invoke(args=["lean", "check", "--json"])
        lines = json.loads(result.output)
        return [(line["state"], line["detail"]) for line in lines if line["check"] == "languages"]

    return said


def test_our_own_languages_are_complete(said):
    assert said() == [("ok", "en, ar")]


def test_texts_that_are_not_translated_are_counted_and_named(said):
    state, detail = said(languages=["en", "ar", "ur"], translations=str(URDU))[0]
    assert state == "warn"
    assert re.match(r"ur: \d+ of \d+ texts are in English, such as '", detail)


def test_a_text_that_no_page_has_is_named(said, tmp_path):
    write_catalogue(tmp_path, "en", {"Chose your bank": "Pick your bank"})
    ((state, detail),) = said(translations=str(tmp_path))
    why = "en: no text of ours is 'Chose your bank'; see lean_flask.pot"
    assert (state, detail) == ("warn", why)


def test_a_catalogue_of_a_language_that_is_not_offered_is_named(said):
    ((state, detail),) = said(translations=str(URDU))
    assert (state, detail) == ("warn", f"{URDU} has ur, which is not in LEAN_LANGUAGES")
