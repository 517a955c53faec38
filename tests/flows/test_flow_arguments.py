"""lean.connect(): bad arguments are named, good ones are taken."""

import pytest

from lean_flask import FlowError
from support.launching import CONNECT


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"customer_id": "someone"}, "customer_id"),
        ({"customer_id": None}, "customer_id"),
        ({"permissions": []}, "permissions"),
        ({"permissions": ["everything"]}, "permissions"),
        ({"permissions": "identity"}, "permissions"),
        ({"access_from": "01/02/2026"}, "access_from"),
        ({"access_from": "2026-02-01", "access_to": "2026-01-01"}, "access_to"),
        ({"show_consent_explanation": "false"}, "show_consent_explanation"),
        ({"bank_identifier": "A B"}, "bank_identifier"),
        ({"account_type": "FAMILY"}, "account_type"),
        ({"language": "fr"}, "language"),
        ({"customization": {"theme_color": "nothing"}}, "customization"),
        ({"success_redirect_url": "http://shop.example/ok"}, "success_redirect_url"),
        ({"fail_redirect_url": "javascript:alert(1)"}, "fail_redirect_url"),
        ({"destination_avatar": "myapp://picture"}, "destination_avatar"),
        ({"destination_avatar": "http://localhost/x.png"}, "destination_avatar"),
        ({"return_url": "//evil.example"}, "return_url"),
        ({"return_url": "/\\evil.example"}, "return_url"),
        ({"return_url": "https://user@evil.example/"}, "return_url"),
        ({"return_url": "javascript:alert(1)"}, "return_url"),
        ({"return_url": "done"}, "return_url"),
        ({"return_url": "/done\r\nSet-Cookie: x"}, "return_url"),
        ({"access_token": "Bearer a.b.c"}, "access_token"),
        ({"app_token": "mine"}, "app_token"),
        ({"colour": "red"}, "colour"),
    ],
    ids=str,
)
def test_a_bad_argument_is_named(host, lean, changes, field):
    with pytest.raises(FlowError) as caught:
        lean.connect(**CONNECT | changes)
    assert set(caught.value.fields) == {field}
    assert field in str(caught.value)


def test_several_bad_arguments_are_named_at_once(host, lean):
    with pytest.raises(FlowError) as caught:
        lean.connect(permissions=["x"], language="العربية")
    assert set(caught.value.fields) == {"customer_id", "permissions", "language"}


@pytest.mark.parametrize(
    "url", ["/done", "/done?a=1#b", "https://shop.example/done", "http://127.0.0.1:5000/done"]
)
def test_a_return_url_may_be_a_path_or_a_web_address(host, lean, url):
    assert lean.connect(**CONNECT, return_url=url).return_url == url


@pytest.mark.parametrize("url", ["https://shop.example/ok", "myshop://lean/ok"])
def test_a_redirect_may_be_https_or_an_app_link(host, lean, url):
    assert lean.connect(**CONNECT, success_redirect_url=url).config["success_redirect_url"] == url
