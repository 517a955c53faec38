"""LEAN_CLIENT_CERT against a real TLS server that takes nobody without a certificate."""

from __future__ import annotations

import datetime
import ipaddress
import ssl
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from lean_flask.config.settings import load_settings
from lean_flask.errors import UpstreamError
from lean_flask.upstream.client import LeanClient
from lean_flask.upstream.http import _tls as trust


def certificate(folder, name, issuer=None):
    """Writes a key and a certificate of *issuer*, or of itself; their paths."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.datetime.now(datetime.UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer[1].subject if issuer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=issuer is None, path_length=None), critical=True)
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]),
            critical=False,
        )
    )
    made = builder.sign(issuer[0] if issuer else key, hashes.SHA256())
    cert_path, key_path = folder / f"{name}.crt", folder / f"{name}.pem"
    cert_path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    key_path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return (key, made), (str(cert_path), str(key_path))


class Banks(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"[]")

    def log_message(self, *_):
        """The test needs no log."""


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server of our own authority, and a client certificate that it takes."""
    authority, (authority_path, _) = certificate(tmp_path, "authority")
    _, server_paths = certificate(tmp_path, "server", authority)
    _, client_paths = certificate(tmp_path, "client", authority)
    monkeypatch.setenv("SSL_CERT_FILE", authority_path)
    trust.cache_clear()
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(*server_paths)
    tls.load_verify_locations(authority_path)
    tls.verify_mode = ssl.CERT_REQUIRED
    http = HTTPServer(("127.0.0.1", 0), Banks)
    http.socket = tls.wrap_socket(http.socket, server_side=True)
    threading.Thread(target=http.serve_forever, args=(0.005,), daemon=True).start()
    yield f"https://127.0.0.1:{http.server_port}", client_paths
    http.shutdown()
    http.server_close()
    trust.cache_clear()


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
