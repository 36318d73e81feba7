import pytest

from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host
from kernun_common.sockaddr import address
from kernun_common.transparency.section import SourceAddress, WithSourceAddress

TAG = "ECHO-1_0-RELEASE"
FOUR, SIX = Host(address=address("192.0.2.1")), Host(address=address("2001:db8::1"))
NAME = Host(name="out.example.org")


def read(elements):
    parsed = parse(f"version {TAG}; source-address {{ source-address {elements}; }}", "f")
    checked = check(parsed.statements, parsed.errors, "f", (WithSourceAddress,), TAG, Context())
    (section,) = checked.sections("source-address")
    return section.source_address


ROWS = [
    ("addr4 [192.0.2.1]", SourceAddress(FOUR, None, False)),
    ("addr6 [2001:db8::1]", SourceAddress(None, SIX, False)),
    ("addr4 [192.0.2.1] addr6 [2001:db8::1]", SourceAddress(FOUR, SIX, False)),
    ("addr4 [192.0.2.1] no-fallback", SourceAddress(FOUR, None, True)),
    ("client", SourceAddress(client=True)),
    ("client addr6 [2001:db8::1] no-fallback", SourceAddress(None, SIX, True, True)),
    ("addr4 out.example.org addr6 out.example.org", SourceAddress(NAME, NAME, False)),
]


@pytest.mark.parametrize("elements, row", ROWS)
def test_rows(elements, row):
    assert read(elements) == row


BAD = [
    *("", "no-fallback", "client client", "[192.0.2.1]"),
    *("addr4 [2001:db8::1]", "addr6 [192.0.2.1]"),
]


@pytest.mark.parametrize("elements", BAD)
def test_bad(elements):
    with pytest.raises(ConfigurationErrors):
        read(elements)
