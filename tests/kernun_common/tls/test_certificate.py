import hashlib

import pytest

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


@pytest.mark.parametrize("octets", [b"", b"\x30\x00", ISSUED.der[:-1], ISSUED.pem])
def test_no_certificate(octets):
    with pytest.raises(ValueError):
        Certificate.parse(octets)
