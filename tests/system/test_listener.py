"""The listener and its limits, each by its effect on the real program."""

from __future__ import annotations

import socket
import time
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterator

import pytest

from tests.support.daemons import below, listens, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

OTHER = "127.0.0.2"  # another client

Start = Callable[[str], Proxy]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a proxy with a listener and these limits."""
    with ExitStack() as stack:
        server = stack.enter_context(FakeServer(obliging()))

        def make(limits: str = "") -> Proxy:
            items = f"tcpserver {{ listener yes; {limits} }}"
            return stack.enter_context(Proxy(tmp_path, server.port, items=items))

        yield make


def burst(proxy: Proxy, number: int, source: str = HOST) -> int:
    """So many connections at once: how many of them are served?"""
    with ExitStack() as stack:
        address = HOST, proxy.port
        clients = [
            Peer(stack.enter_context(socket.create_connection(address, None, (source, 0))))
            for _ in range(number)
        ]
        return sum(is_served(client) for client in clients)


def is_served(client: Peer) -> bool:
    try:
        return client.line().startswith(b"* OK")
    except (EOFError, ConnectionResetError):
        return False


def titled(proxy: Proxy, word: str) -> list[int]:
    return [it.pid for it in below(proxy.pid) if f"imap4-proxy TEST: {word}" in title(it)]


def test_listener(start: Start) -> None:
    proxy = start("")
    [listener] = wait_until(lambda: titled(proxy, "listener"), "the listener")
    with connect(proxy.port) as client:
        client.line()
        assert b"x OK" in client.command(b"LOGIN alice secret")
        assert listens(listener) and not any(map(listens, titled(proxy, "child")))
        client.command(b"LOGOUT")
    assert "CLIENT=[127.0.0.1]:" in proxy.wait_for("IMAP-702")[0].replace("\\x5d", "]")
    assert proxy.stop() == 0


def test_conn_rate_per_ip(start: Start) -> None:
    """However the seconds fall, 50 at once are more than they may hold."""
    proxy = start("conn-rate-per-ip 5;")
    begin = time.monotonic()
    served = burst(proxy, 50)
    touched = int(time.monotonic() - begin) + 2  # so many seconds at most, in whole or in part
    assert 5 <= served <= min(5 * touched, 49)
    assert burst(proxy, 5, OTHER) == 5
    assert "CLIENT=127.0.0.1 LIMIT=5" in proxy.wait_for("TCPS-642")[0]
    wait_until(lambda: burst(proxy, 1) == 1, "the end of the denial")


def test_conn_rate_table(start: Start) -> None:
    """Of one client only: another one makes it forget the first."""
    proxy = start("conn-rate-per-ip 1; conn-rate-table 1;")
    assert all(burst(proxy, 1, f"127.0.0.{n}") for n in (1, 2, 1, 2, 1, 2))


def test_conn_rate(start: Start) -> None:
    proxy = start("conn-rate 3;")
    assert burst(proxy, 8) == 8
    assert proxy.wait_for("TCPS-812")[0].endswith("LIMIT=3")


def test_max_children_per_ip(start: Start) -> None:
    proxy = start("max-children-per-ip 3;")
    clients = [connect(proxy.port) for _ in range(3)]
    assert all(map(is_served, clients))
    assert burst(proxy, 2) == 0 and burst(proxy, 1, OTHER) == 1
    assert "CLIENT=127.0.0.1 LIMIT=3" in proxy.wait_for("TCPS-647")[0]
    clients[0].close()
    wait_until(lambda: burst(proxy, 1) == 1, "room for another session")
    for client in clients[1:]:
        client.close()
