"""forking: a process of its own, its line, and its exit status."""

import os
import signal

import pytest

from kernun_common.tcpserver.child import FAILED, LEFT
from kernun_common.tcpserver.forking import spawn
from kernun_common.tcpserver.storm import COULD_NOT_BEGIN
from tests.support.belongings import belongings
from tests.support.lines import Lines


class Worker:
    """Sends what it is told to, then waits for the end of its line."""

    def __init__(self, line):
        self._line = line

    def run(self, octets):
        self._line.sendall(octets)
        if octets == b"fail":
            raise ValueError
        assert self._line.recv(9) == b""


def cannot(line):
    raise OSError(1, "not permitted")


CASES = [
    # what makes the worker, its argument, what it sends, exit status
    (Worker, b"hello", b"hello", LEFT),
    (Worker, b"fail", b"fail", FAILED),
    (cannot, b"", b"", COULD_NOT_BEGIN),
]


@pytest.mark.parametrize("make, argument, octets, status", CASES)
def test_spawn(make, argument, octets, status):
    pid, line = spawn(make, Lines().log, argument)
    assert pid != os.getpid() and line.recv(9) == octets
    line.close()
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == status


def test_signals_wait_for_their_handlers():
    def make(line):
        assert signal.pthread_sigmask(signal.SIG_BLOCK, ()) >= {signal.SIGTERM, signal.SIGQUIT}
        return Worker(line)

    pid, line = spawn(make, Lines().log, b"x")
    assert signal.SIGTERM not in signal.pthread_sigmask(signal.SIG_BLOCK, ())
    assert line.recv(9) == b"x"
    line.close()
    assert os.waitpid(pid, 0)[1] == 0


def test_refused(monkeypatch):
    def refuse():
        raise BlockingIOError(11, "no processes")

    before = belongings()
    with monkeypatch.context() as patch:
        patch.setattr(os, "fork", refuse)
        with pytest.raises(BlockingIOError):
            spawn(Worker, Lines().log, b"")
    assert belongings() <= before
