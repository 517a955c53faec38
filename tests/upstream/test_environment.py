"""Proxy variables and certificate files: what is wrong is said at registration, never later."""

from __future__ import annotations

import base64
import logging
import socket
import ssl
import subprocess
import threading

import pytest
import redis

from lean_flask import ConfigurationError, UpstreamError
from lean_flask.banks.stores.redis_errors import describe
from lean_flask.config.settings import load_settings
from lean_flask.upstream.client import LeanClient
from lean_flask.upstream.failures import describe_failure
from lean_flask.upstream.proxies import proxy_for
from lean_flask.upstream.retries import MAX_ATTEMPTS
from support.certificates import certificate
from support.empty_list_server import serve_empty_lists

VARIABLES = ("HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY", "NO_PROXY")
LEAN = "https://sandbox.sa.leantech.me"


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch):
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"HTTPS_PROXY": "proxy.example:3128"}, ("HTTPS_PROXY", "http", "proxy.example", 3128)),
        ({"https_proxy": "a:1", "HTTPS_PROXY": "b:2"}, ("https_proxy", "http", "a", 1)),
        ({"ALL_PROXY": "http://proxy.example"}, ("ALL_PROXY", "http", "proxy.example", 80)),
        ({"all_proxy": "https://proxy.example"}, ("all_proxy", "https", "proxy.example", 443)),
        ({"HTTPS_PROXY": "a:1", "ALL_PROXY": "b:2"}, ("HTTPS_PROXY", "http", "a", 1)),
        ({"HTTPS_PROXY": " http://spaced:1\n"}, ("HTTPS_PROXY", "http", "spaced", 1)),
        ({"HTTPS_PROXY": "http://[::1]:3128"}, ("HTTPS_PROXY", "http", "::1", 3128)),
        ({"HTTP_PROXY": "http://one:1"}, None),
        ({"HTTPS_PROXY": ""}, None),
        ({}, None),
    ],
    ids=str,
)  # fmt: skip
def test_the_proxy_is_the_one_that_curl_would_use(monkeypatch, variables, expected):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    proxy = proxy_for(LEAN)
    found = proxy and (proxy.variable, proxy.scheme, proxy.host, proxy.port)
    assert found == expected


@pytest.mark.parametrize(
    ("no_proxy", "url", "excluded"),
    [
        ("*", LEAN, True),
        ("leantech.me", LEAN, True),
        (".leantech.me", LEAN, True),
        ("*.leantech.me", LEAN, True),
        ("other.example, sandbox.sa.leantech.me", LEAN, True),
        ("other.example leantech.me:443", LEAN, True),
        ("SANDBOX.SA.LeanTech.me", LEAN, True),
        ("leantech.me:8443", LEAN, False),
        ("antech.me", LEAN, False),
        ("", LEAN, False),
        ("127.0.0.0/8", "http://127.0.0.1:5000", True),
        ("[::1]:5000", "http://[::1]:5000", True),
        ("10.0.0.0/8", "http://127.0.0.1:5000", False),
    ],
)
def test_no_proxy_names_hosts_domains_and_networks(monkeypatch, no_proxy, url, excluded):
    monkeypatch.setenv("ALL_PROXY", "http://proxy.example:1")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxy_for(url) is None) == excluded


@pytest.mark.parametrize(
    "value",
    [
        "socks4://proxy.example",
        "ftp://proxy.example",
        "http://",
        "http://proxy.example:port",
        "http://proxy.example:99999",
        "proxy.example:0",
        "http://two words",
        "http://proxy.example\r\nX: y",
        "http://user:s3cret-p@ss@:1",
        "user:s3cret-p@ss@proxy.example:x",
        "://",
        ":3128",
    ],
)
@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "http_proxy"])
def test_a_proxy_that_cannot_be_one_is_named_at_registration(monkeypatch, make_app, name, value):
    monkeypatch.setenv(name, value)
    monkeypatch.setenv("NO_PROXY", "nothing.example")
    address = "http://127.0.0.1:9" if name == "http_proxy" else LEAN
    with pytest.raises(ConfigurationError, match=f"^{name} ") as caught:
        make_app(api_url=address, auth_url=f"{address}/oauth2/token")
    assert "it takes http://host:port" in str(caught.value)
    assert "s3cret" not in str(caught.value)
    assert str(caught.value).isprintable()


def test_socks_without_its_package_names_the_package(monkeypatch, make_app):
    monkeypatch.setenv("ALL_PROXY", "socks5://user:s3cret@proxy.example:1080")
    monkeypatch.setattr("lean_flask.upstream.proxies.find_spec", lambda name: None)
    with pytest.raises(ConfigurationError, match=r"pip install 'httpx\[socks\]'") as caught:
        make_app(api_url=LEAN)
    assert "s3cret" not in str(caught.value)


@pytest.mark.parametrize(
    ("written", "sent"),
    [
        ("s3cret%40pass", b"s3cret@pass"),
        ("s3cret-\u0643", b"s3cret-\xd9\x83"),
        ("s3cret%C3%A9", b"s3cret\xc3\xa9"),
        ("s3cret%E9", b"s3cret\xe9"),
    ],
)
def test_calls_go_through_the_proxy_and_its_password_shows_nowhere(
    monkeypatch, caplog, written, sent
):
    caplog.set_level(logging.DEBUG)
    with serve_empty_lists() as server:
        proxy = f"user:{written}@127.0.0.1:{server.server_port}"
        monkeypatch.setenv("ALL_PROXY", proxy)
        client = client_of("http://localhost:9")
        assert client.banks("PERSONAL") == []
    ((path, authorization),) = server.asked
    assert path.startswith("http://localhost:9/banks/v1/")
    assert authorization == f"Basic {base64.b64encode(b'user:' + sent).decode()}"
    monkeypatch.setenv("ALL_PROXY", "user:s3cret@127.0.0.1:9")
    with pytest.raises(UpstreamError, match="the proxy of ALL_PROXY refused the connection"):
        client_of("http://localhost:9").banks("PERSONAL")
    assert "s3cret" not in caplog.text


def test_a_proxy_that_refuses_the_password_is_told_apart(monkeypatch):
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def refuse():
            connection, _ = listener.accept()
            with connection:
                connection.recv(65_536)
                connection.sendall(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n")

        monkeypatch.setenv("HTTPS_PROXY", f"user:s3cret@127.0.0.1:{listener.getsockname()[1]}")
        answers = threading.Thread(target=lambda: [refuse() for _ in range(MAX_ATTEMPTS)])
        answers.start()
        with pytest.raises(UpstreamError) as caught:
            client_of("https://lean.invalid").banks("PERSONAL")
        answers.join(5)
    assert "the proxy of HTTPS_PROXY refused the user name or the password" in str(caught.value)
    assert "s3cret" not in str(caught.value)


def test_a_tls_error_that_is_not_openssls_has_words_too():
    error = ssl.SSLError("No cipher can be selected.")
    assert "TLS handshake failed" in describe_failure(error, "LEAN_API_URL", None).message
    refused = redis.ConnectionError()
    refused.__cause__ = error
    assert describe(refused) == "TLS failed: SSLError"


def client_of(url, **settings):
    return LeanClient(load_settings({}, overrides={"app_token": "t", "api_url": url} | settings))


# --- certificate authorities --------------------------------------------------------------------


@pytest.fixture
def tls_server(tmp_path):
    """A server whose certificate an authority of our own signed: its address and the authority."""
    authority, (authority_path, _) = certificate(tmp_path, "authority")
    _, paths = certificate(tmp_path, "server", authority)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*paths)
    with serve_empty_lists(tls) as server:
        yield f"https://127.0.0.1:{server.server_port}", authority_path


def test_an_authority_in_the_systems_folder_is_trusted(monkeypatch, tls_server, tmp_path):
    url, authority = tls_server
    digest = subprocess.run(
        ["openssl", "x509", "-hash", "-noout", "-in", authority],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    folder = tmp_path / "certs"
    folder.mkdir()
    (folder / f"{digest.stdout.strip()}.0").symlink_to(authority)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    monkeypatch.setenv("SSL_CERT_DIR", str(folder))
    assert client_of(url).banks("PERSONAL") == []


def test_public_authorities_stay_beside_a_file_of_ones_own(monkeypatch, tls_server):
    url, authority = tls_server
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    monkeypatch.delenv("SSL_CERT_DIR", raising=False)
    client = client_of(url)
    assert client.banks("PERSONAL") == []
    names = [dict(part[0] for part in one["subject"]) for one in trusted(client)]
    assert len(names) > 50


def trusted(client):
    (pool, *_) = client._transport._connections()._pools.values()
    return pool._ssl_context.get_ca_certs()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
@pytest.mark.parametrize("kind", ["missing", "junk", "empty folder"])
def test_broken_authorities_are_named_at_registration(monkeypatch, make_app, tmp_path, name, kind):
    path = tmp_path / "ca"
    if kind == "junk":
        path.write_text("no certificate")
    if kind == "empty folder":
        path.mkdir()
    monkeypatch.setenv(name, str(path))
    with pytest.raises(ConfigurationError, match=f"^{name} got .*{path}.*; it takes"):
        make_app()


@pytest.mark.parametrize("name", ["SSL_CERT_FILE", "SSL_CERT_DIR"])
def test_an_empty_variable_is_none(monkeypatch, make_app, name):
    monkeypatch.setenv(name, "")
    assert make_app().test_client().get("/lean/banks").status_code == 200


# --- what the message says ----------------------------------------------------------------------


def said(url, **settings):
    with pytest.raises(UpstreamError) as caught:
        client_of(url, timeout=2, **settings).banks("PERSONAL")
    return str(caught.value)


def test_an_unknown_authority_is_said_with_the_mend(tls_server):
    words = said(tls_server[0])
    assert "bank list, GET 127.0.0.1:" in words
    assert "the certificate is not accepted: unable to get local issuer certificate" in words
    assert "SSL_CERT_FILE" in words


def test_a_strict_python_is_said(tls_server, monkeypatch):
    """Python 3.13 sets the flag by itself."""
    url, authority = tls_server
    monkeypatch.setenv("SSL_CERT_FILE", authority)
    client = client_of(url)
    (context,) = {pool._ssl_context for pool in client._transport._connections()._pools.values()}
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    with pytest.raises(UpstreamError) as caught:
        client.banks("PERSONAL")
    assert "the certificate is not accepted: Missing Authority Key Identifier" in str(caught.value)
    assert "VERIFY_X509_STRICT" in str(caught.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("https://nobody.invalid", "the name of the server "),
        ("http://127.0.0.1:9", "the server refused the connection; look at LEAN_API_URL"),
        (f"https://{'x' * 64}.example", "the name of the server cannot be one"),
    ],
)
def test_each_way_to_fail_has_its_words(url, words):
    text = said(url)
    assert words in text
    assert "bank list, GET " in text
    assert "/banks/v1/" in text


def test_a_port_without_tls_is_said(fake_lean):
    words = said(fake_lean.url.replace("http:", "https:"))
    assert "the TLS handshake failed" in words
    assert "that port does not speak TLS" in words


def test_a_token_endpoint_is_named_by_its_own_setting(fake_lean):
    settings = fake_lean.settings() | {"auth_url": "http://127.0.0.1:9/oauth2/token"}
    with pytest.raises(UpstreamError, match="look at LEAN_AUTH_URL") as caught:
        LeanClient(load_settings({}, overrides=settings)).banks("PERSONAL")
    assert "token, POST 127.0.0.1:9/oauth2/token (LEAN_AUTH_URL): the server refused" in str(
        caught.value
    )
