"""send-client-address: what the server is told of the client, through the real program."""

from __future__ import annotations

import re
import socket
import struct
from typing import Iterator

import pytest

from tests.support.obliging import Obliging
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST

POLICIES = {
    "nothing": Policy(),
    "proxy-v1": Policy(command="send-client-address proxy-v1;"),
    "proxy-v2": Policy(command="send-client-address proxy-v2;"),
    "id": Policy(command="send-client-address id;"),
}
COMMAND = re.compile(rb"(p[0-9]+) (?:NOOP|ID .*)\r\n\Z")
SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"


def play(peer: Peer) -> None:
    """Speaks first, as mail servers do; it tells a command from a PROXY header by its end."""
    peer.send(Obliging().greeting)
    while True:
        peer.some()
        command = COMMAND.search(peer.received)
        if command is not None:
            peer.send(command[1] + b" OK done\r\n")


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(play) as server:
        yield server


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory, server: FakeServer) -> Iterator[Policies]:
    with Policies(tmp_path_factory.mktemp("address"), POLICIES, server.port) as policies:
        yield policies


def text(client: int, to: int) -> bytes:
    return f"PROXY TCP4 {HOST} {HOST} {client} {to}\r\np1 NOOP\r\n".encode()


def binary(client: int, to: int) -> bytes:
    addresses = socket.inet_aton(HOST) * 2 + struct.pack("!HH", client, to)
    return SIGNATURE + b"\x21\x11" + struct.pack("!H", len(addresses)) + addresses + b"p1 NOOP\r\n"


def identification(client: int, to: int) -> bytes:
    fields = f'"x-originating-ip" "{HOST}" "x-originating-port" "{client}"'
    fields += f' "x-connected-ip" "{HOST}" "x-connected-port" "{to}"'
    return f"p1 ID ({fields})\r\np2 NOOP\r\n".encode()


RECEIVED = {
    "nothing": lambda client, to: b"p1 NOOP\r\n",
    "proxy-v1": text,
    "proxy-v2": binary,
    "id": identification,
}


@pytest.mark.parametrize("policy", POLICIES)
def test_send_client_address(policies: Policies, server: FakeServer, policy: str) -> None:
    with policies.connect(policy) as client:
        client.line()
        assert client.command(b"NOOP").endswith(b"x OK done\r\n")
        port = client.socket.getsockname()[1]
        expected = RECEIVED[policy](port, policies.ports[policy])
    assert server.peers[-1].received == expected


def test_a_client_that_says_so_itself(policies: Policies, server: FakeServer) -> None:
    """... is not believed: only those fields are lost."""
    with policies.connect("nothing") as client:
        client.line()
        client.command(b'ID ("x-originating-ip" "192.0.2.1")')
    assert server.peers[-1].received == b"p1 ID NIL\r\n"
