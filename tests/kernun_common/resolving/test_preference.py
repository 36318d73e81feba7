from ipaddress import ip_address

import pytest

from kernun_common.resolving import preference
from kernun_common.resolving.preference import has_route, preferred


def test_loopback_can_be_reached():
    assert has_route(ip_address("127.0.0.1")) and has_route(ip_address("::1"))


def test_where_no_packet_can_go():
    assert not has_route(ip_address("fe80::1"))  # which link?


ORDERS = [
    # without a route, as the name server gave them, as they are tried
    ("", "4.1 6.1 4.2 6.2", "6.1 6.2 4.1 4.2"),
    ("6.1 6.2", "6.1 6.2 4.1 4.2", "4.1 4.2 6.1 6.2"),
    ("6.1 4.2", "6.1 6.2 4.2 4.1", "6.2 4.1 6.1 4.2"),
    ("", "", ""),
]
ADDRESSES = {
    "4.1": "192.0.2.1",
    "4.2": "192.0.2.2",
    "6.1": "2001:db8::1",
    "6.2": "2001:db8::2",
}


def addresses(short):
    return tuple(ip_address(ADDRESSES[word]) for word in short.split())


@pytest.mark.parametrize("unroutable, given, order", ORDERS)
def test_order(monkeypatch, unroutable, given, order):
    monkeypatch.setattr(preference, "has_route", lambda to: to not in addresses(unroutable))
    assert preferred(addresses(given)) == addresses(order)
