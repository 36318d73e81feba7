"""devices: loopback is on every machine; the rest is made up."""

import socket
from ipaddress import ip_address
from types import SimpleNamespace

import pytest

from kernun_common.errors import Unavailable
from kernun_common.netio import devices as module
from kernun_common.netio.devices import Devices


def entry(address):
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return SimpleNamespace(family=family, address=address)


FOUND = {
    "eth0": [
        SimpleNamespace(family=socket.AF_PACKET, address="02:fc:00:00:00:01"),
        *map(entry, ("192.0.2.1", "2001:db8::1", "fe80::1%eth0")),
    ],
    "tun0": [],
}


@pytest.fixture
def devices(monkeypatch):
    monkeypatch.setattr(module.psutil, "net_if_addrs", lambda: FOUND)
    return Devices()


def test_loopback():
    assert Devices().carrying(ip_address("127.0.0.1")) == "lo"
    assert ip_address("127.0.0.1") in Devices().addresses("lo")


def test_addresses(devices):
    assert devices.addresses("eth0") == (ip_address("192.0.2.1"), ip_address("2001:db8::1"))
    assert devices.addresses("tun0") == ()
    assert devices.carrying(ip_address("2001:db8::1")) == "eth0"


def test_reachable(devices, monkeypatch):
    assert devices.reachable(4) == ip_address("192.0.2.1")
    assert devices.reachable(6) == ip_address("2001:db8::1")
    alone = {"lo": list(map(entry, ("127.0.0.1", "::1", "fe80::1%lo")))}
    monkeypatch.setattr(module.psutil, "net_if_addrs", lambda: alone)
    for version in (4, 6):
        with pytest.raises(Unavailable, match=f"IPv{version}"):
            Devices().reachable(version)


def test_what_is_not_there(devices):
    with pytest.raises(Unavailable, match="eth1"):
        devices.addresses("eth1")
    with pytest.raises(Unavailable, match="192.0.2.2"):
        devices.carrying(ip_address("192.0.2.2"))


def refuse():
    raise PermissionError(1, "not permitted")


def test_a_system_that_does_not_tell(monkeypatch):
    monkeypatch.setattr(module.psutil, "net_if_addrs", refuse)
    with pytest.raises(Unavailable, match="not permitted"):
        Devices().addresses("lo")
