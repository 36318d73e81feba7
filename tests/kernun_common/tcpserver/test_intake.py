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
from kernun_common.tcpserver.knock import Knock
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
            [Listener(Sockaddr.of(sock.getsockname()), False, sock) for sock in self.sockets],
            Knock(),
        )
        self.parents, line = socket.socketpair()
        self.stopping = Stopping(line, self.out.log, self.sockets)
        self.intake = Intake(self.source, self.stopping, self.out.log)
        self.clients = []

    def connect(self, *numbers):
        """A client at each of these sockets; at all of them if none is named."""
        for sock in [self.sockets[number] for number in numbers] or self.sockets:
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


@pytest.mark.parametrize("scene", [1, 3], indirect=True)
def test_one_process_is_woken(scene):
    poll = scene.intake._poll
    watched = Path(f"/proc/self/fdinfo/{poll.fileno()}").read_text()
    masks = dict(re.findall(r"tfd: +(\d+) events: +([0-9a-f]+)", watched))
    for sock in scene.sockets:
        assert int(masks[str(sock.fileno())], 16) & select.EPOLLEXCLUSIVE


class WokenForAnother:
    """A connection arrives at the last socket, and it is the first one that wakes."""

    def __init__(self, scene):
        self.scene = scene

    def poll(self, wait):
        self.scene.connect(-1)
        return [(self.scene.sockets[0].fileno(), select.EPOLLIN)]


@pytest.mark.parametrize("scene", [3], indirect=True)
def test_woken_for_a_connection_that_another_process_took(scene):
    scene.intake._poll = WokenForAnother(scene)
    assert scene.next() in ports(scene)


@pytest.mark.parametrize("scene", [3], indirect=True)
def test_no_socket_starves(scene):
    """A connection at the last one is taken, though there is always one at the first."""
    scene.connect()
    taken = set()
    for _ in range(4):
        scene.connect(0)
        taken.add(scene.next())
    assert scene.clients[2].getsockname()[1] in taken


ROUNDS = 300
PROCESSES = 2


@pytest.mark.parametrize("scene", [PROCESSES], indirect=True)
def test_none_is_left_while_a_process_waits(scene):
    """As many processes as connections, which arrive at once: each process has to take one."""
    begun, go_on = os.pipe(), os.pipe()
    pids = [_fork(scene, begun[1], go_on[0]) for _ in range(PROCESSES)]
    try:
        for _ in range(ROUNDS):
            os.write(go_on[1], b"." * PROCESSES)
            scene.connect()
            waiting = PROCESSES
            while waiting:
                waiting -= len(os.read(begun[0], waiting))
    finally:
        for pid in pids:
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        for end in (*begun, *go_on):
            os.close(end)


def _fork(scene, begun, go_on):
    """A process that takes one connection for each octet of `go_on`, and says so."""
    pid = os.fork()
    if pid == 0:
        try:
            intake = Intake(scene.source, scene.stopping, scene.out.log)
            while os.read(go_on, 1):
                intake.next().sock.close()
                os.write(begun, b".")
        finally:
            os._exit(1)
    return pid


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
