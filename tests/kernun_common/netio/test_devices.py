"""devices: loopback is on every machine; the rest is made up."""

from ipaddress import ip_address

import pytest

from kernun_common.errors import Unavailable
from kernun_common.netio.devices import Devices, known_devices

ADDRESSES = {"eth0": (ip_address("192.0.2.1"), ip_address("2001:db8::1")), "tun0": ()}
DEVICES = Devices(ADDRESSES)


def test_loopback():
    assert known_devices().carrying(ip_address("127.0.0.1")) == "lo"
    assert ip_address("127.0.0.1") in known_devices().addresses("lo")


def test_addresses():
    assert DEVICES.addresses("eth0") == ADDRESSES["eth0"] and DEVICES.addresses("tun0") == ()
    assert DEVICES.carrying(ip_address("2001:db8::1")) == "eth0"


def test_what_is_not_there():
    with pytest.raises(Unavailable, match="eth1"):
        DEVICES.addresses("eth1")
    with pytest.raises(Unavailable, match="192.0.2.2"):
        DEVICES.carrying(ip_address("192.0.2.2"))
