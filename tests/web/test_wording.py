"""The pages of each method say what the customer does there, and nothing of another method."""

from __future__ import annotations

import dataclasses

import pytest

from lean_flask.flows.methods import TRAITS
from lean_flask.web.choice_wording import choice_wording
from lean_flask.web.wording import wording
from support.flow_page import NEEDED
from support.languages import LANGUAGES

ENGLISH = {
    "pay": ["You are paying", "our payment", "the payment", "he bank to pay from"],
    "bank": ["another bank", "ll banks", "to the banks", "Search for", "not listed"],
    "source": ["another account", "to the accounts", "account is not listed"],
}
PAYS = {"pay", "checkout"}
METHODS = sorted(NEEDED)


def said(start, method, lang="en"):
    """Return all that the pages of a flow of *method* say, and the method's name in the SDK."""
    page = start(method)
    name = page.flow.method
    screens = page.client.get(f"/lean/screens?method={name}&lang={lang}").text
    return page.open(f"&lang={lang}").text + screens, name


@pytest.mark.parametrize("method", METHODS)
def test_a_page_that_pays_nothing_speaks_of_no_payment(start, method):
    text, name = said(start, method)
    assert [word for word in ENGLISH["pay"] if word in text] == (
        [] if name not in PAYS else ENGLISH["pay"]
    )


@pytest.mark.parametrize("method", METHODS)
def test_where_nothing_is_chosen_no_list_is_spoken_of(start, method):
    text, name = said(start, method)
    choices = TRAITS[name].choices
    assert ('data-state="start"' in text) == (not choices)
    if not choices:
        page = start(method).open().text
        assert not [word for word in ENGLISH["bank"] if word in page]
    if "source" not in choices:
        assert not [word for word in ENGLISH["source"] if word in text]


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_screens_of_a_renewal_are_its_own(client, lang):
    url = f"/lean/screens?method=connect&lang={lang}"
    success = wording("connect", LANGUAGES[lang], renews=True).success
    assert success in client.get(f"{url}&renews=1").text
    assert success not in client.get(url).text
    assert lang == "en" or max(success) > "\u0600"


@pytest.mark.parametrize("name", [*TRAITS, None])
def test_every_text_is_there_in_arabic(name):
    for has_amount in (True, False):
        for asked in ("bank", "source", None):
            english, arabic = (
                [
                    *dataclasses.astuple(
                        wording(name, language, has_amount=has_amount, asked=asked)
                    ),
                    *dataclasses.astuple(choice_wording(name, language)),
                ]
                for language in LANGUAGES.values()
            )
            for text, translated in zip(english, arabic, strict=True):
                assert bool(text) == bool(translated)
                assert not text or (translated != text and max(translated) > "\u0600"), text


@pytest.mark.parametrize("name", ["Lean.connect", "__class__", None])
def test_the_screens_of_an_unknown_method_say_what_holds_for_all(client, name):
    query = {"method": name} if name else {}
    text = client.get("/lean/screens", query_string=query).text
    assert "Your bank has approved this" in text


def test_a_spent_consent_is_spoken_of_where_there_are_consents(client):
    said = {
        name: "start again with a new one" in client.get(f"/lean/screens?method={name}").text
        for name in TRAITS
    }
    assert [name for name, is_said in said.items() if is_said] == ["authorizeConsent"]


def test_closing_ends_only_the_flows_that_are_done_by_it(start):
    done = [name for name in METHODS if "data-done-when-closed" in start(name).open().text]
    assert done == ["manage_consents"]
