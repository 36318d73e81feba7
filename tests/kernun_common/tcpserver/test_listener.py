"""listener: limits across children, with real processes; what all modes share is in test_parent."""

import os
import signal
import socket
from contextlib import ExitStack

import pytest

from tests.support.daemons import Daemon, listens, lives
from tests.support.ports import HOST
from tests.support.waiting import wait_until

ITEMS = "tcpserver { listener yes; init-children 3; min-idle 2; max-idle 5; max-children 20; %s }"
OTHER = "127.0.0.2"  # another client


@pytest.fixture
def start(tmp_path):
    daemons = []

    def make(limits="", **parts):
        parts.setdefault("items", ITEMS % limits)
        daemons.append(Daemon(tmp_path, **parts))
        return daemons[-1]

    yield make
    for daemon in daemons:
        daemon.process.stop()


def burst(daemon, number, source=HOST):
    """So many connections at once: which of them are greeted, and which are closed?"""
    with ExitStack() as stack:
        address = HOST, daemon.port
        sockets = [
            stack.enter_context(socket.create_connection(address, source_address=(source, 0)))
            for _ in range(number)
        ]
        return [is_greeted(sock) for sock in sockets]


def is_greeted(sock):
    try:
        return sock.recv(100) != b""
    except ConnectionResetError:
        return False


def is_served(daemon, source=HOST):
    return burst(daemon, 1, source) == [True]


def listener(daemon):
    [pid] = wait_until(lambda: daemon.titled("echo ONE: listener"), "the listener")
    return pid


def test_only_the_listener_listens(start):
    daemon = start()
    wait_until(lambda: len(daemon.children()) == 3, "the children")
    assert listens(listener(daemon)) and listens(daemon.pid)
    assert not any(map(listens, daemon.children()))


def test_children_of_one_client(start):
    daemon = start("max-children-per-ip 3;")
    clients = [daemon.connect() for _ in range(3)]
    assert not is_served(daemon) and not is_served(daemon)
    assert is_served(daemon, OTHER)
    [line] = daemon.logged("TCPS-647")[:1]
    assert line.endswith("CHILDREN-OF-CLIENT CLIENT=127.0.0.1 LIMIT=3")
    assert [client.ask(b"x") for client in clients] == [b"x\r\n"] * 3
    clients[1].ask(b"quit")
    wait_until(lambda: is_served(daemon), "room for another session")


def test_children_of_one_client_count_over_a_reload(start):
    daemon = start("max-children-per-ip 3;")
    clients = [daemon.connect() for _ in range(3)]
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: len(daemon.logged("TCPS-701")) == 2, "the reload")
    wait_until(lambda: len(daemon.titled("echo ONE: listener")) == 1, "the new listener")
    assert not is_served(daemon) and is_served(daemon, OTHER)
    clients[0].ask(b"quit")
    wait_until(lambda: is_served(daemon), "room for another session")


def test_a_crashed_child_is_no_session(start):
    daemon = start("max-children-per-ip 1;")
    client = daemon.connect()
    assert not is_served(daemon)
    os.kill(client.pid, signal.SIGKILL)
    wait_until(lambda: is_served(daemon), "room for another session")


def test_rate_of_one_client(start):
    """However the seconds fall, 40 at once are more than one second may hold."""
    items = ITEMS.replace("max-children 20", "max-children 60") % "conn-rate-per-ip 10;"
    daemon = start(items=items)  # with a child for each, in however many seconds they come
    served = burst(daemon, 40)
    assert 10 <= sum(served) <= 20 and not served[-1]
    assert is_served(daemon, OTHER)
    lines = daemon.logged("TCPS-642")
    assert len(lines) == 1 and lines[0].endswith("RATE CLIENT=127.0.0.1 LIMIT=10")
    wait_until(lambda: is_served(daemon), "the end of the denial")


def test_rate_of_all(start):
    daemon = start("conn-rate 3;")
    assert all(burst(daemon, 8))
    lines = daemon.logged("TCPS-812")
    assert lines and all(line.endswith("CONN-RATE LIMIT=3") for line in lines)


def test_table(start):
    """Of one client only: another one makes it forget the first."""
    daemon = start("conn-rate-per-ip 1; conn-rate-table 1;")
    assert all(is_served(daemon, f"127.0.0.{n}") for n in (1, 2, 1, 2, 1, 2))


def test_a_listener_that_is_killed(start):
    daemon = start()
    client = daemon.connect()
    pid = listener(daemon)
    os.kill(pid, signal.SIGKILL)
    assert daemon.connect().greeting == b"hello"
    [line] = wait_until(lambda: daemon.logged("TCPS-648"), "the message")
    assert f'PID={pid} BY="signal 9"' in line and listener(daemon) != pid
    assert client.ask(b"x") == b"x\r\n"


def test_a_flood_does_not_reach_the_children(start):
    daemon = start("conn-rate-per-ip 5; max-children-per-ip 4;")
    assert sum(burst(daemon, 500)) <= 10
    assert len(daemon.children()) <= 10
    assert all(daemon.connect(source=OTHER).ask(b"x") == b"x\r\n" for _ in range(4))


def test_end(start):
    daemon = start()
    client = daemon.connect()
    everybody = [daemon.pid, listener(daemon), *daemon.children()]
    daemon.process.signal(signal.SIGTERM)
    assert client.line() == b"BYE\r\n" and daemon.process.wait() == 0
    assert not any(map(lives, everybody)) and not daemon.logged("TCPS-648")


def test_the_parent_is_killed(start):
    daemon = start()
    client = daemon.connect()
    everybody = [listener(daemon), *daemon.children()]
    daemon.process.signal(signal.SIGKILL)
    daemon.process.wait()
    assert client.line() == b"BYE\r\n"
    wait_until(lambda: not any(map(lives, everybody)), "the end of all")


CHANGES = [(ITEMS % "", ""), ("", ITEMS % "")]


@pytest.mark.parametrize("before, after", CHANGES, ids=["away", "there"])
def test_a_reload_changes_the_mode(start, before, after):
    daemon = start(items=before)
    client = daemon.connect()
    daemon.reconfigure(items=after + "greeting hi;")
    daemon.process.signal(signal.SIGHUP)
    wait_until(lambda: daemon.connect().greeting == b"hi", "the new greeting")
    assert client.ask(b"x") == b"x\r\n"
    wait_until(lambda: bool(daemon.titled("echo ONE: listener")) is bool(after), "the new mode")
