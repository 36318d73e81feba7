from __future__ import annotations

from dataclasses import FrozenInstanceError, replace
from datetime import datetime
from ipaddress import ip_address

import pytest

from kernun_common.acl.facts import Facts, Server
from kernun_common.configuration.types import Host, Sock
from kernun_common.sockaddr import Sockaddr

ADDRESS = ip_address("192.0.2.7")


@pytest.mark.parametrize(
    "server, address, written",
    [
        (Server.of(Sock(Host(name="a.example.org"), 143)), None, "a.example.org:143"),
        (Server.of(Sock(Host(address=ADDRESS), 993)), ADDRESS, "[192.0.2.7]:993"),
        (Server.at(Sockaddr(ADDRESS, 143)), ADDRESS, "[192.0.2.7]:143"),
    ],
)
def test_server(server, address, written):
    assert server.address == address
    assert str(server) == written


def test_facts_do_not_change():
    facts = Facts(Sockaddr(ADDRESS, 1), Sockaddr(ADDRESS, 143), False, datetime(2026, 11, 22))
    with pytest.raises(FrozenInstanceError):
        facts.user = "alice"  # type: ignore[misc]
    assert replace(facts, user="alice").user == "alice"
    assert facts.user is None
