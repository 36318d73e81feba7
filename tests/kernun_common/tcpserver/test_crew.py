"""crew: spawning, telling and burying; real children that do next to nothing."""

import os
import signal
import socket

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.crew import Crew
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.section import TcpServer
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.state import Counts, State
from kernun_common.tcpserver.title import Title
from tests.support.belongings import belongings
from tests.support.lines import Lines
from tests.support.waiting import wait_until

LIMITS = TcpServer(init_children=1, min_idle=1, max_idle=3, max_children=4)


def serve(sock, arrival, stopping):
    sock.recv(1)


class Scene:
    """A crew of this process, and the socket at which it waits."""

    def __init__(self):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setblocking(False)
        listener = Listener(Sockaddr.of(self.listening.getsockname()), False, self.listening)
        log = Lines().log
        service = Service("", LIMITS, (listener,), serve, log, Title("test", ""))
        self.crew = Crew(service, lambda: self.crew.forget())
        self.clients = []

    def spawn(self, number):
        pids = [self.crew.spawn(0.0) for _ in range(number)]
        self.wait_for(lambda counts: not counts.starting)
        return pids

    def wait_for(self, condition):
        wait_until(lambda: condition(self.crew.counts), "these counts")

    def connect(self):
        busy = self.crew.counts.busy
        self.clients.append(socket.create_connection(self.listening.getsockname()))
        self.wait_for(lambda counts: counts.busy == busy + 1)

    def bury(self, pid):
        return self.crew.bury(pid, os.waitpid(pid, 0)[1], 1.5)

    def close(self):
        for sock in [*self.clients, self.listening]:
            sock.close()
        pids = list(self.crew._members)
        self.crew.signal(signal.SIGKILL)
        for pid in pids:
            self.bury(pid)


@pytest.fixture
def scene():
    one = Scene()
    yield one
    one.close()


def test_spawn(scene):
    pids = scene.spawn(2)
    assert len(set(pids)) == 2 == len(scene.crew)
    assert scene.crew.counts == Counts(idle=2) and scene.crew.sessions == 0


def test_no_more_than_there_are_slots(scene):
    scene.spawn(4)
    with pytest.raises(OSError):
        scene.crew.spawn(0.0)
    assert len(scene.crew) == 4


def test_fork_refused(scene, monkeypatch):
    def refuse():
        raise BlockingIOError(11, "Resource temporarily unavailable")

    before = belongings()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", refuse)
        with pytest.raises(BlockingIOError):
            scene.crew.spawn(0.0)
    assert scene.crew.counts == Counts() and belongings() <= before


def test_leave_takes_idle_ones_and_each_once(scene):
    scene.spawn(3)
    scene.connect()
    scene.crew.leave(1)
    scene.crew.leave(1)
    assert scene.crew.counts == Counts(busy=1, ending=2)
    scene.crew.leave(5)
    assert scene.crew.counts.busy == 1


def test_retire(scene):
    pids = scene.spawn(3)
    scene.connect()
    scene.crew.retire()
    scene.crew.retire()
    assert scene.crew.counts == Counts(busy=1, ending=2)
    scene.clients[0].close()
    deaths = [scene.bury(pid) for pid in pids]
    assert [death.code for death in deaths] == [0, 0, 0]
    assert sorted(death.sessions for death in deaths) == [0, 0, 1]
    assert not scene.crew and scene.crew.counts == Counts() and scene.crew.sessions == 1


def test_bury(scene):
    pid, other = scene.spawn(2)
    scene.connect()
    busy = next(it for it in (pid, other) if is_busy(scene, it))
    os.kill(busy, signal.SIGKILL)
    death = scene.bury(busy)
    assert (death.pid, death.code, death.state, death.sessions) == (busy, -9, State.BUSY, 1)
    assert death.age == 1.5
    assert len(scene.crew) == 1 and scene.crew.counts == Counts(idle=1)
    assert scene.crew.bury(busy, 0, 0.0) is None  # not of this crew, or not any more


def is_busy(scene, pid):
    member = scene.crew._members[pid]
    return scene.crew.board.state(member.slot) is State.BUSY


def test_children_close_the_lines_of_the_others(scene):
    """Else they would not see their parent's end while another child lives."""
    first, second = scene.spawn(2)
    lines = [os.fstat(member.line.fileno()).st_ino for member in scene.crew._members.values()]
    for pid in (first, second):
        folder = f"/proc/{pid}/fd"
        open_there = [os.stat(f"{folder}/{fd}").st_ino for fd in os.listdir(folder)]
        assert not set(lines) & set(open_there)
