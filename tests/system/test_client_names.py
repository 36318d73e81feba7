"""Names of clients, through the real program, with a name server of the test's own.

Nothing is judged by the clock, as in test_resolving.py.
"""

from __future__ import annotations

from typing import Iterator

import pytest

from tests.support.dns_server import DnsServer, silent
from tests.support.fake_imap import obliging
from tests.support.named import CLIENT, FEW, greeting, is_served, proxy
from tests.support.peers import FakeServer, connect
from tests.support.ports import free_ports
from tests.support.waiting import wait_until


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer() as server:
        yield server


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


def reverse(address: str) -> str:
    return ".".join(reversed(address.split("."))) + ".in-addr.arpa"


CLIENTS = [
    # the reverse name, its address, the from of the ACL, is the client served
    ("pc.example.org", CLIENT, "*.example.org", True),
    ("PC.Example.ORG", CLIENT, "*.example.org", True),
    ("pc.example.org", CLIENT, '~"^pc[.]"', True),
    ("pc.example.org", CLIENT, "! *.example.org", False),
    ("pc.example.org", CLIENT, "*.example.com", False),
    ("pc.example.org", CLIENT, "! *.example.com", True),
    ("pc.example.org", "192.0.2.1", "*.example.org", False),  # claimed, not confirmed
    ("pc.example.org", "192.0.2.1", "! *.example.com", False),
    (None, None, "*.example.org", False),
    (None, None, "! *.example.org", False),
]


@pytest.mark.parametrize("name, address, hosts, served", CLIENTS)
def test_names_of_clients(tmp_path, names, server, name, address, hosts, served):
    if name is not None:
        names.add_reverse(CLIENT, name)
        names.add(name.lower(), address)
    with proxy(tmp_path, names, f"plug-to [{CLIENT}] : {server.port}; from {hosts};") as it:
        assert is_served(it.port) is served


def test_names_of_clients_that_come_over_ipv6(tmp_path, names, server):
    names.add_reverse("::1", "pc.example.org")
    names.add("pc.example.org", "::1")
    (port,) = free_ports(1)
    listen = f"non-transparent [::1] port {port};"
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(tmp_path, names, session, listen=listen) as it:
        assert greeting(port, "::1").startswith(b"* OK")
        assert greeting(it.port) == b""
        assert "CLIENT=pc.example.org" in it.wait_for("IMAP-888")[0]


def test_no_client_is_asked_for_its_name_unless_it_matters(tmp_path, names, server):
    others = f"session-acl FIRST {{ from [{CLIENT}]; plug-to [{CLIENT}] : {server.port}; accept; }}"
    with proxy(tmp_path, names, "from *.example.org;", others=others) as it:
        assert is_served(it.port)
    assert names.asked == []


def test_a_name_is_asked_for_once(tmp_path, names, server):
    names.add_reverse(CLIENT, "pc.example.org")
    names.add("pc.example.org", CLIENT)
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(tmp_path, names, session, items=f"singleproc; {FEW}") as it:
        for _ in range(3):
            assert is_served(it.port)
    assert names.asked == [(reverse(CLIENT), "PTR"), ("pc.example.org", "A")]


def test_without_cache_it_is_asked_for_each_time(tmp_path, names, server):
    names.add_reverse(CLIENT, "pc.example.org")
    names.add("pc.example.org", CLIENT)
    session = f"plug-to [{CLIENT}] : {server.port}; from *.example.org;"
    with proxy(
        tmp_path, names, session, items=f"singleproc; {FEW}", times="cache-size 0;"
    ) as it:
        for _ in range(3):
            assert is_served(it.port)
    assert names.asked.count((reverse(CLIENT), "PTR")) == 3


def test_only_who_needs_a_name_waits_for_a_silent_name_server(tmp_path, names, server):
    """One client waits for its name; another is served meanwhile, and the proxy can end."""
    names.behave(silent)
    (second,) = free_ports(1)
    plug_to = f"plug-to [{CLIENT}] : {server.port};"
    others = f"session-acl FIRST {{ to [{CLIENT}] port {second}; {plug_to} accept; }}"
    with proxy(
        tmp_path,
        names,
        f"{plug_to} from *.example.org;",
        others=others,
        listen=f"non-transparent [{CLIENT}] port {second};",
    ) as it:
        with connect(it.port) as waiting:
            wait_until(lambda: names.asked, "a look-up")
            assert is_served(second)
            assert it.logged("RESL-813") == []
            it.stop()
            assert waiting.rest() == b""
    assert it.status == 0


def test_no_name_in_time_is_no_name(tmp_path, names, server):
    """The first try alone would take longer than anybody waits."""
    names.behave(silent)
    session = f"plug-to [{CLIENT}] : {server.port}; from ! *.example.org;"
    times = "initial-timeout 600; total-timeout 0.2;"
    with proxy(tmp_path, names, session, times=times) as it:
        assert not is_served(it.port)
        assert f"CLIENT={CLIENT} REASON=" in it.wait_for("RESL-813")[0]


def test_names_of_clients_by_the_system(tmp_path, server):
    """The system knows what 127.0.0.1 is called, by hosts(5) or whatever."""
    session = f'plug-to [{CLIENT}] : {server.port}; from ~"^localhost";'
    with proxy(tmp_path, None, session) as it:
        assert is_served(it.port)
