"""The address from which the proxy connects, as the server sees it."""

from __future__ import annotations

from pathlib import Path
from typing import Iterator

import pytest

from tests.support.dns_server import DnsServer
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy

OWN = "127.0.0.1"
ELSEWHERE = "192.0.2.77"  # no address of this machine
FEW = "tcpserver { init-children 1; min-idle 1; max-idle 2; }"


class Seen:
    """A server that remembers from where it was connected to."""

    def __init__(self) -> None:
        self.hosts: list[str] = []
        self._obliging = obliging()

    def __call__(self, peer: Peer) -> None:
        self.hosts.append(peer.socket.getpeername()[0])
        self._obliging(peer)


@pytest.fixture
def seen() -> Seen:
    return Seen()


@pytest.fixture
def server(seen: Seen) -> Iterator[FakeServer]:
    with FakeServer(seen) as server:
        yield server


def run(folder: Path, session: str, items: str = "", sections: str = "") -> Proxy:
    return Proxy(folder, session=session, items=f"{FEW} {items}", sections=sections)


def greeting(proxy: Proxy) -> bytes:
    with connect(proxy.port) as client:
        return client.line()


CASES = [
    # items of the proxy, of the session-acl, what the server sees
    ("", "", OWN),
    ("source-address addr4 [127.0.0.5];", "", "127.0.0.5"),
    ("", "source-address addr4 [127.0.0.6];", "127.0.0.6"),
    ("source-address addr4 [127.0.0.5];", "source-address addr4 [127.0.0.6];", "127.0.0.6"),
    ("source-address addr4 [127.0.0.5];", "source-address addr6 [::1];", OWN),
    ("", "source-address addr4 [127.0.0.7] addr6 [::1] no-fallback;", "127.0.0.7"),
    (f"source-address addr4 [{ELSEWHERE}];", "", OWN),
]


@pytest.mark.parametrize("items, session, address", CASES)
def test_what_the_server_sees(tmp_path, seen, server, items, session, address):
    with run(tmp_path, f"plug-to [{OWN}] : {server.port}; {session}", items) as proxy:
        assert greeting(proxy).startswith(b"* OK")
        assert seen.hosts == [address]
        assert f"OWN=[{address}]:" in proxy.wait_for("NETL-730")[0]


def test_an_address_that_is_not_to_be_had_is_told_of(tmp_path, server):
    session = f"plug-to [{OWN}] : {server.port}; source-address addr4 [{ELSEWHERE}];"
    with run(tmp_path, session) as proxy:
        assert greeting(proxy).startswith(b"* OK")
        [line] = proxy.wait_for("NETL-811")
        assert line.startswith(f"NETL-811-W SOURCE-FAILED ADDRESS={ELSEWHERE} SERVER=[{OWN}]:")


STRICT = [
    # source-address, the reason in the log
    ("addr6 [::1] no-fallback", "there is no source-address for its family"),
    (f"addr4 [{ELSEWHERE}] no-fallback", f"from [{ELSEWHERE}]: Cannot assign requested address"),
]


@pytest.mark.parametrize("address, reason", STRICT)
def test_no_fallback(tmp_path, seen, server, address, reason):
    with run(tmp_path, f"plug-to [{OWN}] : {server.port}; source-address {address};") as proxy:
        assert greeting(proxy).startswith(b"* BYE")
        assert seen.hosts == []
        [line] = proxy.wait_for("NETL-810")
        assert reason in line


def test_ipv6_and_the_server_that_is_passed_over(tmp_path, seen, server):
    """Of two servers only that of IPv6 may be connected to, because only there is an address."""
    with FakeServer(seen, "::1") as second:
        session = (
            f"plug-to [{OWN}] : {server.port}; plug-to [::1] : {second.port};"
            " source-address addr6 [::1] no-fallback;"
        )
        with run(tmp_path, session) as proxy:
            assert greeting(proxy).startswith(b"* OK")
            assert (seen.hosts, server.peers) == (["::1"], [])


def test_by_name(tmp_path, seen, server):
    with DnsServer() as names:
        names.add("out.example.org", "127.0.0.8")
        sections = f"resolver R {{ server [{OWN}] port {names.port}; }}"
        session = f"plug-to [{OWN}] : {server.port}; source-address addr4 out.example.org;"
        with run(tmp_path, session, "use-resolver R;", sections) as proxy:
            assert greeting(proxy).startswith(b"* OK")
            assert seen.hosts == ["127.0.0.8"]
