"""proxy-protocol in listen-on: whose connection it is that a balancer makes."""

from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterator

import pytest

from kernun_common.netio.proxy_protocol import V2_SIGNATURE, encode_v1, encode_v2
from kernun_common.sockaddr import Sockaddr, address
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, Peer
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy
from tests.support.tls import client_context
from tests.support.waiting import wait_until
from tests.support.world import NAME, World, own

BALANCER, STRANGER = "127.0.0.5", "127.0.0.6"
TO, TLS_TO = Sockaddr(address("192.0.2.1"), 143), Sockaddr(address("192.0.2.1"), 994)
CLIENT = Sockaddr(address("198.51.100.7"), 4711)
SIX = Sockaddr(address("2001:db8::7"), 4712), Sockaddr(address("2001:db8::1"), 993)
LOCAL = V2_SIGNATURE + b"\x20\x00\x00\x00"
TLVS = b"\x03\x00\x04\xff\xff\xff\xff" b"\x04\xff\xff"  # a wrong checksum, and one cut short


def with_tlvs(octets: bytes) -> bytes:
    length = int.from_bytes(octets[14:16], "big") + len(TLVS)
    return octets[:14] + length.to_bytes(2, "big") + octets[16:] + TLVS


class Balanced(Proxy):
    """A proxy that listens for the balancer at `port_behind`, for others at `port`."""

    def __init__(
        self, folder: Path, plug_to: int, limits: str = "", items: str = "", sections: str = ""
    ) -> None:
        [self.port_behind] = free_ports(1)
        row = f"non-transparent [{HOST}] port {self.port_behind}"
        super().__init__(
            folder,
            plug_to,
            listen=f"{row} proxy-protocol {{ [{BALANCER}] }};",
            items=f"tcpserver {{ init-children 3; {limits} }} {items}",
            sections=sections,
        )

    def connect(self, octets: bytes, source: str = BALANCER) -> Peer:
        address = HOST, self.port_behind
        peer = Peer(socket.create_connection(address, 30, source_address=(source, 0)))
        peer.send(octets)
        return peer


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, server: FakeServer, world: World
) -> Iterator[Balanced]:
    """Who went to the port TLS_TO speaks TLS from the first octet."""
    sections = f"ssl-params IN {{ {own(world.proxy)} }}"
    acl = f"to * port {TLS_TO.port}; plug-to [{HOST}] : {server.port}; client-ssl-params IN;"
    items = f"session-acl TLS {{ {acl} accept; }}"
    folder = tmp_path_factory.mktemp("proxy")
    with Balanced(folder, server.port, items=items, sections=sections) as proxy:
        yield proxy


HEADERS = [
    # name, octets, what counts then
    ("v1", encode_v1(CLIENT, TO), CLIENT, TO),
    ("v2", encode_v2(CLIENT, TO), CLIENT, TO),
    ("v1 IPv6", encode_v1(*SIX), *SIX),
    ("v2 IPv6", encode_v2(*SIX), *SIX),
    ("TLVs", with_tlvs(encode_v2(CLIENT, TO)), CLIENT, TO),
]


@pytest.mark.parametrize("name, octets, client, to", HEADERS, ids=[it[0] for it in HEADERS])
def test_the_client_behind(
    proxy: Balanced, name: str, octets: bytes, client: Sockaddr, to: Sockaddr
) -> None:
    ends = len(proxy.logged("IMAP-888"))
    with proxy.connect(octets + b"a1 LOGIN alice secret\r\n") as peer:
        assert b"OK" in peer.line()
        assert b"a1 OK" in peer.line()
        assert b"x OK" in peer.command(b"LOGOUT")
    record = proxy.wait_for("IMAP-888", ends + 1)[-1]
    assert f"CLIENT-IP={client.host} CLIENT-PORT={client.port} " in record
    assert f"FROM={client} TO={to} TRANSP=NO" in proxy.logged("IMAP-701")[-1]
    assert f"FROM={client} TO={to} " in proxy.logged("IMAP-720")[-1]


@pytest.mark.parametrize("encode", [encode_v1, encode_v2])
def test_tls_behind_the_header(
    proxy: Balanced, world: World, encode: Callable[[Sockaddr, Sockaddr], bytes]
) -> None:
    """In the same segment: the handshake gets all of what is its own."""
    with proxy.connect(b"") as peer:
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_CORK, 1)
        peer.send(encode(CLIENT, TLS_TO))
        peer.start_tls(client_context(world.root), NAME)
        assert b"OK" in peer.line()
        assert b"x OK" in peer.command(b"NOOP")


@pytest.mark.parametrize("octets", [LOCAL, b"PROXY UNKNOWN\r\n"])
def test_a_health_check_leaves_no_record(proxy: Balanced, octets: bytes) -> None:
    with proxy.connect(octets) as peer:
        assert b"OK" in peer.line()
        host, port = peer.socket.getsockname()
    start = f"FROM=[{host}]:{port} "
    proxy.process.wait_until(
        lambda: any(f"]:{port} " in line for line in proxy.logged("IMAP-702")), "no SESSION-END"
    )
    assert [line for line in proxy.logged("IMAP-701") if start in line]
    records = len(proxy.logged("IMAP-888"))
    with proxy.connect(encode_v1(CLIENT, TO)) as peer:  # its record is the next one
        assert b"OK" in peer.line()
    proxy.wait_for("IMAP-888", records + 1)
    assert not [line for line in proxy.logged("IMAP-888") if f"CLIENT-PORT={port} " in line]


BAD = [b"a1 NOOP\r\n", b"PROXY TCP4 1.2.3.4 x 1 2\r\n", V2_SIGNATURE + b"\x31\x11\x00\x00"]


@pytest.mark.parametrize("octets", BAD)
def test_without_a_header_there_is_no_session(proxy: Balanced, octets: bytes) -> None:
    sessions, told = len(proxy.logged("IMAP-701")), len(proxy.logged("NETL-812"))
    with proxy.connect(octets) as peer:
        assert peer.rest() == b""
    line = proxy.wait_for("NETL-812", told + 1)[-1]
    assert "REASON=" in line and len(proxy.logged("IMAP-701")) == sessions


def test_a_forged_header(proxy: Balanced) -> None:
    """From any other host it is a bad command, and the session is that host's."""
    with proxy.connect(encode_v1(CLIENT, TO), STRANGER) as peer:
        assert b"OK" in peer.line()
        assert b" BAD " in peer.line()
        port = peer.socket.getsockname()[1]
        assert f"FROM=[{STRANGER}]:{port} TO=[{HOST}]:{proxy.port_behind} " in (
            proxy.logged("IMAP-701")[-1]
        )


def test_limits_count_clients_and_not_balancers(tmp_path: Path, server: FakeServer) -> None:
    """In listener mode, where a child learns whose connection it is."""
    limits = "listener yes; max-children-per-ip 2; conn-rate-per-ip 2;"
    with Balanced(tmp_path, server.port, limits) as proxy, ExitStack() as stack:
        others = [Sockaddr(address(f"198.51.100.{number}"), 9) for number in range(10, 15)]
        for client in (CLIENT, CLIENT, *others):
            assert b"OK" in stack.enter_context(proxy.connect(encode_v2(client, TO))).line()
        with proxy.connect(encode_v2(CLIENT, TO)) as third:
            assert third.rest() == b""
        assert f"CLIENT={CLIENT.host} LIMIT=2" in proxy.wait_for("TCPS-647")[0]
        assert not proxy.logged("TCPS-642")
        stack.close()
        wait_until(lambda: is_served(proxy), "room for another session")


def is_served(proxy: Balanced) -> bool:
    with proxy.connect(encode_v2(CLIENT, TO)) as peer:
        try:
            return bool(peer.some())
        except (EOFError, ConnectionResetError):
            return False
