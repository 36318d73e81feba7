"""signals: notes are taken at once and read in their order."""

import os
import select
import signal
import threading

import pytest

from kernun_common.tcpserver.signals import Notes, blocked, hold

NUMBERS = (signal.SIGUSR1, signal.SIGUSR2, signal.SIGHUP)


@pytest.fixture
def notes():
    before = {number: signal.getsignal(number) for number in NUMBERS}
    notes = Notes(NUMBERS)
    notes.arm()
    yield notes
    notes.close()
    for number, handler in before.items():
        signal.signal(number, handler)


def send(number):
    """To this thread: one that another test has left behind does not block it."""
    signal.pthread_kill(threading.get_ident(), number)


def readable(fd):
    return bool(select.select([fd], [], [], 0)[0])


@pytest.mark.parametrize(
    "arrived", [[], [signal.SIGHUP], [signal.SIGUSR1, signal.SIGHUP], [signal.SIGUSR2] * 3]
)
def test_notes(notes, arrived):
    for number in arrived:
        signal.raise_signal(number)
    assert readable(notes.fd) is bool(arrived)
    assert notes.take() == arrived
    assert not readable(notes.fd) and notes.take() == []


def test_held_back():
    """A signal that would end the process waits until a handler is there."""
    pid = os.fork()
    if pid == 0:
        hold()
        os.kill(os.getpid(), signal.SIGTERM)
        notes = Notes((signal.SIGTERM,))
        notes.arm()
        os._exit(len(notes.take()))
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 1


def test_more_notes_than_the_pipe_holds(notes):
    for _ in range(70000):
        signal.raise_signal(signal.SIGUSR1)
    assert len(notes.take()) == 70000 and not readable(notes.fd)


def test_blocked(notes):
    with blocked():
        send(signal.SIGHUP)
        assert notes.take() == []
    assert notes.take() == [signal.SIGHUP]


def test_arm_lets_signals_through(notes):
    with blocked():
        send(signal.SIGHUP)
        notes.arm()
        assert notes.take() == [signal.SIGHUP]
