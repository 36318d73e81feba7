"""Transparency with real packets: a client, a firewall and a server, by IPv4 and IPv6."""

from __future__ import annotations

import os
import re
import signal
import socket
from contextlib import ExitStack, closing
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.capture import Capture
from tests.support.daemons import below, title
from tests.support.fake_imap import obliging
from tests.support.firewall import NOBODY, VERSIONS, Firewall, rules
from tests.support.namespaces import Machine, Network
from tests.support.peers import FakeServer, Peer
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root makes namespaces")

CAUGHT = 143  # the port whose clients are redirected
NET_RAW = 1 << 13  # the bit of the capability, linux/capability.h

LISTEN = """
    transparent iface INSIDE port {port};
    transparent iface INSIDE alias SIX port 2150 to 2151 redirect { 1150, 1151 };
    transparent iface INSIDE version ip4 port 2160 redirect { 1160, 1161 };
    transparent [10.77.1.1] port 2170 redirect { 1170 };
    non-transparent iface INSIDE alias FOUR port 143;
    non-transparent iface INSIDE version ip6 port 143;
"""
CLIENT = "source-address client no-fallback;"
PORTS = (CAUGHT, 1150, 1151, 1160, 1161, 1170, 1180)

Servers = dict[int, dict[int, FakeServer]]


@pytest.fixture(scope="module")
def network() -> Iterator[Network]:
    with Network() as network:
        yield network


@pytest.fixture(scope="module")
def servers(network: Network) -> Iterator[Servers]:
    """By version and port; they remember who connected."""
    with ExitStack() as stack, network.server.entered():
        yield {
            version: {
                port: stack.enter_context(FakeServer(obliging(), host, port)) for port in PORTS
            }
            for version, host in network.server.hosts.items()
        }


@pytest.fixture(scope="module")
def proxy(
    tmp_path_factory: pytest.TempPathFactory, network: Network, servers: Servers
) -> Iterator[Firewall]:
    folder = tmp_path_factory.mktemp("proxy")
    with Firewall(network, folder, LISTEN, session=CLIENT) as proxy:
        yield proxy


def connect(machine: Machine, host: str, port: int = CAUGHT) -> Peer:
    with machine.entered():
        return Peer(socket.create_connection((host, port), 30))


def name(client: Peer) -> str:
    """As the log writes it."""
    host, port = client.socket.getsockname()[:2]
    return f"[{host}]:{port}"


def greeted(client: Peer) -> bool:
    return b"from the proxy" in client.line()


REDIRECTED = [
    # version, port that the client addresses, does the server see the client?
    (4, CAUGHT, True),
    (6, CAUGHT, True),
    (6, 1150, False),
    (6, 1151, False),
    (4, 1160, False),
    (4, 1161, False),
    (4, 1170, False),
]


@pytest.mark.parametrize("version, port, seen", REDIRECTED)
def test_redirected(
    proxy: Firewall, network: Network, servers: Servers, version: int, port: int, seen: bool
) -> None:
    """The client addresses the server, and is answered by the proxy in its name."""
    host, own = network.server.hosts[version], network.client.hosts[version]
    outside = network.firewall.devices["f1"][version].partition("/")[0]
    with ExitStack() as stack:
        captures = []
        for machine in (network.client, network.server):
            with machine.entered():
                device = next(iter(machine.devices))
                captures.append(stack.enter_context(closing(Capture(device))))
        client = stack.enter_context(connect(network.client, host, port))
        assert greeted(client)
        assert b"x OK" in client.command(b"LOGIN alice secret")
        source = own if seen else outside
        assert servers[version][port].peers[-1].socket.getpeername()[0] == source
        to_client, to_server = (capture.connections() for capture in captures)
        assert to_client == [f"[{own}] -> [{host}]:{port}", f"[{own}] <- [{host}]:{port}"]
        assert to_server == [
            f"[{source}] -> [{host}]:{port}",
            f"[{source}] <- [{host}]:{port}",
        ]
        it = name(client)
        assert f"TO=[{host}]:{port} TRANSP=YES" in proxy.last("IMAP-701", it)
        assert b"x OK" in client.command(b"LOGOUT")
    assert "TRANSP=YES USER=alice" in proxy.last("IMAP-702", it)


NOT_CAUGHT = [(6, 1160), (6, 1170), (4, 1150), (4, 1180)]


@pytest.mark.parametrize("version, port", NOT_CAUGHT)
def test_not_redirected(
    proxy: Firewall, network: Network, servers: Servers, version: int, port: int
) -> None:
    """Another port, or another version: the firewall passes the packets on."""
    with connect(network.client, network.server.hosts[version], port) as client:
        assert b"from the proxy" not in client.line()
        peer = servers[version][port].peers[-1].socket.getpeername()
        assert peer[0] == network.client.hosts[version]


@pytest.mark.parametrize("version", VERSIONS)
def test_the_firewall_itself(proxy: Firewall, network: Network, version: int) -> None:
    """Who addresses the firewall is not redirected: there is a listener on the same port."""
    host = network.firewall.hosts[version]
    with connect(network.client, host) as client:
        assert greeted(client)
        assert f"TO=[{host}]:{CAUGHT} TRANSP=NO" in proxy.last("IMAP-701", name(client))


@pytest.mark.parametrize("version", VERSIONS)
def test_no_loop(proxy: Firewall, network: Network, version: int) -> None:
    """Straight to the port of the redirection: the connection is closed, nothing is connected."""
    with connect(network.client, network.firewall.hosts[version], proxy.port) as client:
        assert client.rest() == b""
        assert f"]:{proxy.port}" in proxy.last("NATT-810", name(client))
    assert not [line for line in proxy.logged("IMAP-701") if f"]:{proxy.port} " in line]


def test_nobody_gets_past_a_reload(proxy: Firewall, network: Network) -> None:
    """The rules are swapped in one transaction: whoever connects meanwhile gets to the proxy."""
    starts = len(proxy.logged("TCPS-701"))
    proxy.process.signal(signal.SIGHUP)

    def reloaded() -> bool:
        with connect(network.client, network.server.hosts[4]) as client:
            assert greeted(client)
        return len(proxy.logged("TCPS-701")) > starts

    wait_until(reloaded, "the reload")


def test_what_a_child_may(proxy: Firewall, network: Network) -> None:
    """It is nobody, and has the one capability that a client's address takes."""
    with connect(network.client, network.server.hosts[4]) as client:
        assert greeted(client)
        busy = f"child: {network.client.hosts[4]} ->"
        [child] = wait_until(
            lambda: [it for it in below(proxy.pid) if busy in title(it)], "the child's title"
        )
        status = Path(f"/proc/{child.pid}/status").read_text()
    found = {name: int(value, 16) for name, value in re.findall(r"(Cap\w+):\s*(\w+)", status)}
    assert found == {"CapInh": 0, "CapPrm": NET_RAW, "CapEff": NET_RAW, "CapBnd": 0, "CapAmb": 0}


def test_where_it_listens(proxy: Firewall) -> None:
    """Aliases stand for their addresses, a device for those that it has."""
    own = {"[10.77.1.1]:143", "[fd77:1::1]:143"}
    any4 = {f"[0.0.0.0]:{port}" for port in (proxy.port, 2160, 2170)}
    any6 = {f"[::]:{port}" for port in (proxy.port, 2150, 2151)}
    assert {line.rpartition("=")[2] for line in proxy.logged("TCPS-721")} == own | any4 | any6


def test_sessions_go_on_without_rules(tmp_path: Path, network: Network, servers: Servers) -> None:
    """SIGQUIT: new clients get to the server itself, old ones have the proxy to the end."""
    listen = "transparent iface INSIDE port {port} redirect { 1180 };"
    items = f"{NOBODY} source-address client;"
    with Firewall(network, tmp_path, listen, items, name="SECOND") as proxy:
        host = network.server.hosts[4]
        with connect(network.client, host, 1180) as client:
            assert greeted(client)
            proxy.process.signal(signal.SIGQUIT)
            proxy.wait_for("TCPS-710")
            proxy.process.wait_until(lambda: "dport 1180 " not in rules(network), "the rules stay")
            with connect(network.client, host, 1180) as other:
                assert not greeted(other)
            assert servers[4][1180].peers[-2].socket.getpeername()[0] == network.client.hosts[4]
            assert b"x OK" in client.command(b"NOOP")
        assert proxy.process.wait() == 0
