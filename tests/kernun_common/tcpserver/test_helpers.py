"""helpers: real processes that wait for their end, and tell by a pipe how they are."""

import errno
import os
import select
import signal
import socket

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver import helpers as helping
from kernun_common.tcpserver.helpers import PAUSE, Helpers
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.service import Helper, Service
from kernun_common.tcpserver.title import Title
from tests.support.lines import Lines


class Scene:
    """The helpers of a service with one listening socket."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.read, self.write = os.pipe()
        self.is_ready = False
        self.lines = Lines()
        self.helpers = self.of(Helper("names", self.work, ready=lambda: self.is_ready))

    def of(self, *helpers):
        listener = Listener(Sockaddr.of(self.listening.getsockname()), False, self.listening)
        title = Title("test", "")
        limits = TcpServer()
        service = Service(
            "", limits, (listener,), None, self.lines.log, title, helpers=helpers
        )
        return Helpers(service, lambda: None)

    def work(self, fd):
        os.write(self.write, b"closed" if self.listening.fileno() < 0 else b"open")
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.poll()
        os.write(self.write, b"end")

    def started(self, now=0.0):
        """Its pid, when it is at work."""
        self.helpers.start(now)
        assert os.read(self.read, 10) == b"closed"
        return next(iter(self.helpers._running))

    def bury(self, pid, now=0.0):
        return self.helpers.bury(pid, os.waitpid(pid, 0)[1], now)

    def close(self):
        for pid in list(self.helpers._running):
            os.kill(pid, signal.SIGKILL)
            self.bury(pid)
        self.listening.close()
        for end in (self.read, self.write):
            os.close(end)


@pytest.fixture
def scene():
    one = Scene()
    yield one
    one.close()


def test_a_service_without_helpers_is_ready(scene):
    none = scene.of()
    none.start(0.0)
    assert none.ready and not none


def test_it_works_until_it_is_told_to_end(scene):
    pid = scene.started()
    assert len(scene.helpers) == 1
    scene.helpers.stop()
    assert scene.bury(pid)
    assert os.read(scene.read, 10) == b"end"
    assert not scene.helpers and scene.lines.lines == []
    scene.helpers.start(100.0)
    assert not scene.helpers


def test_one_is_one(scene):
    pid = scene.started()
    scene.helpers.start(100.0)
    assert list(scene.helpers._running) == [pid]


def test_it_ends_with_its_parent(scene):
    parent = os.fork()
    if not parent:
        scene.helpers.start(0.0)
        os._exit(0)
    os.waitpid(parent, 0)
    said = b""
    while not said.endswith(b"end"):
        said += os.read(scene.read, 10)
    assert said == b"closedend"


def test_a_signal_that_ends_children_ends_it(scene):
    pid = scene.started()
    scene.helpers.signal(signal.SIGTERM)
    assert scene.bury(pid)
    assert os.read(scene.read, 10) == b"end"


def test_one_that_dies_is_replaced_after_a_pause(scene):
    pid = scene.started()
    os.kill(pid, signal.SIGKILL)
    assert scene.bury(pid, 10.0)
    assert scene.lines.lines == [f'TCPS-649-E HELPER-DIED TITLE=names PID={pid} BY="signal 9"']
    scene.helpers.start(10.0 + PAUSE / 2)
    assert not scene.helpers
    assert scene.started(10.0 + PAUSE) != pid


def test_the_service_waits_for_it_but_not_for_one_that_died(scene):
    pid = scene.started()
    assert not scene.helpers.ready
    scene.is_ready = True
    assert scene.helpers.ready
    scene.is_ready = False
    os.kill(pid, signal.SIGKILL)
    scene.bury(pid)
    assert scene.helpers.ready


def test_others_are_buried_elsewhere(scene):
    assert not scene.helpers.bury(os.getpid(), 0, 0.0)


def test_one_that_cannot_be_started_is_tried_again(scene, monkeypatch):
    def refuse(*args):
        raise OSError(errno.EAGAIN, os.strerror(errno.EAGAIN))

    with monkeypatch.context() as patch:
        patch.setattr(helping, "spawn", refuse)
        scene.helpers.start(0.0)
    told = 'TCPS-650-E HELPER-FAILED TITLE=names REASON="Resource temporarily unavailable"'
    assert scene.lines.lines == [told] and not scene.helpers.ready
    scene.helpers.start(PAUSE / 2)
    assert not scene.helpers
    scene.started(PAUSE)


def test_what_it_does_first(scene):
    order = []
    helpers = scene.of(
        Helper("names", lambda fd: os.write(scene.write, b"work"), begin=lambda: order.append(1))
    )
    helpers.start(0.0)
    assert os.read(scene.read, 10) == b"work"
    [pid] = helpers._running
    assert helpers.bury(pid, os.waitpid(pid, 0)[1], 0.0)
    assert order == []  # not here


def test_one_that_cannot_begin_ends(scene):
    def refuse():
        raise PermissionError("no")

    helpers = scene.of(Helper("names", lambda fd: os.write(scene.write, b"work"), begin=refuse))
    helpers.start(0.0)
    [pid] = helpers._running
    assert helpers.bury(pid, os.waitpid(pid, 0)[1], 0.0)
    assert "HELPER-DIED" in scene.lines.lines[-1]
