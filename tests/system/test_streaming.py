"""no-mail-scanning: the octets of a mail pass before its last one has come."""

from __future__ import annotations

from pathlib import Path
from queue import Queue
from typing import Iterator

import pytest

from tests.support.obliging import Obliging
from tests.support.peers import PATIENCE, FakeServer, Peer, connect
from tests.support.proxy import Proxy

HALF = b"x" * 50_000
FETCHED = b"* 1 FETCH (BODY[] {100000}\r\n"
LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")


@pytest.fixture
def servers() -> Queue[Peer]:
    """The server's end of each connection, once the client has logged in."""
    return Queue()


@pytest.fixture
def proxy(tmp_path: Path, servers: Queue[Peer]) -> Iterator[Proxy]:
    over: Queue[None] = Queue()

    def play(peer: Peer) -> None:
        server = Obliging()
        peer.send(server.greeting)
        while len(server.commands) <= len(LOGIN):  # the proxy asks CAPABILITY
            peer.send(server.feed(peer.some()))
        servers.put(peer)
        over.get()

    with FakeServer(play) as server, Proxy(tmp_path, server.port) as proxy:
        yield proxy
        over.put(None)


@pytest.fixture
def client(proxy: Proxy) -> Iterator[Peer]:
    with connect(proxy.port) as client:
        client.line()
        for command in LOGIN:
            client.command(command)
        yield client


@pytest.fixture
def server(client: Peer, servers: Queue[Peer]) -> Peer:
    return servers.get(timeout=PATIENCE)


def test_download(client: Peer, server: Peer) -> None:
    client.send(b"a FETCH 1 BODY[]\r\n")
    assert server.line().endswith(b" FETCH 1 (BODY[])\r\n")
    server.send(FETCHED + HALF)
    assert client.take(len(FETCHED + HALF)) == FETCHED + HALF
    server.send(HALF + b")\r\n")
    assert client.take(len(HALF)) == HALF


def test_upload(client: Peer, server: Peer) -> None:
    client.send(b"a APPEND INBOX {100000+}\r\n" + HALF)
    assert server.line().endswith(b" APPEND INBOX {100000+}\r\n")
    assert server.take(len(HALF)) == HALF
    client.send(HALF + b"\r\n")
    assert server.take(len(HALF)) == HALF
