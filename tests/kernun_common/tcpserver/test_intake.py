"""intake: what comes first, connections or the end; and accepting that fails."""

import os
import re
import select
import signal
import socket
from pathlib import Path

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver import intake as module
from kernun_common.tcpserver.intake import Intake
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.source import Direct
from kernun_common.tcpserver.stopping import Stopping
from tests.support.lines import Lines


class Scene:
    """An intake in this process, with sockets that have clients waiting."""

    def __init__(self, sockets=1):
        self.out = Lines()
        self.sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(sockets)]
        for sock in self.sockets:
            sock.setblocking(False)
        self.source = Direct(
            [Listener(Sockaddr.of(sock.getsockname()), False, sock) for sock in self.sockets]
        )
        self.parents, line = socket.socketpair()
        self.stopping = Stopping(line, self.out.log, self.sockets)
        self.intake = Intake(self.source, self.stopping, self.out.log)
        self.clients = []

    def connect(self):
        for sock in self.sockets:
            self.clients.append(socket.create_connection(sock.getsockname()))

    def wake(self):
        """As a signal does, in the moment in which nobody can run its handler."""
        os.write(self.stopping.wakeup._write, b"x")

    def next(self):
        """The port of the next connection's client, None if there is none."""
        accepted = self.intake.next()
        if accepted is None:
            return None
        accepted.sock.close()
        return accepted.peer.port

    def close(self):
        self.stopping.wakeup.close()
        for sock in [*self.clients, *self.sockets, self.parents]:
            sock.close()


@pytest.fixture
def scene(request):
    one = Scene(getattr(request, "param", 1))
    yield one
    one.close()


def ports(scene):
    return {client.getsockname()[1] for client in scene.clients}


@pytest.mark.parametrize("scene", [3], indirect=True)
def test_all_sockets(scene):
    for _ in range(2):
        scene.connect()
    assert {scene.next() for _ in range(6)} == ports(scene)


@pytest.mark.parametrize("scene, exclusive", [(1, True), (2, False)], indirect=["scene"])
def test_who_is_woken(scene, exclusive):
    """One process for one socket; with several sockets, all, lest a connection be passed over."""
    poll = scene.intake._poll
    watched = Path(f"/proc/self/fdinfo/{poll.fileno()}").read_text()
    masks = dict(re.findall(r"tfd: +(\d+) events: +([0-9a-f]+)", watched))
    for sock in scene.sockets:
        mask = int(masks[str(sock.fileno())], 16)
        assert bool(mask & select.EPOLLEXCLUSIVE) is exclusive


def test_without_epoll(monkeypatch):
    monkeypatch.delattr(select, "epoll")
    scene = Scene(2)
    scene.connect()
    assert {scene.next() for _ in range(2)} == ports(scene)
    scene.close()


def test_a_connection_that_woke_it_goes_first(scene):
    scene.connect()
    scene.wake()
    assert scene.next() in ports(scene)


ENDS = [
    lambda scene: scene.stopping.leave(),
    lambda scene: scene.parents.close(),
]


@pytest.mark.parametrize("tell", ENDS)
def test_told_before(scene, tell):
    scene.connect()
    tell(scene)
    assert scene.next() is None and scene.intake.over


@pytest.mark.parametrize("tell", ENDS)
def test_told_while_it_rests(scene, tell):
    tell(scene)
    scene.wake()
    scene.intake.rest(0.01)
    assert scene.intake.over


def test_a_signal_that_says_nothing_of_the_end(scene):
    scene.wake()
    scene.intake.rest(60)
    assert not scene.intake.over
    scene.wake()
    scene.connect()
    assert scene.next() in ports(scene)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT])
def test_told_while_it_waits(scene, number):
    before = signal.getsignal(number)
    scene.stopping.arm()
    signal.raise_signal(number)
    assert scene.next() is None
    signal.signal(number, before)


@pytest.mark.parametrize("scene", [2], indirect=True)
def test_a_socket_that_was_unbound(scene):
    scene.connect()
    scene.clients[0].close()
    scene.sockets[0].shutdown(socket.SHUT_RDWR)
    assert scene.next() == scene.clients[1].getsockname()[1] and not scene.out.lines


def test_accepting_that_fails(scene, monkeypatch):
    """Out of descriptors: said so, and tried again."""
    monkeypatch.setattr(module, "ACCEPT_PAUSE", 0.0)
    failures = [OSError(24, "Too many open files")] * 2
    accept = scene.source.accept

    def failing(fd):
        if failures:
            raise failures.pop()
        return accept(fd)

    monkeypatch.setattr(scene.source, "accept", failing)
    scene.connect()
    assert scene.next() in ports(scene)
    assert scene.out.lines == ['TCPS-644-E ACCEPT-FAILED REASON="Too many open files"'] * 2
