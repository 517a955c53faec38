"""Make a certificate for the compose set-up on this machine: ``python certificate.py FOLDER``.

It is for the names in ``FLASK_TRUSTED_HOSTS``. Nothing else can be signed with its authority, whose
key is thrown away. On the internet, use a certificate of a public authority.
"""

from __future__ import annotations

import datetime
import ipaddress
import json
import os
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAYS = 365


def main(folder: Path, hosts: list[str]) -> None:
    """Write ``ca.crt``, ``server.crt`` and ``server.key`` to *folder*, unless they are there."""
    if (folder / "server.key").exists():
        return
    authority_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    issuer, subject = name("An authority of this machine"), name(hosts[0])
    authority = (
        begun(issuer, issuer, authority_key)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(usage(key_cert_sign=True, crl_sign=True), critical=True)
        .sign(authority_key, hashes.SHA256())
    )
    certificate = (
        begun(issuer, subject, key)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(usage(digital_signature=True), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_public_key(authority_key.public_key()),
            critical=False,
        )
        .add_extension(x509.SubjectAlternativeName(list(map(alternative, hosts))), critical=False)
        .sign(authority_key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    private = key.private_bytes(
        pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "ca.crt").write_bytes(authority.public_bytes(pem))
    (folder / "server.crt").write_bytes(certificate.public_bytes(pem))
    with open(folder / "server.key", "wb", opener=for_its_owner) as file:
        file.write(private)


def begun(
    issuer: x509.Name, subject: x509.Name, key: ec.EllipticCurvePrivateKey
) -> x509.CertificateBuilder:
    """Return what both certificates have."""
    now = datetime.datetime.now(datetime.UTC)
    return (
        x509.CertificateBuilder(issuer, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=DAYS))
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def name(common: str) -> x509.Name:
    """Return a distinguished name of *common* alone."""
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common)])


def usage(**allowed: bool) -> x509.KeyUsage:
    """Return a key usage in which *allowed* alone is."""
    none = dict.fromkeys(
        ["digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
         "key_agreement", "key_cert_sign", "crl_sign", "encipher_only", "decipher_only"],
        False,
    )  # fmt: skip
    return x509.KeyUsage(**none | allowed)


def alternative(host: str) -> x509.GeneralName:
    """Return *host* as a certificate names it."""
    try:
        return x509.IPAddress(ipaddress.ip_address(host))
    except ValueError:
        return x509.DNSName(host)


def for_its_owner(path: str, flags: int) -> int:
    """Open a file that its owner alone can read."""
    return os.open(path, flags | os.O_EXCL, 0o600)


if __name__ == "__main__":
    main(Path(sys.argv[1]), json.loads(os.environ["FLASK_TRUSTED_HOSTS"]))
