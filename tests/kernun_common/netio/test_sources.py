from ipaddress import ip_address

import pytest

from kernun_common.netio.sources import ANY, Sources

FOUR, SIX = ip_address("192.0.2.1"), ip_address("2001:db8::1")
SERVER4, SERVER6 = ip_address("192.0.2.7"), ip_address("2001:db8::7")

CASES = [
    # own addresses, towards IPv4, towards IPv6
    (ANY, None, None),
    (Sources(FOUR), FOUR, None),
    (Sources(None, SIX), None, SIX),
    (Sources(FOUR, SIX, False), FOUR, SIX),
]


@pytest.mark.parametrize("sources, four, six", CASES)
def test_towards(sources, four, six):
    assert (sources.towards(SERVER4), sources.towards(SERVER6)) == (four, six)


def test_the_system_may_choose():
    assert ANY.fallback
