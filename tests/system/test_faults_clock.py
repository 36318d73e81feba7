"""The clock is set forwards and back while sessions are open; timeouts and rates do not care.

The clock of the machine is left alone: libfaketime gives the proxy another one, which follows
a file.  `pytest -s` prints what became of each.
"""

from __future__ import annotations

import glob
import os
import re
import signal
import time
from datetime import datetime, timedelta
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support.daemons import below, busy, idle_children, lives
from tests.support.fake_imap import obliging
from tests.support.fault_table import FaultTable
from tests.support.oob import Desk
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

PATIENCE = 1.5  # seconds: the timeouts here
LATE = 10.0  # seconds by which a busy machine may be late
JUMPS = {"a day forwards": timedelta(days=1), "a day back": timedelta(days=-1)}
RATE = 2  # connections in a second

_TIMES = f"recv-timeout {PATIENCE}; send-timeout {PATIENCE};"
ITEMS = (
    f"idle-timeout {PATIENCE}; client-conn {{ {_TIMES} }} server-conn {{ {_TIMES} }}"
    f" tcpserver {{ init-children 2; min-idle 1; max-idle 4; listener yes; conn-rate {RATE}; }}"
)


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable("clocks that are set")
    yield table
    print(table)


class Clock:
    """What the proxy takes for the time."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "clock"
        self.ahead = timedelta()
        self.set(self.ahead)
        [library] = glob.glob("/usr/lib/*/faketime/libfaketime.so.1")
        self.prefix = [
            "env",
            f"LD_PRELOAD={library}",
            f"FAKETIME_TIMESTAMP_FILE={self._path}",
            "FAKETIME_NO_CACHE=1",
            "FAKETIME_DONT_FAKE_MONOTONIC=1",
        ]

    def set(self, ahead: timedelta) -> None:
        self.ahead = ahead
        new = self._path.with_suffix(".new")
        new.write_text(f"{ahead.total_seconds():+.0f}\n")
        new.replace(self._path)

    def shows(self, stamp: str) -> bool:
        """A line's `Sep  8 07:40:22`: is it of this time?"""
        now = datetime.now() + self.ahead
        logged = datetime.strptime(f"{now.year} {stamp}", "%Y %b %d %H:%M:%S")
        return abs(logged - now) < timedelta(hours=1)


class Running(NamedTuple):
    proxy: Proxy
    clock: Clock
    desk: Desk

    def stamps(self) -> list[str]:
        return re.findall(r"^(\w{3} [ \d]\d \d\d:\d\d:\d\d) ", self.proxy.log, re.M)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("clock")
    clock = Clock(folder)
    desk = Desk(folder, f'store "{folder}/logins"; max-time 1h;', external=True)
    with FakeServer(obliging()) as server:
        with Proxy(
            folder,
            server.port,
            sections=desk.sections,
            items=f"auth oob DESK; {ITEMS}",
            prefix=clock.prefix,
        ) as proxy:
            yield Running(proxy, clock, desk)
            assert not proxy.logged("TCPS-640") and not proxy.logged("TCPS-641")


@pytest.fixture(params=JUMPS)
def jump(running: Running, request: pytest.FixtureRequest) -> Iterator[Callable[[], str]]:
    """Set the clock; it is right again afterwards."""

    def set_clock() -> str:
        running.clock.set(JUMPS[request.param])
        return request.param

    yield set_clock
    running.clock.set(timedelta())


def nothing(client: Peer) -> None:
    """It says no more."""


def half_a_line(client: Peer) -> None:
    client.send(b"a NO")


@pytest.mark.parametrize("act", [nothing, half_a_line], ids=["idle-timeout", "recv-timeout"])
def test_timeouts(
    running: Running,
    table: FaultTable,
    jump: Callable[[], str],
    act: Callable[[Peer], None],
    request: pytest.FixtureRequest,
) -> None:
    """A session lives through it, and ends when its time has come, no sooner and no later."""
    with connect(running.proxy.port) as client:
        client.line()
        assert b"x OK" in client.command(b"LOGIN alice secret")
        name = jump()
        with table.case(f"{name}: {request.node.callspec.id}") as row:
            assert b"x OK" in client.command(b"NOOP")
            since = time.monotonic()
            act(client)
            assert client.rest().startswith(b"* BYE ")
            spent = time.monotonic() - since
            row.outcome = f"session goes on, ends after {PATIENCE} s"
        assert PATIENCE <= spent + 0.1 and spent < PATIENCE + LATE
        wait_until(lambda: running.clock.shows(running.stamps()[-1]), "the new time in the log")


def test_rates(running: Running, table: FaultTable, jump: Callable[[], str]) -> None:
    """Neither is everybody let in, nor nobody."""
    name = jump()
    with table.case(f"{name}: conn-rate") as row:
        since = time.monotonic()
        for _ in range(3 * RATE):
            with connect(running.proxy.port) as client:
                client.line()
                client.command(b"LOGOUT")
        spent = time.monotonic() - since
        assert 1.0 < spent < 3 + LATE
        row.outcome = f"{3 * RATE} connections, {RATE} in a second"


def test_children(running: Running, table: FaultTable, jump: Callable[[], str]) -> None:
    """The parent goes on with its cycles: who is needed is started, who is too many leaves."""
    name = jump()
    parent = running.proxy.pid
    wait_until(lambda: idle_children(parent) and not busy(parent), "idle children")
    with table.case(f"{name}: a child is told to leave") as row:
        leaving = list(idle_children(parent))
        for child in leaving:
            os.kill(child, signal.SIGQUIT)
        wait_until(lambda: not any(map(lives, leaving)), "their end")
        wait_until(lambda: idle_children(parent), "others in their place")
        row.outcome = "another one is started"
    assert all(lives(it.pid) for it in below(parent))


def user(running: Running) -> str:
    """Who the proxy takes a client of this machine for."""
    before = len(running.proxy.logged("IMAP-720"))
    with connect(running.proxy.port) as client:
        client.line()
        client.command(b"LOGOUT")
    line = running.proxy.wait_for("IMAP-720", before + 1)[before]
    return line.split(" USER=")[1].split()[0]


def test_logins(running: Running, table: FaultTable, jump: Callable[[], str]) -> None:
    """One that nobody knows the age of has run out; a new one counts, by the new time."""
    assert running.desk.command("add", HOST, "alice").returncode == 0
    assert user(running) == "alice"
    name = jump()
    with table.case(f"{name}: a login of an hour") as row:
        assert user(running) == "<NULL>"
        row.outcome = "has run out"
    assert "TIMEOUT" in running.proxy.wait_for("AUTH-710")[-1]
