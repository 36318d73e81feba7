"""Reloads while clients come and go: none is refused, none is cut, the socket stays."""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import Iterator

import psutil
import pytest

from tests.support.daemons import below, idle_children, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.ports import free_ports, is_listening
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

CLIENTS = 4  # at the same time
PAUSE = 0.05  # seconds between two sessions of one client
BETWEEN = 25  # sessions from one reload to the next

ITEMS = "tcpserver { init-children 5; max-idle %d; }"


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


class Crowd:
    """Clients that come and go in threads; what went wrong with any of them."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._over = threading.Event()
        self.failures: list[BaseException] = []
        self.sessions = [0] * CLIENTS
        self._threads = [
            threading.Thread(target=self._client, args=(number,)) for number in range(CLIENTS)
        ]

    def __enter__(self) -> Crowd:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join()

    @property
    def served(self) -> int:
        return sum(self.sessions)

    def _client(self, number: int) -> None:
        while not self._over.is_set():
            try:
                with connect(self._port) as client:
                    client.line()
                    client.command(b"LOGIN alice secret")
                    client.command(b"LOGOUT")
            except (OSError, EOFError) as failure:
                self.failures.append(failure)
                return
            self.sessions[number] += 1
            time.sleep(PAUSE)


def listening_inode(pid: int, port: int) -> str:
    """Of the socket with which this process listens at the port."""
    [inode] = {
        row.split()[9]
        for row in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if row.split()[3] == "0A" and row.split()[1].endswith(f":{port:04X}")
    }
    assert f"socket:[{inode}]" in descriptors(pid)
    return inode


def descriptors(pid: int) -> list[str]:
    """What they lead to; a descriptor, or a process, may vanish while one looks."""
    found = []
    with suppress(OSError):
        for fd in os.listdir(f"/proc/{pid}/fd"):
            with suppress(OSError):
                found.append(os.readlink(f"/proc/{pid}/fd/{fd}"))
    return found


def holders(proxy: Proxy, inode: str) -> list[psutil.Process]:
    """The processes of the program that hold this socket."""
    return [it for it in below(proxy.pid) if f"socket:[{inode}]" in descriptors(it.pid)]


def test_ten_reloads_under_load(tmp_path: Path, server: FakeServer) -> None:
    with Proxy(tmp_path, plug_to=server.port, items=ITEMS % 20) as proxy:
        good = proxy.path.read_text()
        inode = listening_inode(proxy.pid, proxy.port)
        patient, old = connect(proxy.port), set[int]()
        patient.line()
        with Crowd(proxy.port) as crowd:
            for number in range(10):
                before, broken = crowd.served, number % 2 == 1
                wait_until(lambda: crowd.failures or crowd.served >= before + BETWEEN, "sessions")
                old |= set() if broken else idle_children(proxy.pid)
                text = good.replace("max-idle 20", f"max-idle {20 + number}")
                proxy.path.write_text(text + "nonsense;" * broken)
                message = "TCPS-646" if broken else "TCPS-701"
                done = len(proxy.logged(message))
                proxy.process.signal(signal.SIGHUP)
                wait_until(lambda: len(proxy.logged(message)) > done, f"reload {number}")
                assert listening_inode(proxy.pid, proxy.port) == inode
        assert crowd.failures == [] and crowd.served >= 10 * BETWEEN
        assert b"x OK" in patient.command(b"NOOP")
        assert len(proxy.logged("TCPS-646")) == 5 and not proxy.logged("TCPS-640")
        wait_until(lambda: not old & idle_children(proxy.pid), "the end of the old children")
    assert proxy.status == 0


def test_old_children_keep_no_listening_socket(tmp_path: Path, server: FakeServer) -> None:
    [other] = free_ports(1)
    with Proxy(tmp_path, plug_to=server.port, items=ITEMS % 6) as proxy:
        client = connect(proxy.port)
        client.line()
        inode = listening_inode(proxy.pid, proxy.port)
        wait_until(lambda: len(holders(proxy, inode)) >= 5, "the children that listen")
        [busy] = [it for it in holders(proxy, inode) if "child: 127.0.0.1" in title(it)]
        text = proxy.path.read_text().replace(f"port {proxy.port};", f"port {other};")
        proxy.path.write_text(text)
        proxy.process.signal(signal.SIGHUP)
        wait_until(lambda: is_listening(other) and not is_listening(proxy.port), "the new port")
        wait_until(lambda: f"socket:[{inode}]" not in descriptors(busy.pid), "the closed socket")
        assert b"x OK" in client.command(b"NOOP")
        with connect(other) as late:
            assert late.line().startswith(b"* OK")
        with pytest.raises(ConnectionRefusedError):
            connect(proxy.port)


def test_sessions_end_under_their_old_rules(tmp_path: Path, server: FakeServer) -> None:
    with Proxy(tmp_path, plug_to=server.port, command="greeting old;") as proxy:
        client = connect(proxy.port)
        assert b" old" in client.line()
        text = proxy.path.read_text()
        proxy.path.write_text(text.replace("greeting old;", "greeting new; commands { LOGOUT };"))
        old = idle_children(proxy.pid)
        proxy.process.signal(signal.SIGHUP)
        proxy.wait_for("TCPS-701", 2)
        wait_until(lambda: not old & idle_children(proxy.pid), "the end of the old children")
        with connect(proxy.port) as late:
            assert b" new" in late.line() and b"x NO" in late.command(b"NOOP")
        assert b"x OK" in client.command(b"NOOP")
