import errno

"""child: which connections it takes, when it leaves, what a fault looks like in the log."""

import socket

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver import child as child_module
from kernun_common.tcpserver.child import FAILED, LEFT, Child, backtrace, kind, life
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.scoreboard import Scoreboard
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.source import Direct
from kernun_common.tcpserver.state import State
from kernun_common.tcpserver.stopping import Stopping
from kernun_common.tcpserver.storm import COULD_NOT_BEGIN
from kernun_common.tcpserver.title import Title
from tests.support.lines import Lines


class Scene:
    """A child in this process; `plan` is what each session does, in order."""

    def __init__(self, monkeypatch, plan, sockets=1):
        monkeypatch.setattr("kernun_common.tcpserver.title.setproctitle", lambda title: None)
        self.out = Lines()
        self.log = self.out.log
        self.listening = [socket.create_server(("127.0.0.1", 0)) for _ in range(sockets)]
        for sock in self.listening:
            sock.setblocking(False)
        listeners = tuple(
            Listener(Sockaddr.of(sock.getsockname()), False, sock) for sock in self.listening
        )
        self.plan = list(plan)
        self.served = []
        self.parents, line = socket.socketpair()
        service = Service("", TcpServer(), listeners, self.serve, self.log, Title("test", ""))
        self.stopping = Stopping(line, self.log, self.listening)
        self.board = Scoreboard(1)
        source = Direct(listeners)
        self.child = Child(service, self.board, self.board.take(), self.stopping, source)
        self.clients = []

    def serve(self, sock, arrival, stopping):
        assert self.board.state(0) is State.BUSY
        self.served.append((arrival.client.port, arrival.to.port))
        self.plan.pop(0)(self)

    def connect(self, number=1):
        for listening in self.listening:
            for _ in range(number):
                self.clients.append(socket.create_connection(listening.getsockname()))

    def close(self):
        for sock in [*self.clients, *self.listening, self.parents]:
            sock.close()


@pytest.fixture
def scene(monkeypatch):
    scenes = []

    def make(*args, **kwargs):
        scenes.append(Scene(monkeypatch, *args, **kwargs))
        return scenes[-1]

    yield make
    for one in scenes:
        one.close()


def nothing(scene):
    pass


def leave(scene):
    scene.stopping.leave()


def fail(scene):
    raise ValueError("what the client sent")


RUNS = [
    # what sessions do, most sessions, sessions that are served of three
    ([nothing] * 3, 1, 1),
    ([nothing] * 3, 3, 3),
    ([nothing, leave], 3, 2),
    ([leave], None, 1),
    ([nothing, fail], 3, 2),
]


@pytest.mark.parametrize("plan, most, served", RUNS)
def test_runs(scene, plan, most, served):
    one = scene(plan)
    one.connect(3)
    one.child.run(most)
    assert len(one.served) == served == one.board.sessions(0)
    assert one.board.state(0) is State.ENDING
    assert [client.recv(1) for client in one.clients[:served]] == [b""] * served


def test_all_sockets(scene):
    one = scene([nothing] * 6, sockets=3)
    one.connect(2)
    one.child.run(6)
    addresses = {client.getsockname()[1]: client.getpeername()[1] for client in one.clients}
    assert dict(one.served) == addresses


ENDS = [
    # how it is told, sessions served although a client waits
    (lambda scene: scene.stopping.leave(), 0),
    (lambda scene: scene.parents.close(), 0),
]


@pytest.mark.parametrize("tell, served", ENDS)
def test_ends(scene, tell, served):
    one = scene([nothing])
    one.connect(1)
    tell(one)
    one.child.run(None)
    assert len(one.served) == served and one.board.state(0) is State.ENDING


def test_a_fault_in_the_log(scene):
    one = scene([fail])
    one.connect(1)
    one.child.run(None)
    [line] = one.out.lines
    assert line.startswith('TCPS-641-E SESSION-FAILED ERROR=ValueError AT="test_child.py:')
    assert "client" not in line


def test_a_client_of_whom_the_system_says_nothing(scene, monkeypatch):
    """It has gone; the child waits for the next one."""

    def arrive(*arguments):
        monkeypatch.undo()
        raise OSError(errno.EINVAL, "it has gone")

    one = scene([nothing])
    monkeypatch.setattr(child_module, "arrive", arrive)
    one.connect(2)
    one.child.run(2)
    [line] = one.out.lines
    assert line.startswith("NETL-813-W NOT-SET-UP PEER=") and 'REASON="it has gone"' in line
    assert len(one.served) == 1


@pytest.mark.parametrize(
    "error, words",
    [
        (ValueError("secret"), "ValueError"),
        (OSError(errno.ENOMEM, "secret"), "OSError ENOMEM"),
        (BrokenPipeError(errno.EPIPE, "secret", "secret"), "BrokenPipeError EPIPE"),
        (OSError("secret"), "OSError"),
        (OSError(123456, "secret"), "OSError 123456"),
    ],
)
def test_kinds_of_faults(error, words):
    assert kind(error) == words


def test_backtrace_is_bounded():
    def deeper(levels):
        if levels == 0:
            raise KeyError("secret")
        deeper(levels - 1)

    try:
        deeper(100)
    except KeyError as error:
        text = backtrace(error.__traceback__)
    assert text.count("test_child.py:") == child_module.MOST_FRAMES and "secret" not in text
    assert backtrace(None) == ""


class Nobody:
    """A child whose run does this."""

    def __init__(self, error=None):
        self._error = error

    def run(self, max_sessions):
        assert max_sessions == 7
        if self._error:
            raise self._error


def no_child():
    raise PermissionError(1, "not permitted")


LIVES = [
    # what makes the child, exit status, a word in the log
    (Nobody, LEFT, None),
    (lambda: Nobody(RuntimeError("broken")), FAILED, "broken"),
    (no_child, COULD_NOT_BEGIN, "not permitted"),
]


@pytest.mark.parametrize("make, status, word", LIVES)
def test_life(make, status, word):
    out = Lines()
    assert life(make, out.log, 7) == status
    assert len(out.lines) == (word is not None)
    assert not word or word in out.lines[0]
