"""LEAN_CLIENT_CERT against a real TLS server that takes nobody without a certificate."""

from __future__ import annotations

import ssl

import pytest

from lean_flask.config.settings import load_settings
from lean_flask.errors import UpstreamError
from lean_flask.upstream.client import LeanClient
from support.certificates import certificate
from support.empty_list_server import serve_empty_lists


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server of our own authority, and a client certificate that it takes."""
    authority, (authority_path, _) = certificate(tmp_path, "authority")
    _, server_paths = certificate(tmp_path, "server", authority)
    _, client_paths = certificate(tmp_path, "client", authority)
    monkeypatch.setenv("SSL_CERT_FILE", authority_path)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*server_paths)
    tls.load_verify_locations(authority_path)
    tls.verify_mode = ssl.CERT_REQUIRED
    with serve_empty_lists(tls) as http:
        yield f"https://127.0.0.1:{http.server_port}", client_paths


def client(url, **settings):
    return LeanClient(load_settings({}, overrides={"app_token": "t", "api_url": url} | settings))


def test_the_certificate_is_shown(server):
    url, paths = server
    assert client(url, client_cert=paths).banks("PERSONAL") == []


def test_without_it_the_server_refuses(server):
    url, _ = server
    with pytest.raises(UpstreamError):
        client(url, timeout=1).banks("PERSONAL")


def test_a_server_of_an_unknown_authority_is_refused(server, monkeypatch):
    url, paths = server
    monkeypatch.delenv("SSL_CERT_FILE")
    with pytest.raises(UpstreamError):
        client(url, client_cert=paths, timeout=1).banks("PERSONAL")
