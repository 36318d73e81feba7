"""door: the listener's process as the parent has it."""

import os
import signal
import socket
from ipaddress import ip_address

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.door import Door
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.scoreboard import Scoreboard
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.state import State
from kernun_common.tcpserver.title import Title
from tests.support.lines import Lines
from tests.support.waiting import wait_until


class Scene:
    """A door of this process; a board with idle children, so that it accepts."""

    def __init__(self):
        self.out = Lines()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setblocking(False)
        listener = Listener(Sockaddr.of(self.listening.getsockname()), False, self.listening)
        title = Title("test", "")
        service = Service("", TcpServer(listener=True), (listener,), None, self.out.log, title)
        self.board = Scoreboard(9)
        for _ in range(3):
            self.board.enter(self.board.take(), State.IDLE)
        self.door = Door(service, lambda: None)
        self.clients = []

    def open(self):
        self.door.open([self.board])

    def take(self):
        """A new client's connection, as it comes through the door."""
        self.clients.append(socket.create_connection(self.listening.getsockname()))
        handed = wait_until(self.door.handoff.take, "the connection")
        with handed.sock:
            assert handed.sock.getpeername() == self.clients[-1].getsockname()
        return handed.token

    def wait(self):
        pid, status = os.waitpid(-1, 0)
        assert self.door.bury(pid, status)
        return os.waitstatus_to_exitcode(status)

    def close(self):
        self.door.stop()
        if self.door.is_open:
            self.wait()
        for sock in [*self.clients, self.listening]:
            sock.close()


@pytest.fixture
def scene():
    one = Scene()
    yield one
    one.close()


def test_open(scene):
    assert not scene.door.is_open
    scene.open()
    scene.open()  # it is there
    first, second = scene.take(), scene.take()
    assert scene.door.is_open and second == first + 1
    assert not scene.door.bury(os.getpid(), 0)


def test_nobody_is_idle(scene):
    for slot in range(3):
        scene.board.enter(slot, State.BUSY)
    scene.open()
    with socket.create_connection(scene.listening.getsockname()):
        scene.door.signal(signal.SIGUSR1)
        assert scene.door.handoff.take() is None
        scene.board.enter(1, State.IDLE)
        handed = wait_until(scene.door.handoff.take, "the connection")
        handed.sock.close()


def test_leave(scene):
    assert not scene.door.leave()
    scene.open()
    assert not scene.door.is_open  # told to leave before it was there


def test_leave_when_it_is_there(scene):
    scene.open()
    scene.take()
    assert scene.door.leave() and scene.wait() == 0
    assert not scene.door.is_open and not scene.door.leave() and not scene.out.lines
    scene.open()
    assert not scene.door.is_open


def test_killed(scene):
    scene.open()
    token = scene.take()
    scene.board.begin_session(0, ip_address("127.0.0.1"), token)
    scene.door.signal(signal.SIGKILL)
    assert scene.wait() == -9 and not scene.door.is_open
    [line] = scene.out.lines
    assert line.startswith("TCPS-648-E") and line.endswith('BY="signal 9"')
    scene.open()
    assert scene.take() > token


def test_stop(scene):
    scene.open()
    scene.take()
    scene.door.stop()
    assert scene.wait() == 0 and not scene.out.lines
