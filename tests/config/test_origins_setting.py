"""``LEAN_ORIGINS`` as browsers write origins; what is none, or would let anybody in, is named."""

import pytest

from lean_flask import ConfigurationError
from lean_flask.config.settings import load_settings


def load(origins):
    return load_settings({"LEAN_APP_TOKEN": "token", "LEAN_ORIGINS": origins}).origins


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("https://app.example", "https://app.example"),
        ("HTTPS://App.Example:443/", "https://app.example"),
        ("https://app.example:8443", "https://app.example:8443"),
        ("https://xn--mgbh0fb.example", "https://xn--mgbh0fb.example"),
        ("http://localhost:5173", "http://localhost:5173"),
        ("http://127.0.0.1:80", "http://127.0.0.1"),
        ("http://[::1]:3000", "http://[::1]:3000"),
        ("https://localhost", "https://localhost"),
        ("capacitor://localhost", "capacitor://localhost"),
        ("ionic://LOCALHOST", "ionic://localhost"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(given, kept):
    assert load([given, kept]) == (kept,)


def test_there_are_none_by_default():
    assert load([]) == load(None) == ()


@pytest.mark.parametrize(
    ("origin", "why"),
    [
        ("*", "would let any page call these routes as your customer"),
        ("null", "would let any page call these routes as your customer"),
        ("https://*.app.example", "names no host"),
        ("http://app.example", "is not https"),
        ("https://app.example/path", "is no origin: a scheme, a host and perhaps a port, no path"),
        ("https://app.example?x", "is no origin"),
        ("https://app.example#x", "is no origin"),
        ("https://مثال.example", "is no origin"),
        ("https://user@app.example", "is no origin"),
        ("https://app.example:port", "is no origin"),
        ("https://", "is no origin"),
        ("app.example", "is no origin"),
        ("", "is no origin"),
        ("file://", "is no origin"),
        ("capacitor://evil", "is not https"),
        ("chrome-extension://abcdefgh", "is not https"),
        ("javascript:alert(1)", "is no origin"),
        ("https://a b.example", "names no host"),
        ("https://app.example,b.example", "names no host"),
    ],
)
def test_what_is_no_origin_is_named(origin, why):
    with pytest.raises(ConfigurationError) as caught:
        load(["https://app.example", origin])
    assert f"{origin!r} {why}" in str(caught.value)
    assert "LEAN_ORIGINS" in str(caught.value)


@pytest.mark.parametrize("origins", ["https://app.example", {"https://a.example": 1}, [1], 7])
def test_it_takes_a_list(origins):
    with pytest.raises(ConfigurationError, match=r"LEAN_ORIGINS got .*it takes a list of origins"):
        load(origins)
