"""Descriptors that run out, children and parents that are killed, and clients who have to wait.

`pytest -s` prints what became of each.
"""

from __future__ import annotations

import os
import resource
import signal
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Callable, Iterator, NamedTuple

import psutil
import pytest

from tests.support.daemons import below, busy, idle_children, lives, title
from tests.support.fake_imap import obliging
from tests.support.fault_table import FaultTable
from tests.support.faulty_session import BYE, ENDED, REFUSED, USUAL, FaultySessions
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import is_listening
from tests.support.proxy import Proxy
from tests.support.waiting import wait_until

DIED = ("TCPS-640", "TCPS-641", "TCPS-645")
MOST = 3  # children
LOOKS = 1.5  # seconds for which somebody has no descriptor
BUSY = 0.5  # of that time, as CPU time, is a busy loop


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable("descriptors and processes")
    yield table
    print(table)


# --- descriptors -----------------------------------------------------------------------------


def lowest_free(pid: int) -> int:
    """The descriptor that it would get next."""
    used = {int(path.name) for path in Path(f"/proc/{pid}/fd").iterdir()}
    return next(fd for fd in range(len(used) + 1) if fd not in used)


@contextmanager
def descriptors(pids: list[int], more: int) -> Iterator[None]:
    """Each of these processes can have so many more than it has."""
    before = {pid: resource.prlimit(pid, resource.RLIMIT_NOFILE) for pid in pids}
    for pid, (_, hard) in before.items():
        resource.prlimit(pid, resource.RLIMIT_NOFILE, (lowest_free(pid) + more, hard))
    try:
        yield
    finally:
        for pid in filter(lives, pids):
            resource.prlimit(pid, resource.RLIMIT_NOFILE, before[pid])


def cpu(pids: list[int]) -> float:
    return sum(sum(psutil.Process(pid).cpu_times()[:2]) for pid in pids)


def listeners(proxy: FaultySessions) -> list[int]:
    """The process that accepts for all, if there is one."""
    return [it.pid for it in below(proxy.pid) if ": listener" in title(it)]


@pytest.fixture(scope="module", params=["no", "yes"], ids=["children accept", "listener"])
def sessions(
    tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> Iterator[FaultySessions]:
    items = f"listener {request.param};"
    with FaultySessions(tmp_path_factory.mktemp("descriptors"), items) as proxy:
        wait_until(lambda: bool(listeners(proxy)) is (request.param == "yes"), "the listener")
        yield proxy


def test_no_descriptor_to_accept(sessions: FaultySessions, table: FaultTable) -> None:
    """Who accepts waits a while and tries again."""
    proxy, children = sessions, sessions.children()
    listens = listeners(proxy)
    accepting = listens or children
    with table.case(f"EMFILE at accept, {'listener' if listens else 'children'}") as row:
        with ExitStack() as stack:
            stack.enter_context(descriptors(accepting, 0))
            client = stack.enter_context(connect(proxy.port))
            proxy.wait_for("TCPS-644")
            before, since = cpu(accepting), time.monotonic()
            time.sleep(LOOKS)
            spent, passed = cpu(accepting) - before, time.monotonic() - since
            assert spent < BUSY * passed and client.received == b""
        row.outcome = f"TCPS-644, {spent:.2f} s of CPU in {passed:.1f} s"
    assert "Too many open files" in proxy.logged("TCPS-644")[0]
    assert len(proxy.logged("TCPS-644")) <= (LOOKS + 30) * len(accepting)
    assert proxy.play("scanned") == USUAL
    assert all(map(lives, children)) and not any(map(proxy.logged, DIED))


@pytest.mark.parametrize("more", (1, 2, 3, 6, 12))
def test_few_descriptors(sessions: FaultySessions, table: FaultTable, more: int) -> None:
    """So many are left for the session: what cannot be had is refused."""
    proxy, children = sessions, sessions.children()
    with table.case(f"a child can have {more} more descriptors", children[0]) as row:
        with descriptors(children, more):
            outcome = proxy.play("scanned")
        row.outcome = f"{outcome}; child lives"
    assert outcome in (BYE, REFUSED, USUAL, ENDED)
    assert all(map(lives, children)) and not any(map(proxy.logged, DIED))
    assert proxy.play("scanned") == USUAL


def test_no_descriptor_for_a_child(sessions: FaultySessions, table: FaultTable) -> None:
    """The children that are there serve; with descriptors again, more are started."""
    proxy, children = sessions, sessions.children()
    with table.case("EMFILE in the parent") as row:
        with ExitStack() as stack:
            stack.enter_context(descriptors([proxy.pid], 0))
            clients = [stack.enter_context(connect(proxy.port)) for _ in children]
            for client in clients:
                client.line()
            proxy.wait_for("TCPS-643")
            before = cpu([proxy.pid])
            time.sleep(LOOKS)
            spent = cpu([proxy.pid]) - before
            assert spent < BUSY * LOOKS
            assert all(b"x OK" in client.command(b"NOOP") for client in clients)
        wait_until(lambda: idle_children(proxy.pid), "a child")
        row.outcome = f"TCPS-643, others serve, {spent:.2f} s of CPU in {LOOKS:.1f} s"
    assert proxy.play("scanned") == USUAL and not proxy.logged("TCPS-511")


# --- processes that are killed ---------------------------------------------------------------


def log_in(client: Peer) -> None:
    client.command(b"LOGIN alice secret")


def select(client: Peer) -> None:
    log_in(client)
    client.command(b"SELECT INBOX")


def append(client: Peer) -> None:
    select(client)
    client.send(b"a APPEND INBOX {1000}\r\n")
    client.until(b"+ ")
    client.send(b"half of it")


def idle(client: Peer) -> None:
    select(client)
    client.send(b"a IDLE\r\n")
    client.until(b"+ ")


def nothing(client: Peer) -> None:
    """It has been greeted."""


class State(NamedTuple):
    name: str
    act: Callable[[Peer], None]


STATES = [
    State("not authenticated", nothing),
    State("authenticated", log_in),
    State("selected", select),
    State("inside a literal", append),
    State("IDLE", idle),
]


@pytest.fixture(scope="module")
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory, server: FakeServer) -> Iterator[Proxy]:
    """A proxy with few children."""
    limits = f"init-children 1; min-idle 1; max-idle 2; max-children {MOST}; parent-cycle 20;"
    folder, items = tmp_path_factory.mktemp("few"), f"tcpserver {{ {limits} }}"
    with Proxy(folder, server.port, items=items) as proxy:
        yield proxy


def serves(proxy: Proxy) -> bool:
    with connect(proxy.port) as client:
        client.line()
        return b"x OK" in client.command(b"LOGOUT")


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_a_child_is_killed(few: Proxy, table: FaultTable, state: State) -> None:
    wait_until(lambda: idle_children(few.pid) and not busy(few.pid), "an idle child")
    with connect(few.port) as client:
        client.line()
        state.act(client)
        wait_until(lambda: busy(few.pid), "the child of a session")
        [child] = busy(few.pid)
        with table.case(f"child killed, {state.name}") as row:
            os.kill(child, signal.SIGKILL)
            assert b"* BYE" not in client.rest()
            wait_until(lambda: f"PID={child} " in str(few.logged("TCPS-640")), "its obituary")
            wait_until(lambda: idle_children(few.pid), "another child")
            row.outcome = "client sees the end, TCPS-640, child replaced"
    assert serves(few)


def test_an_idle_child_is_killed(few: Proxy, table: FaultTable) -> None:
    """Again and again: that is no storm."""
    with table.case("idle children killed, 15 times") as row:
        for _ in range(15):
            children = list(wait_until(lambda: idle_children(few.pid), "an idle child"))
            for child in children:
                os.kill(child, signal.SIGKILL)
            wait_until(lambda: not any(map(lives, children)), "their end")
        row.outcome = "replaced each time"
    assert serves(few) and not few.logged("TCPS-510")


@pytest.mark.parametrize("listener", ["no", "yes"])
def test_the_parent_is_killed_and_started_again(
    tmp_path: Path, server: FakeServer, table: FaultTable, listener: str
) -> None:
    items = f"tcpserver {{ init-children 2; min-idle 1; max-idle 4; listener {listener}; }}"
    proxy = Proxy(tmp_path, server.port, items=items)
    with proxy, ExitStack() as stack:
        clients = [stack.enter_context(connect(proxy.port)) for _ in range(3)]
        for client, state in zip(clients, STATES):
            client.line()
            state.act(client)
        former = [it.pid for it in below(proxy.pid)]
        with table.case(f"parent killed, listener {listener}, until all are gone") as row:
            proxy.process.signal(signal.SIGKILL)
            proxy.process.wait()
            assert all(client.rest().startswith(b"* BYE ") for client in clients)
            wait_until(lambda: not any(map(lives, former)), "the end of all children")
            row.outcome = "children end, clients get BYE"
        assert not is_listening(proxy.port)
        with table.case(f"started again, listener {listener}") as row:
            proxy.start()
            with connect(proxy.port) as client:
                client.line()
                assert b"x OK" in client.command(b"NOOP")
            row.outcome = "listens on the same port, serves"


# --- clients who have to wait ----------------------------------------------------------------


def test_who_comes_when_all_children_are_busy_is_served_later(
    few: Proxy, table: FaultTable
) -> None:
    before = len(few.logged("TCPS-810"))
    with ExitStack() as stack:
        clients = [stack.enter_context(connect(few.port)) for _ in range(MOST)]
        for client in clients:
            client.line()
        waiting = [stack.enter_context(connect(few.port)) for _ in range(2 * MOST)]
        few.wait_for("TCPS-810", before + 1)
        with table.case(f"{2 * MOST} clients wait for {MOST} children") as row:
            time.sleep(0.5)
            assert not any(client.received for client in waiting)
            assert len(few.logged("TCPS-810")) == before + 1
            for client in (*clients, *waiting):
                if client in waiting:
                    assert client.line().startswith(b"* OK")
                assert b"x OK" in client.command(b"LOGOUT")
                client.close()
            row.outcome = "served in the end, TCPS-810 once"
