"""Sentences that a host has in place of ours, by catalogues of its own."""

import pytest

from lean_flask import ConfigurationError
from support.catalogues import write_catalogue
from support.operations import Operations
from support.picker_pages import opened, token_in
from support.picker_stage import make_host

INTRO = "Link your account to %(host)s."


@pytest.fixture
def with_texts(fake_lean, tmp_path):
    """Makes a host with texts of its own, by language."""

    def make(texts, **settings):
        for language, own in texts.items():
            write_catalogue(tmp_path, language, own)
        return make_host(fake_lean, translations=tmp_path, **settings)

    return make


def test_a_sentence_of_a_template_is_the_hosts_in_each_language(with_texts):
    host = with_texts(
        {
            "en": {"My bank is not listed": "Suggested"},
            "ar": {"My bank is not listed": "بنوك مقترحة"},
        }
    )
    assert ">Suggested</button>" in opened(host).text
    assert ">بنوك مقترحة</button>" in opened(host, lang="ar").text


def test_a_sentence_of_the_code_is_the_hosts_too(with_texts):
    own = "%(host)s asks to see your account & keeps what it sees."
    assert (
        "<bdi>Qahwa</bdi> asks to see your account &amp; keeps what it sees."
        in opened(with_texts({"en": {INTRO: own}})).text
    )


def test_what_the_host_leaves_out_is_ours(with_texts):
    host = with_texts({"ar": {"My bank is not listed": "بنوك مقترحة"}})
    assert ">My bank is not listed</button>" in opened(host).text
    assert "اختر بنكك" in opened(host, lang="ar").text


def test_a_refusal_in_json_is_in_the_hosts_words(with_texts):
    host = with_texts({"en": {"Choose another bank for this payment.": "Too much for this bank."}})
    host.config["TESTING"] = True
    client = host.test_client()
    page = client.get(client.get("/large/en").location)
    body = {"flow": token_in(page), "bank_identifier": "RJHI_SAU"}
    refused = client.post("/lean/launch", json=body)
    assert refused.json["reason"] == "limit"
    assert refused.json["advice"] == "Too much for this bank."


def test_the_operations_page_has_them(make_app, tmp_path):
    write_catalogue(tmp_path, "en", {"Operations": "Bank desk"})
    operations = Operations(make_app(translations=str(tmp_path)))
    assert '<h1 class="title">Bank desk</h1>' in operations.get().text


def test_a_folder_in_front_wins(fake_lean, tmp_path):
    brand = write_catalogue(tmp_path / "brand", "en", {"My bank is not listed": "Ours"})
    group = write_catalogue(
        tmp_path / "group", "en", {"My bank is not listed": "Group", "Results": "Found"}
    )
    page = opened(make_host(fake_lean, translations=[brand, group])).text
    assert ">Ours</button>" in page
    assert "Found" in page


def test_a_blueprint_has_its_own_texts(fake_lean, tmp_path):
    own = make_host(
        fake_lean, translations=write_catalogue(tmp_path, "en", {"My bank is not listed": "Mine"})
    )
    assert ">Mine</button>" in opened(own).text
    assert ">My bank is not listed</button>" in opened(make_host(fake_lean)).text


@pytest.mark.parametrize(
    ("message", "text", "why"),
    [
        (INTRO, "Link it to %(shop)s.", r"has %\(shop\)s, which is not in the English one"),
        (INTRO, "100 % safe with %(host)s", "has a % that is no placeholder"),
        (
            "My bank is not listed",
            "Popular with %(host)s",
            r"has %\(host\)s, which is not in the English one",
        ),
    ],
)
def test_a_text_that_cannot_be_filled_is_refused_by_its_name(with_texts, message, text, why):
    with pytest.raises(ConfigurationError, match=why) as caught:
        with_texts({"ar": {message: text}})
    assert f"the text of {message!r}" in str(caught.value)
    assert str(caught.value).startswith("LEAN_TRANSLATIONS: ")


def test_a_plural_may_name_the_number_in_each_form(with_texts):
    one, more = "The latest one of %(total)s.", "The latest %(num)s of %(total)s."
    with_texts({"ar": {(one, more): ("%(num)s / %(total)s",) * 6}})


@pytest.mark.parametrize("content", [b"", b"no catalogue", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_catalogue_is_refused_by_its_name(fake_lean, tmp_path, content):
    path = tmp_path / "ar" / "LC_MESSAGES" / "lean_flask.mo"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    with pytest.raises(ConfigurationError, match=r"lean_flask\.mo cannot be read"):
        make_host(fake_lean, translations=tmp_path)


def test_a_catalogue_that_was_not_compiled_is_refused_with_the_command(fake_lean, tmp_path):
    path = tmp_path / "ar" / "LC_MESSAGES" / "lean_flask.po"
    path.parent.mkdir(parents=True)
    path.write_text("")
    with pytest.raises(ConfigurationError, match="compile it: pybabel compile -D lean_flask -d"):
        make_host(fake_lean, translations=tmp_path)
