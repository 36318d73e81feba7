import hashlib

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID

from kernun_common.tls.certificate import Certificate
from tests.support.certificates import Authority

AUTHORITY = Authority("Example CA")
ISSUED = AUTHORITY.issue(
    "Alice, A.",
    units=["admins", "sales+marketing"],
    dns=["imap.example.org", "*.example.net"],
    ips=["192.0.2.1", "2001:db8::1"],
    emails=["alice@example.org"],
)


def test_names_are_the_whole_and_each_rdn():
    assert Certificate.parse(ISSUED.der).subjects == (
        r"CN=Alice\, A.,OU=sales\+marketing,OU=admins,O=Example\, Inc.",
        r"CN=Alice\, A.",
        r"OU=sales\+marketing",
        "OU=admins",
        r"O=Example\, Inc.",
    )
    assert Certificate.parse(ISSUED.der).issuers[1] == "CN=Example CA"


def test_a_value_cannot_pass_for_an_rdn():
    forged = AUTHORITY.issue("x,OU=admins")
    assert "OU=admins" not in Certificate.parse(forged.der).subjects


def test_alternative_names_by_kind():
    parsed = Certificate.parse(ISSUED.der)
    assert parsed.dns_names == ("imap.example.org", "*.example.net")
    assert parsed.addresses == ("192.0.2.1", "2001:db8::1")
    assert parsed.sans == parsed.dns_names + parsed.addresses + ("alice@example.org",)


def test_without_alternative_names():
    assert Certificate.parse(AUTHORITY.der).sans == ()


def test_fingerprint():
    assert Certificate.parse(ISSUED.der).fingerprint == hashlib.sha256(ISSUED.der).hexdigest()


def shown(names):
    """A certificate with an empty subject and these octets as its subjectAltName."""
    names = x509.UnrecognizedExtension(ExtensionOID.SUBJECT_ALTERNATIVE_NAME, names)
    builder = x509.CertificateBuilder(
        AUTHORITY.subject, x509.Name([]), ISSUED.key.public_key(), 1,
        ISSUED.certificate.not_valid_before_utc, ISSUED.certificate.not_valid_after_utc,
    )  # fmt: skip
    signed = builder.add_extension(names, critical=False).sign(AUTHORITY.key, SHA256())
    return signed.public_bytes(Encoding.DER)


def tlv(tag, value):
    return bytes([tag, len(value)]) + value


def test_without_subject():
    parsed = Certificate.parse(shown(tlv(0x30, tlv(0x82, b"a.example.org"))))
    assert (parsed.subjects, parsed.subject, parsed.sans) == ((), "", ("a.example.org",))


ODD_NAMES = {
    "x400Address": tlv(0x30, tlv(0xA3, tlv(0x30, b""))),
    "ediPartyName": tlv(0x30, tlv(0xA5, tlv(0xA1, tlv(0x0C, b"x")))),
    "a network": tlv(0x30, tlv(0x87, bytes([10, 0, 0, 0, 255, 0, 0, 0]))),
    "an address of five octets": tlv(0x30, tlv(0x87, bytes(5))),
    "8-bit": tlv(0x30, tlv(0x82, b"\xff")),
    "no list": tlv(0x05, b""),
    "cut": b"\x30\x05",
}


@pytest.mark.parametrize("names", ODD_NAMES.values(), ids=list(ODD_NAMES))
def test_names_that_nobody_has(names):
    with pytest.raises(ValueError):
        Certificate.parse(shown(names))


VERSION = b"\xa0\x03\x02\x01"
LATER = ISSUED.der.replace(VERSION + b"\x02", VERSION + b"\x05", 1)


@pytest.mark.parametrize("octets", [b"", b"\x30\x00", ISSUED.der[:-1], ISSUED.pem, LATER])
def test_no_certificate(octets):
    with pytest.raises(ValueError):
        Certificate.parse(octets)
