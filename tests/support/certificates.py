"""certificates - authorities and certificates for tests, made in a few milliseconds each.

    authority = Authority("Example CA")
    server = authority.issue("imap.example.org", dns=["imap.example.org"], ips=["127.0.0.1"])
    alice = authority.issue("Alice", units=["admins"], emails=["alice@example.org"])
    old = authority.issue("Old", until=-1)                  days from now
    between = authority.subordinate("Example Users CA")     an authority like any other

    authority.revoke(alice)
    authority.crl()                                         PEM octets

    path = server.write(tmp_path)           path.cert, path.key (password: encrypts the key)
    write(tmp_path / "ca.pem", authority.pem)
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from ipaddress import ip_address
from pathlib import Path
from typing import NamedTuple, Sequence

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

Key = ec.EllipticCurvePrivateKey

SHA256 = hashes.SHA256()
PURPOSES = (ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH)


class Files(NamedTuple):
    """Where a certificate and its key were written."""

    cert: str
    key: str


class Issued:
    """A certificate with its key."""

    def __init__(self, certificate: x509.Certificate, key: Key) -> None:
        self.certificate = certificate
        self.key = key

    @property
    def pem(self) -> bytes:
        return self.certificate.public_bytes(Encoding.PEM)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def key_pem(self, password: bytes | None = None) -> bytes:
        how = BestAvailableEncryption(password) if password else NoEncryption()
        return self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)

    def write(self, folder: Path, *above: Issued, password: bytes | None = None) -> Files:
        """Both as files, named after the serial number; `above` is to be sent along."""
        stem = folder / f"{self.certificate.serial_number:x}"
        pem = self.pem + b"".join(one.pem for one in above)
        key = self.key_pem(password)
        return Files(write(stem.with_suffix(".pem"), pem), write(stem.with_suffix(".key"), key))


class Authority(Issued):
    """Issues, revokes, and lists what it revoked."""

    def __init__(self, name: str, issuer: Authority | None = None, until: float = 30) -> None:
        """`until`: days from now; without `issuer` it signs itself."""
        key = new_key()
        subject = _name(name)
        builder = _builder(subject, issuer.subject if issuer else subject, key, until)
        builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
        super().__init__(builder.sign(issuer.key if issuer else key, SHA256), key)
        self._revoked: list[int] = []

    @property
    def subject(self) -> x509.Name:
        return self.certificate.subject

    def subordinate(self, name: str, until: float = 30) -> Authority:
        return Authority(name, self, until)

    def issue(
        self,
        name: str,
        *,
        units: Sequence[str] = (),
        dns: Sequence[str] = (),
        ips: Sequence[str] = (),
        emails: Sequence[str] = (),
        since: float = -1,
        until: float = 30,
    ) -> Issued:
        """A certificate for CN=name, good for either role; `since`, `until`: days from now."""
        key = new_key()
        builder = _builder(_name(name, units), self.subject, key, until, since)
        builder = builder.add_extension(x509.ExtendedKeyUsage(PURPOSES), critical=False)
        names: list[x509.GeneralName] = [x509.DNSName(one) for one in dns]
        names += [x509.IPAddress(ip_address(one)) for one in ips]
        names += [x509.RFC822Name(one) for one in emails]
        if names:
            builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
        return Issued(builder.sign(self.key, SHA256), key)

    def revoke(self, issued: Issued) -> None:
        self._revoked.append(issued.certificate.serial_number)

    def crl(self, since: float = -60, until: float = 30) -> bytes:
        """The list in PEM; made `since`, the next one due `until`: days from now."""
        now = datetime.now(timezone.utc)
        builder = x509.CertificateRevocationListBuilder().issuer_name(self.subject)
        builder = builder.last_update(now + timedelta(since))
        builder = builder.next_update(now + timedelta(until))
        for number in self._revoked:
            one = x509.RevokedCertificateBuilder().serial_number(number)
            one = one.revocation_date(now - timedelta(1))
            builder = builder.add_revoked_certificate(one.build())
        return builder.sign(self.key, SHA256).public_bytes(Encoding.PEM)


def write(path: Path, octets: bytes) -> str:
    """The path as text, with these octets in it."""
    path.write_bytes(octets)
    return str(path)


def new_key() -> Key:
    return ec.generate_private_key(ec.SECP256R1())


def _name(name: str, units: Sequence[str] = ()) -> x509.Name:
    attributes = [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Example, Inc.")]
    attributes += [x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, unit) for unit in units]
    return x509.Name([*attributes, x509.NameAttribute(NameOID.COMMON_NAME, name)])


def _builder(
    subject: x509.Name, issuer: x509.Name, key: Key, until: float, since: float = -90
) -> x509.CertificateBuilder:
    now = datetime.now(timezone.utc)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + timedelta(min(since, until - 1)))
        .not_valid_after(now + timedelta(until))
    )
