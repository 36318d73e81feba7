import pytest

from kernun_common.configuration.types import Host
from kernun_common.netio.sources import ANY, Sources
from kernun_common.sockaddr import address
from kernun_common.transparency.section import SourceAddress
from kernun_common.transparency.source_address import sources_of

FOUR, SIX = address("192.0.2.1"), address("2001:db8::1")
OTHER = address("192.0.2.2")
CLIENT = address("198.51.100.7")
NAME = Host(name="out.example.org")
KNOWN = {"out.example.org": (SIX, FOUR, OTHER)}

CASES = [
    # the row, what names stand for, the addresses
    (None, {}, ANY),
    (SourceAddress(addr4=Host(address=FOUR)), {}, Sources(FOUR, None, True)),
    (SourceAddress(addr6=Host(address=SIX), no_fallback=True), {}, Sources(None, SIX, False)),
    (SourceAddress(NAME, NAME), KNOWN, Sources(FOUR, SIX, True)),
    (SourceAddress(NAME, NAME), {}, Sources(None, None, True)),
    (SourceAddress(NAME, NAME), {"out.example.org": (FOUR,)}, Sources(FOUR, None, True)),
    (SourceAddress(client=True), {}, Sources(None, None, True, CLIENT)),
    (SourceAddress(addr6=NAME, client=True), KNOWN, Sources(None, SIX, True, CLIENT)),
    (SourceAddress(NAME, NAME, True), {"out.example.org": ()}, Sources(None, None, False)),
]


@pytest.mark.parametrize("row, resolution, sources", CASES)
def test_sources(row, resolution, sources):
    assert sources_of(row, CLIENT, resolution) == sources
