"""The items of tcpserver and listen-on, each by its effect on the real program."""

from __future__ import annotations

import os
import re
import signal
import socket
import sys
from contextlib import ExitStack
from pathlib import Path
from typing import Callable, Iterator

import psutil
import pytest

from tests.support.daemons import below, lives, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.ports import HOST, free_ports, is_listening
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy
from tests.support.waiting import wait_until

NEVER = 65535  # milliseconds: no second cycle within a test
ROUNDS = 600  # less than max-sessions

Start = Callable[..., Proxy]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a proxy with these items of tcpserver."""
    with ExitStack() as stack:
        server = stack.enter_context(FakeServer(obliging()))

        def make(tcpserver: str = "", **parts: str) -> Proxy:
            items = f"tcpserver {{ {tcpserver} }}" if tcpserver else ""
            return stack.enter_context(Proxy(tmp_path, server.port, items=items, **parts))

        yield make


def children(proxy: Proxy) -> list[int]:
    return [it.pid for it in below(proxy.pid) if "imap4-proxy TEST: child" in title(it)]


def sized(proxy: Proxy, word: str) -> list[int]:
    """START or STOP of all cycles that had something to do."""
    return [int(number) for number in re.findall(rf"TCPS-732.* {word}=(\d+)", proxy.log)]


def test_init_children(start: Start) -> None:
    proxy = start(f"init-children 7; min-idle 1; max-idle 9; parent-cycle {NEVER};")
    assert "CHILDREN=7" in proxy.wait_for("TCPS-701")[0]
    wait_until(lambda: len(children(proxy)) == 7, "seven children")


def test_min_idle(start: Start) -> None:
    proxy = start("init-children 1; min-idle 4; max-idle 5; parent-cycle 20;")
    wait_until(lambda: len(children(proxy)) >= 4, "min-idle children")


def test_max_idle(start: Start) -> None:
    proxy = start("init-children 9; min-idle 1; max-idle 3; parent-cycle 20;")
    wait_until(lambda: sum(sized(proxy, "STOP")) == 6, "the word to six children")
    wait_until(lambda: len(children(proxy)) == 3, "max-idle children")


def test_max_children(start: Start) -> None:
    proxy = start("init-children 1; min-idle 1; max-idle 2; max-children 3; parent-cycle 20;")
    with ExitStack() as stack:
        for _ in range(3):
            stack.enter_context(connect(proxy.port)).line()
        waiting = stack.enter_context(connect(proxy.port))
        assert "LIMIT=3 BUSY=3" in proxy.wait_for("TCPS-810")[0]
        assert len(children(proxy)) == 3 and waiting.received == b""


def test_as_many_children_as_connections(start: Start) -> None:
    """They come at once, to several sockets: each child has to take one, whatever woke it."""
    others = free_ports(2)
    listen = " ".join(f"non-transparent [{HOST}] port {port};" for port in others)
    number = "init-children 3; min-idle 1; max-idle 3; max-children 3;"
    proxy = start(f"{number} parent-cycle {NEVER};", listen=listen)
    proxy.wait_for("TCPS-701")
    for _ in range(ROUNDS):
        with ExitStack() as stack:
            ports = (proxy.port, *others)
            clients = [stack.enter_context(connect(port)) for port in ports]
            assert all(client.line().startswith(b"* OK") for client in clients)


def test_parent_cycle(start: Start) -> None:
    proxy = start(f"init-children 1; min-idle 3; max-idle 9; parent-cycle {NEVER};")
    with connect(proxy.port) as client:
        client.line()
        for _ in range(300):
            client.command(b"NOOP")
    assert len(proxy.logged("TCPS-732")) == 1 and len(children(proxy)) == 2


def test_info_cycle(start: Start) -> None:
    assert "TOTAL=" in start("info-cycle 1;").wait_for("TCPS-717")[0]


def test_min_start_rate(start: Start) -> None:
    proxy = start(
        f"init-children 1; min-start-rate 6; min-idle 9; max-idle 10; parent-cycle {NEVER};"
    )
    proxy.wait_for("TCPS-732")
    assert sized(proxy, "START") == [6]
    wait_until(lambda: len(children(proxy)) == 7, "the children")


def test_max_start_rate(start: Start) -> None:
    proxy = start(
        "init-children 1; max-start-rate 3; min-idle 10; max-idle 20; parent-cycle 20;"
    )
    wait_until(lambda: len(children(proxy)) >= 10, "the children")
    assert sized(proxy, "START")[:4] == [1, 2, 3, 3]


def test_kill_rate(start: Start) -> None:
    proxy = start("init-children 9; kill-rate 3; min-idle 1; max-idle 2; parent-cycle 20;")
    wait_until(lambda: sum(sized(proxy, "STOP")) == 7, "the word to seven children")
    assert max(sized(proxy, "STOP")) == 3


def test_max_sessions(start: Start) -> None:
    proxy = start("max-sessions 2;")
    for _ in range(8):
        with connect(proxy.port) as client:
            client.line()
    ends = proxy.wait_for("TCPS-731", 1)
    assert all("SESSIONS=2" in line for line in ends)


def test_terminate_wait(start: Start) -> None:
    proxy = start("terminate-wait 1; init-children 2; min-idle 1; max-idle 2;")
    wait_until(lambda: len(children(proxy)) == 2, "the children")
    stopped = children(proxy)[0]
    os.kill(stopped, signal.SIGSTOP)
    assert proxy.stop() == 0
    assert proxy.logged("TCPS-811") == ["TCPS-811-W KILLED CHILDREN=1"] and not lives(stopped)


def backlog(port: int) -> int:
    """How many connections wait in the queue of the one who listens."""
    for row in Path("/proc/net/tcp").read_text().splitlines()[1:]:
        local, _, state, queues = row.split()[1:5]
        if state == "0A" and int(local.partition(":")[2], 16) == port:
            return int(queues.partition(":")[2], 16)
    return 0


def test_queue_size(start: Start) -> None:
    """The system accepts one more than it is asked to."""
    proxy = start("queue-size 3; init-children 1; min-idle 1; max-idle 2; max-children 2;")
    with ExitStack() as stack:
        for _ in range(2):
            stack.enter_context(connect(proxy.port)).line()
        proxy.wait_for("TCPS-810")
        for _ in range(9):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((HOST, proxy.port))
        wait_until(lambda: backlog(proxy.port) == 4, "the full queue")


FORKS = "clone,clone3,fork"  # of children; the programs nft and ip are started by vfork

REFUSED = [
    # which forks fail, tries that are logged, exit status
    ("1+", 3, 3),
    ("1..2", 2, 0),
    ("3+", 3, 0),
]


def without_forks(folder: Path, items: str, when: str) -> tuple[Proxy, Process]:
    """A proxy with these items of tcpserver whose system forks not `when` it is asked to."""
    # the helper of monitoring would be one more fork
    proxy = Proxy(folder, items=f"monitoring {{ disabled; }} tcpserver {{ {items} }}")
    strace = ["strace", "-o", "/dev/null", "-e", f"trace={FORKS}"]
    fault = ["-e", f"inject={FORKS}:error=EAGAIN:when={when}"]
    program = [sys.executable, "-m", "imap4proxy.main", "-f", proxy.path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return proxy, Process([*strace, *fault, *program], folder / "log", environment)


@pytest.mark.parametrize("when, tries, status", REFUSED)
def test_fork_retries(tmp_path: Path, when: str, tries: int, status: int) -> None:
    items = "fork-wait 10; fork-retries 2; parent-cycle 10;"
    proxy, started = without_forks(tmp_path, items, when)
    with started as process:
        if status == 0:
            wait_until(lambda: process.output.count("TCPS-643") >= tries, "the refusals")
            process.wait_for_port(proxy.port)
            [child] = psutil.Process(process.pid).children()
            assert wait_until(child.children, "children") and lives(child.pid)
            child.terminate()
        assert process.wait(60) == status
        assert ("TCPS-511" in process.output) is (status != 0)
        assert ("TCPS-643-E FORK-FAILED TRY=3" in process.output) is (tries == 3)


def test_fork_wait(tmp_path: Path) -> None:
    """Cycles pass, but nothing is tried again in them."""
    items = f"fork-wait {NEVER}; parent-cycle 10; info-cycle 1;"
    _, started = without_forks(tmp_path, items, "1+")
    with started as process:
        process.wait_until(lambda: "TCPS-717" in process.output, "no cycle passes")
        assert process.output.count("TCPS-643") == 1
        for child in psutil.Process(process.pid).children():
            child.terminate()


def two_in_a_row() -> int:
    """The first of two free ports."""
    while True:
        [first] = free_ports(1)
        if first < 65535 and not is_listening(first + 1):
            return first


LISTEN = [
    # rows; hosts and offsets of ports at which the proxy listens, and at which it does not
    ("non-transparent address [127.0.0.2] port %d;", [("127.0.0.2", 0)], [("127.0.0.3", 0)]),
    ("non-transparent localhost version ip4 port %d;", [("127.0.0.1", 0)], [("::1", 0)]),
    ("non-transparent [::1] version ip6 port %d;", [("::1", 0)], [("127.0.0.1", 0)]),
    ("non-transparent [::1] port %d to %d;", [("::1", 0), ("::1", 1)], [("127.0.0.1", 0)]),
    ("non-transparent [0.0.0.0] port %d;", [("127.0.0.4", 0)], [("::1", 0)]),
    ("non-transparent [::] port %d;", [("::1", 0)], [("127.0.0.1", 0)]),
]


@pytest.mark.parametrize("rows, there, elsewhere", LISTEN)
def test_non_transparent(start: Start, rows: str, there: list, elsewhere: list) -> None:
    port = two_in_a_row()
    proxy = start(listen=rows % tuple(range(port, port + rows.count("%d"))))
    proxy.wait_for("TCPS-701")  # all sockets are bound; the first one answers before
    for host, offset in there:
        with connect(port + offset, host) as client:
            assert client.line().startswith(b"* OK")
    for host, offset in elsewhere:
        with pytest.raises(ConnectionRefusedError):
            connect(port + offset, host)
    assert len(proxy.logged("TCPS-721")) == 1 + len(there)
