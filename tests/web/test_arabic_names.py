"""Where Lean sends no Arabic name, the bank's own stands in, as far as it is known."""

from __future__ import annotations

import pytest

from support.picker_pages import opened
from support.picker_stage import make_host


@pytest.mark.parametrize(("identifier", "name"), [("BARQ_SAU", "برق"), ("VISION_SAU", "بنك فيجن")])
def test_a_bank_is_called_what_it_calls_itself(fake_lean, identifier, name):
    assert fake_lean.bank(identifier)["arabic_name"] is None
    host = make_host(fake_lean)
    assert f'<bdi class="name">{name}</bdi>' in opened(host, lang="ar").text
    client = host.test_client()
    bank = client.get(f"/lean/banks/{identifier}?lang=ar").json
    assert (bank["display_name"], bank["names"]["ar"], bank["arabic_name"]) == (name, name, None)
    found = client.get("/lean/banks", query_string={"q": name}).json
    assert found[0]["identifier"] == identifier


def test_what_lean_sends_comes_first(fake_lean):
    fake_lean.bank("BARQ_SAU")["arabic_name"] = "مصرف برق"
    assert '<bdi class="name">مصرف برق</bdi>' in opened(make_host(fake_lean), lang="ar").text


def test_a_bank_whose_arabic_name_nobody_knows_has_its_english_one(fake_lean):
    page = opened(make_host(fake_lean), lang="ar").text
    assert '<bdi class="name" lang="en">Lean Mockbank One</bdi>' in page
