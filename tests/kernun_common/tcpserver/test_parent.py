"""parent: real processes, as many as are needed, through every signal and every death."""

import os
import signal
import socket

import pytest

from tests.support.daemons import Daemon, listens, lives
from tests.support.ports import HOST, free_ports, is_listening
from tests.support.waiting import wait_until

FEW = "tcpserver { init-children 2; min-idle 1; max-idle 3; max-children 20; %s }"


@pytest.fixture(params=["", "listener yes;"], ids=["direct", "listener"])
def start(tmp_path, request):
    """Start an echo; it is ended after the test, whatever has become of it."""
    daemons = []

    def make(extra="", **parts):
        parts.setdefault("items", FEW % (extra + request.param))
        daemons.append(Daemon(tmp_path, **parts))
        return daemons[-1]

    yield make
    for daemon in daemons:
        daemon.process.stop()


def test_children_grow_and_shrink(start):
    daemon = start("max-start-rate 8; kill-rate 3; parent-cycle 20;")
    clients = [daemon.connect() for _ in range(15)]
    assert len({client.pid for client in clients}) == 15
    wait_until(lambda: 16 <= len(daemon.children()) <= 18, "idle children besides the busy ones")
    for client in clients:
        assert client.ask(b"quit") == b"BYE\r\n"
    wait_until(lambda: len(daemon.children()) == 3, "max-idle children")
    assert not daemon.logged("TCPS-810") and not daemon.logged("TCPS-640")


def test_max_children(start):
    daemon = start("parent-cycle 20;")
    clients = [daemon.connect() for _ in range(20)]
    with socket.create_connection((HOST, daemon.port)) as waiting:
        wait_until(lambda: daemon.logged("TCPS-810"), "the warning")
        assert len(daemon.children()) == 20
        clients[7].ask(b"quit")
        assert waiting.recv(100).startswith(b"hello ")
    assert len(daemon.logged("TCPS-810")) == 1


def test_max_sessions(start):
    daemon = start("max-sessions 2;")
    pids = []
    for _ in range(12):
        client = daemon.connect()
        pids.append(client.pid)
        client.ask(b"quit")
    assert max(map(pids.count, pids)) <= 2
    wait_until(lambda: len(daemon.logged("TCPS-731")) >= 5, "children that left")
    assert not daemon.logged("TCPS-640")


DEATHS = [
    # how a child dies, what the log says
    (lambda client: os.kill(client.pid, signal.SIGKILL), "signal 9"),
    (lambda client: client.file.write(b"crash\r\n") and client.file.flush(), "signal 11"),
]


@pytest.mark.parametrize("kill, by", DEATHS)
def test_a_child_that_dies_takes_its_own_session_only(start, kill, by):
    daemon = start()
    clients = [daemon.connect() for _ in range(6)]
    kill(clients[2])
    assert clients.pop(2).line() == b""
    assert [client.ask(b"still here?") for client in clients] == [b"still here?\r\n"] * 5
    [line] = wait_until(lambda: daemon.logged("TCPS-640"), "the message")
    assert f'BY="{by}" SESSIONS=1 STATE=BUSY' in line
    assert daemon.connect().ask(b"and now?") == b"and now?\r\n"


def test_a_fault_ends_its_session_and_shows_no_data(start):
    daemon = start()
    clients = [daemon.connect() for _ in range(3)]
    assert clients[0].ask(b"raise") == b""
    assert clients[1].ask(b"a") == b"a\r\n"
    [line] = wait_until(lambda: daemon.logged("TCPS-641"), "the message")
    assert 'ERROR=ValueError AT="echo.py:' in line and "what the client sent" not in daemon.log
    wait_until(lambda: not lives(clients[0].pid), "the end of that child")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_end_at_once(start, number):
    daemon = start()
    clients = [daemon.connect() for _ in range(4)]
    everybody = [daemon.pid, *daemon.children()]
    daemon.process.signal(number)
    assert [client.line() for client in clients] == [b"BYE\r\n"] * 4
    assert daemon.process.wait() == 0
    assert not any(map(lives, everybody)) and not is_listening(daemon.port)
    assert daemon.logged("TCPS-711") and daemon.logged("TCPS-722") and daemon.logged("TCPS-702")


def test_children_that_do_not_end_are_killed(start):
    daemon = start("terminate-wait 2;")
    deaf, client = daemon.connect(), daemon.connect()
    assert deaf.ask(b"deaf") == b"deaf\r\n"
    daemon.process.signal(signal.SIGTERM)
    assert (client.line(), deaf.line()) == (b"BYE\r\n", b"")
    assert daemon.process.wait() == 0
    assert "CHILDREN=1" in daemon.logged("TCPS-811")[0] and not daemon.logged("TCPS-640")


def test_graceful_end(start):
    daemon = start()
    clients = [daemon.connect() for _ in range(3)]
    daemon.process.signal(signal.SIGQUIT)
    wait_until(lambda: not is_listening(daemon.port), "the closed socket")
    wait_until(lambda: len(daemon.children()) == 3, "the end of idle children")
    assert [client.ask(b"on") for client in clients] == [b"on\r\n"] * 3
    with pytest.raises(ConnectionRefusedError):
        daemon.connect()
    for client in clients:
        assert lives(daemon.pid) and client.ask(b"quit") == b"BYE\r\n"
    assert daemon.process.wait() == 0
    assert daemon.logged("TCPS-710") and not daemon.logged("TCPS-711")


def test_a_graceful_end_can_be_hurried(start):
    daemon = start()
    client = daemon.connect()
    daemon.process.signal(signal.SIGQUIT)
    wait_until(lambda: not is_listening(daemon.port), "the closed socket")
    daemon.process.signal(signal.SIGTERM)
    assert client.line() == b"BYE\r\n" and daemon.process.wait() == 0


def test_children_end_when_the_parent_is_killed(start):
    daemon = start()
    clients = [daemon.connect() for _ in range(4)]
    wait_until(lambda: len(daemon.children()) >= 5, "an idle child")
    children = daemon.children()
    assert {client.pid for client in clients} < set(children)
    daemon.process.signal(signal.SIGKILL)
    daemon.process.wait()
    assert [client.line() for client in clients] == [b"BYE\r\n"] * 4
    wait_until(lambda: not any(map(lives, children)), "the end of all children")


def test_fork_storm(start, tmp_path):
    daemon = start(items="stillborn;", start=False)
    with daemon.run("-f", daemon.file) as process:
        daemon.process = process
        assert process.wait() == 3
    [line] = daemon.logged("TCPS-510")
    assert 'DEATHS=10 LAST="exit status 9"' in line
    assert not is_listening(daemon.port)


def test_levels(start):
    daemon = start()
    client = daemon.connect()
    for number in (signal.SIGUSR1, signal.SIGUSR2, signal.SIGUSR2):
        before = len(daemon.logged("TCPS-705"))
        daemon.process.signal(number)
        wait_until(lambda: len(daemon.logged("TCPS-705")) == before + 1, "the message")
    levels = [line.rpartition("=")[2] for line in daemon.logged("TCPS-705")]
    assert levels == ["9", "8", "7"] and client.ask(b"x") == b"x\r\n"


def test_titles(start):
    daemon = start("parent-cycle 10;")
    client = daemon.connect()
    busy = "echo ONE: child: 127.0.0.1"
    wait_until(lambda: daemon.titled(busy) == [client.pid], "the busy child")
    wait_until(lambda: daemon.titled("echo ONE: child: idle"), "an idle child")


REPORTS = "info-cycle 1; parent-cycle 20;"


def test_reports(start):
    daemon = start(REPORTS)
    client = daemon.connect()
    wait_until(lambda: "MOST=1 SESSIONS=1" in "".join(daemon.logged("TCPS-717")), "a report")
    client.close()


def test_reload(start):
    port = free_ports(1)[0]
    daemon = start()
    old = daemon.connect()
    daemon.reconfigure(
        items=FEW % "" + "greeting hi;", listen=f"non-transparent [{HOST}] port {port};"
    )
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: is_listening(port), "the new socket")
    wait_until(lambda: daemon.connect().greeting == b"hi", "the new greeting")
    assert daemon.connect(port).greeting == b"hi"
    assert old.ask(b"and I?") == b"and I?\r\n"
    wait_until(lambda: not listens(old.pid), "closed sockets in the old child")
    daemon.reconfigure(items=FEW % "" + "greeting hi;")
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: not is_listening(port), "the closed socket")
    assert old.ask(b"quit") == b"BYE\r\n"
    wait_until(lambda: not lives(old.pid), "the end of the old child")


RENAMED = """
version ECHO-1_0-RELEASE;
echo TWO { listen-on { non-transparent [127.0.0.1] port 9; } }
"""

BAD = [
    # parts of the new configuration, what the log says
    ({"items": "nonsense;"}, "nonsense"),
    ({"items": "greeting wrong;"}, "this greeting cannot be had"),
    ({"listen": "non-transparent [192.0.2.1] port 9;"}, "[192.0.2.1]:9"),
    ({"text": RENAMED}, "needs a restart"),
]


@pytest.mark.parametrize("parts, words", BAD)
def test_a_bad_reload_changes_nothing(start, parts, words):
    daemon = start()
    children = daemon.children()
    old = daemon.connect()
    daemon.reconfigure(**parts)
    daemon.process.signal(signal.SIGHUP)
    [line] = wait_until(lambda: daemon.logged("TCPS-646"), "the message")
    assert words in line.replace("\\x5d", "]") and "echo.cfg:" in line
    assert daemon.connect().greeting == b"hello" and old.ask(b"x") == b"x\r\n"
    assert set(children) <= set(daemon.children())
