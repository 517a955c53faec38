"""Pages in a third language, by a catalogue of the host: Urdu, which is written from the right."""

import re

import pytest

from lean_flask import ConfigurationError, FlowError
from lean_flask.common.languages import TAG, closest, direction, language_names, lean_language
from lean_flask.testing.data.banks import many_banks
from support.catalogues import write_catalogue
from support.paths import ROOT
from support.picker_pages import opened, token_in
from support.picker_stage import make_host

URDU = ROOT / "tests" / "support" / "translations"
THREE = {"languages": ("en", "ar", "ur"), "translations": URDU}
CHOOSE = "اپنا بینک منتخب کریں"


@pytest.fixture
def host(fake_lean):
    return make_host(fake_lean, **THREE)


@pytest.fixture
def page(host):
    return opened(host, lang="ur").text


def launched(host, lang, **more):
    client = host.test_client()
    page = client.get(client.get(f"/connect/{lang}").location)
    body = {"flow": token_in(page), "bank_identifier": "RJHI_SAU"} | more
    return client.post(f"/lean/launch?lang={lang}", json=body).json


def test_the_page_is_in_the_language_and_its_direction(page):
    assert '<html lang="ur" dir="rtl">' in page
    assert f">{CHOOSE}</h1>" in page
    assert "<bdi>Qahwa</bdi>" in page  # a host without a name in Urdu has its English one


def test_a_text_without_a_translation_is_in_english(host):
    client = host.test_client()
    screens = client.get("/lean/screens?method=connect&lang=ur").text
    assert "آپ کا بینک جُڑ گیا ہے" in screens
    assert "An ad blocker or a weak connection may be the cause." in screens


def test_a_host_may_have_its_own_english_where_a_translation_lacks(fake_lean, tmp_path):
    own = write_catalogue(tmp_path, "en", {"Selected, now copy it": "Copy it now"})
    host = make_host(fake_lean, **THREE | {"translations": [own, URDU]})
    screens = host.test_client().get("/lean/screens?method=connect&lang=ur").text
    assert "Copy it now" in screens


def test_lean_and_the_names_of_banks_are_in_english(host, page):
    """The window that follows is in English, since Lean has no other that fits."""
    assert launched(host, "ur")["config"]["language"] == "en"
    assert launched(host, "ar")["config"]["language"] == "ar"
    native = launched(host, "ur", platform="flutter")["native"]
    assert native["language"] == "en"
    name = re.search(r'value="RJHI_SAU".*?<bdi class="name"( lang="en")?>([^<]*)<', page)
    assert name.groups() == (' lang="en"', "Al Rajhi Bank")


def test_the_bank_list_takes_the_language(host):
    client = host.test_client()
    bank = client.get("/lean/banks/RJHI_SAU?lang=ur").json
    assert bank["display_name"] == bank["names"]["en"]
    assert client.get("/lean/banks?lang=hi").status_code == 400
    assert client.get("/lean/banks?lang=hi").json["detail"] == "lang: This server has en, ar, ur."


def test_advice_is_in_the_language(host):
    client = host.test_client()
    page = client.get(client.get("/large/ur").location)
    body = {"flow": token_in(page), "bank_identifier": "RJHI_SAU"}
    refused = client.post("/lean/launch?lang=ur", json=body)
    assert refused.json["advice"] == "اس ادائیگی کے لیے دوسرا بینک منتخب کریں۔"


def test_amounts_and_dates_are_written_out(host):
    paying = opened(host, kind="pay", lang="ur").text
    assert "آپ <bdi>Qahwa</bdi> کو <bdi>SAR 250.50</bdi> ادا کر رہے ہیں۔" in paying


def test_three_languages_are_a_menu_with_each_in_its_own_name(page):
    menu = re.search(r'<details id="language".*?</details>', page, re.DOTALL)[0]
    assert re.findall(r'value="(\w+)" lang="(\w+)">([^<]+)<', menu) == [
        ("en", "en", "English"),
        ("ar", "ar", "العربية"),
    ]
    assert "اردو</summary>" in menu


def test_two_are_one_button_and_one_is_none(fake_lean):
    two = opened(make_host(fake_lean)).text
    assert two.count('name="lang"') == 1
    assert '<details id="language"' not in two
    assert 'name="lang"' not in opened(make_host(fake_lean, languages=["ar"], host_name={})).text


def test_the_browser_and_the_flow_choose_it_too(make_app):
    app = make_app(**THREE)
    client = app.test_client()
    url = client.get("/link").location
    assert CHOOSE in client.get(url, headers={"Accept-Language": "ur-PK,en;q=0.5"}).text
    app.config["CONNECT"] |= {"language": "ur"}
    assert CHOOSE in client.get(client.get("/link").location).text
    app.config["CONNECT"] |= {"language": "hi"}
    with pytest.raises(FlowError, match="'en' or 'ar' or 'ur', of LEAN_LANGUAGES"):
        client.get("/link")


def test_the_page_after_the_bank_is_in_it(host):
    client = host.test_client()
    page = client.get(client.get("/connect/ur").location)
    body = {"flow": token_in(page), "bank_identifier": "RJHI_SAU"}
    client.post("/lean/launch?lang=ur", json=body)
    assert '<html lang="ur" dir="rtl">' in client.get("/lean/return/success").text


def test_the_operations_page_has_a_link_to_each(host):
    host.blueprints["lean"].operator(lambda: "Noura")
    page = host.test_client().get("/lean/operations?lang=ur").text
    assert re.findall(r'href="\?lang=(\w+)"', page) == ["en", "ar"]


def test_an_embedded_picker_is_in_it(host):
    page = host.test_client().get("/embedded/ur").text
    assert '<lean-picker lang="ur" dir="rtl"' in page
    assert "/lean/languages.css" in page


def test_only_pages_with_further_languages_load_their_stylesheet(fake_lean, page):
    url = re.search(r'href="(/lean/languages\.css\?v=\w+)"', page)[1]
    host = make_host(fake_lean)
    assert host.test_client().get(url).headers["Cache-Control"].endswith("immutable")
    assert "languages.css" not in opened(host).text


@pytest.mark.parametrize(
    ("settings", "why"),
    [
        ({"languages": ["en", "ur"]}, "LEAN_LANGUAGES: there is no catalogue of 'ur'"),
        ({"languages": ["en", "hi"], "translations": URDU}, "no catalogue of 'hi': .*hi/LC_MESS"),
        ({"languages": ["en"], "language": "ar"}, "LEAN_LANGUAGE got 'ar'; it takes 'en'"),
        ({"host_name": {"Urdu": "قہوہ"}}, "LEAN_HOST_NAME got"),
    ],
)
def test_languages_that_do_not_fit_together_are_refused(make_app, settings, why):
    with pytest.raises(ConfigurationError, match=why):
        make_app(**settings)


def test_a_host_has_a_name_in_each_language(fake_lean):
    names = {"en": "Qahwa", "ur": "قہوہ"}
    host = make_host(fake_lean, **THREE, host_name=names)
    assert "<bdi>قہوہ</bdi>" in opened(host, lang="ur").text


def test_plural_forms_are_those_of_the_catalogue(fake_lean, tmp_path):
    """Polish has three: one, then those that end in 2 to 4, but for 12 to 14, then all others."""
    fake_lean.banks = many_banks(30, "sa", fake_lean.url)
    results = {("%(num)s result", "%(num)s results"): ("%(num)s a", "%(num)s b", "%(num)s c")}
    folder = write_catalogue(tmp_path, "pl", results)
    host = make_host(fake_lean, languages=["en", "pl"], translations=folder)
    page = opened(host, lang="pl").text
    said = re.findall(r'data-message="count-(\d+)"><bdi data-slot="num"></bdi> (\w)', page)
    assert said[:4] == [("1", "a"), ("2", "b"), ("5", "c"), ("22", "b")]


@pytest.mark.parametrize(
    ("tag", "written", "lean"),
    [
        ("ar-EG", "rtl", "ar"),
        ("ckb", "rtl", "en"),
        ("fa", "rtl", "en"),
        ("hi", "ltr", "en"),
        ("ku-Arab", "rtl", "en"),
        ("pa-Arab-PK", "rtl", "en"),
        ("ur-Latn", "ltr", "en"),
        ("zh-Hant", "ltr", "en"),
    ],
)
def test_the_script_gives_the_direction(tag, written, lean):
    assert TAG.fullmatch(tag)
    assert (direction(tag), lean_language(tag)) == (written, lean)


def test_a_language_that_two_tags_share_has_its_tag_beside_its_name():
    assert language_names(["en-GB", "en-IN", "xx"]) == {
        "en-GB": "English (en-GB)",
        "en-IN": "English (en-IN)",
        "xx": "xx",
    }
    assert closest("en-AU", ("ar", "en-IN")) == "en-IN"
