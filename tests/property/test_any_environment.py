"""Any string as a proxy variable or a certificate file: usable, or a ConfigurationError."""

from __future__ import annotations

import ssl
from unittest.mock import patch

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from lean_flask import ConfigurationError
from lean_flask.upstream.connections import httpcore_proxy
from lean_flask.upstream.proxies import proxy_for
from lean_flask.upstream.tls import tls_context

LEAN = "https://sandbox.sa.leantech.me"
#: What the environment of a process can hold.
any_value = some.text(some.characters(exclude_categories=["Cs"], exclude_characters="\0"))
nearly = some.text(some.sampled_from("htps:/@[]%.,*-_0129a\n ١é\\"), max_size=30)
schemes = some.sampled_from(["", "http://", "https://", "socks5://", "socks4://", "HTTP://", "//"])
values = some.builds(str.__add__, schemes, any_value | nearly)


def environment(**variables):
    return patch.dict("os.environ", variables, clear=True)


@given(values)
@example("http://[::1%25eth0]:1")
@example("http://ⅷ.example:1")
@example("http://a@b@c:1")
@example("\x80@0")
@example("[")
def test_a_proxy_is_usable_or_named(value):
    with environment(HTTPS_PROXY=value):
        try:
            proxy = proxy_for(LEAN)
        except ConfigurationError as error:
            said = str(error)
        else:
            if proxy:
                httpcore_proxy(proxy, ssl.create_default_context())
                assert proxy.host.isascii()
                assert 0 < proxy.port < 65536
            return
    assert said.startswith("HTTPS_PROXY")
    assert said.isprintable()
    assert "@" not in said


@given(some.text(some.characters(categories=["L", "N", "P"]), min_size=12, max_size=20), values)
def test_a_proxys_password_is_in_no_message(password, rest):
    with environment(HTTPS_PROXY=f"ftp://user:{password}@{rest}"):
        with pytest.raises(ConfigurationError) as caught:
            proxy_for(LEAN)
        assert password not in str(caught.value)


@given(any_value | nearly)
def test_any_no_proxy_is_read(value):
    with environment(HTTPS_PROXY="http://proxy.example:1", NO_PROXY=value):
        assert proxy_for(LEAN) is None or proxy_for(LEAN).host == "proxy.example"


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@given(value=any_value | nearly)
def test_a_certificate_file_is_usable_or_named(name, value):
    with environment(**{name: value}):
        try:
            tls_context()
        except ConfigurationError as error:
            said = str(error)
        else:
            return
    assert said.startswith(name)
    assert said.isprintable()
