"""A choice that the picker's form posts, before the page's script is there."""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from support.picker_pages import opened, token_in
from support.picker_stage import BANK

ACCOUNT = "6e3c6d7c-5d0e-4a3a-9a43-2f1f2b0c7a01"


@pytest.fixture
def post(host):
    client = host.test_client()
    token = token_in(client.get(client.get("/connect/en").location))

    def send(headers=None, **form):
        data = {"flow": token} | form
        return client.post("/lean/launch?lang=ar", data=data, headers=headers)

    send.client, send.token = client, token
    return send


@pytest.mark.parametrize(
    ("form", "chosen"),
    [
        ({"bank_identifier": BANK}, BANK),
        ({"account_id": ACCOUNT}, ACCOUNT),
        ({"continue": ""}, ""),
        ({}, None),
        ({"bank_identifier": "<script>"}, None),
        ({"customer_id": "x"}, None),
    ],
)
def test_the_form_leads_to_the_picker_with_the_choice(post, form, chosen):
    response = post(**form)
    assert response.status_code == 303
    assert response.headers["Cache-Control"] == "no-store"
    target = urlsplit(response.location)
    query = {name: values[0] for name, values in parse_qs(target.query, True).items()}
    assert (target.netloc, target.path) == ("", "/lean/picker")
    expected = {"flow": post.token, "lang": "ar"} | ({} if chosen is None else {"chosen": chosen})
    assert query == expected


def test_the_next_page_says_which_bank_it_opens_and_keeps_the_list(post):
    page = post.client.get(post(bank_identifier=BANK).location).text
    assert f'data-chosen="{BANK}"' in page
    assert "<title>مصرف الراجحي – قهوة</title>" in page
    assert page.count('name="bank_identifier"') > 10


def test_an_unknown_bank_is_not_named_and_is_refused_at_the_launch_as_any(post):
    page = post.client.get(post(bank_identifier="NO_SUCH_BANK").location).text
    assert 'data-preset=""' in page
    body = {"flow": post.token, "bank_identifier": "NO_SUCH_BANK"}
    assert post.client.post("/lean/launch", json=body).json["reason"] == "unknown"


@pytest.mark.parametrize("chosen", ["<b>", "x" * 65, "a b"])
def test_a_wrong_choice_in_the_url_is_none(host, chosen):
    client = host.test_client()
    url = client.get("/connect/en").location
    page = client.get(f"{url}&{urlencode({'chosen': chosen})}")
    assert page.status_code == 200
    assert "data-chosen" not in page.text


def test_another_site_cannot_post_the_form(post):
    assert post(headers={"Sec-Fetch-Site": "cross-site"}).status_code == 403


def test_a_form_without_a_flow_is_a_400(host):
    assert host.test_client().post("/lean/launch", data={"flow": ""}).status_code == 400


def test_pages_stand_for_one_choice_alone(host):
    """The page that is kept for flows that ask alike has no choice of another customer in it."""
    client = host.test_client()
    url = client.get("/connect/en").location
    client.get(f"{url}&chosen={BANK}")
    assert "data-chosen" not in opened(host).text


def test_htmx_loads_the_hosted_page_whole(host):
    client = host.test_client()
    url = client.get("/connect/en").location
    response = client.get(url, headers={"HX-Request": "true"})
    assert response.status_code == 204
    assert response.headers["HX-Redirect"] == url
