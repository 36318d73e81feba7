import pytest

from kernun_common.tls.certificate import Certificate
from kernun_common.tls.names import shows

CASES = [
    # DNS names, addresses, asked for, belongs to it
    (["imap.example.org"], [], "imap.example.org", True),
    (["IMAP.example.ORG"], [], "imap.EXAMPLE.org", True),
    (["imap.example.org"], [], "imap.example.org.", True),
    (["imap.example.org."], [], "imap.example.org", True),
    (["other.example.org", "imap.example.org"], [], "imap.example.org", True),
    (["imap.example.org"], [], "example.org", False),
    (["example.org"], [], "imap.example.org", False),
    (["*.example.org"], [], "imap.example.org", True),
    (["*.example.org"], [], "a.imap.example.org", False),
    (["*.example.org"], [], "example.org", False),
    (["*.example.org"], [], ".example.org", False),
    (["*.org"], [], "example.org", False),
    (["*"], [], "localhost", False),
    (["imap.*.org"], [], "imap.example.org", False),
    (["i*.example.org"], [], "imap.example.org", False),
    (["*.*.example.org"], [], "a.b.example.org", False),
    ([], [], "imap.example.org", False),
    ([], ["192.0.2.7"], "192.0.2.7", True),
    ([], ["192.0.2.8"], "192.0.2.7", False),
    (["192.0.2.7"], [], "192.0.2.7", False),
    ([], ["2001:db8::1"], "2001:0db8:0:0::1", True),
    ([], ["192.0.2.7"], "imap.example.org", False),
]


@pytest.mark.parametrize("dns, addresses, name, expected", CASES)
def test_shows(dns, addresses, name, expected):
    sans = (*dns, *addresses)
    certificate = Certificate(("CN=imap.example.org",), (), sans, "", tuple(dns), tuple(addresses))
    assert shows(certificate, name) is expected
