"""stopping: what each signal, and the end of the parent, does to a child."""

import select
import signal
import socket

import pytest

from kernun_common.log.sinks import to_standard_error
from kernun_common.tcpserver.stopping import Stopping

NUMBERS = (
    signal.SIGTERM,
    signal.SIGINT,
    signal.SIGQUIT,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGHUP,
    signal.SIGWINCH,
    signal.SIGCHLD,
)


class Scene:
    """A Stopping with all that it needs; the signals go to this process."""

    def __init__(self):
        self.parents, line = socket.socketpair()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.log = to_standard_error("test")
        self.stopping = Stopping(line, self.log, [self.listening])
        self.stopping.arm()

    @property
    def state(self):
        """End at once, leave, listening."""
        ready = bool(select.select([self.stopping.fd], [], [], 0)[0])
        assert self.stopping.stopping is ready
        return ready, self.stopping.leaving, self.listening.fileno() >= 0


@pytest.fixture
def scene():
    before = {number: signal.getsignal(number) for number in NUMBERS}
    scene = Scene()
    yield scene
    scene.parents.close()
    scene.listening.close()
    scene.stopping.wakeup.close()
    for number, handler in before.items():
        signal.signal(number, handler)


END, LEAVE, GO_ON = (True, True), (False, True), (False, False)

CASES = [
    # signal, end at once and leave, level of the log
    (signal.SIGTERM, END, 6),
    (signal.SIGINT, END, 6),
    (signal.SIGQUIT, LEAVE, 6),
    (signal.SIGUSR1, GO_ON, 7),
    (signal.SIGUSR2, GO_ON, 5),
    (signal.SIGHUP, GO_ON, 6),
    (signal.SIGWINCH, GO_ON, 6),
]


@pytest.mark.parametrize("number, outcome, level", CASES)
def test_idle(scene, number, outcome, level):
    signal.raise_signal(number)
    assert scene.state == (*outcome, True)
    assert scene.state == (*outcome, True)  # nothing was drained
    assert scene.log.level == level


@pytest.mark.parametrize("number, outcome, level", CASES)
def test_busy(scene, number, outcome, level):
    with scene.stopping.session():
        signal.raise_signal(number)
        assert scene.state == (*outcome, not outcome[1])


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGQUIT, signal.SIGUSR1])
def test_wakes(scene, number):
    fd = scene.stopping.wake_fd
    for _ in range(2):
        assert not select.select([fd], [], [], 0)[0]
        signal.raise_signal(number)
        assert select.select([fd], [], [], 0)[0]
        scene.stopping.take_notice()


def test_told_just_before_a_session(scene):
    scene.stopping.leave()
    with scene.stopping.session():
        assert scene.state == (*LEAVE, False)


def test_told_twice(scene):
    for _ in range(2):
        signal.raise_signal(signal.SIGQUIT)
        signal.raise_signal(signal.SIGTERM)
    assert scene.state == (*END, True)


def test_the_parent_is_gone(scene):
    scene.parents.close()
    assert scene.stopping.stopping
    assert select.select([scene.stopping.fd], [], [], 0)[0]
