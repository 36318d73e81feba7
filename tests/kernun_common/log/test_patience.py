"""patience: a busy receiver is waited for, one that stands still only now and then."""

import os

import pytest

from kernun_common.log import patience
from kernun_common.log.patience import GRUDGE, PATIENCE, Patience


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    os.set_blocking(reader, False)
    yield reader, writer
    os.close(reader)
    os.close(writer)


@pytest.fixture
def clock(monkeypatch):
    """A monotonic clock that stands still until it is moved."""
    now = [1000.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    return now


def fill(writer):
    try:
        while True:
            os.write(writer, b"x" * 4096)
    except BlockingIOError:
        pass


def test_there_is_room(pipe):
    assert Patience().wait(pipe[1])


def test_grudge_and_reconciliation(pipe, clock, monkeypatch):
    reader, writer = pipe
    waits = []
    real = patience.select.poll

    class Poll:
        def __init__(self):
            self._poll = real()

        def register(self, *args):
            self._poll.register(*args)

        def poll(self, milliseconds):
            waits.append(milliseconds)
            return self._poll.poll(0)

    monkeypatch.setattr(patience.select, "poll", Poll)
    fill(writer)
    mine = Patience()
    assert not mine.wait(writer) and waits == [PATIENCE * 1000]
    assert not mine.wait(writer) and len(waits) == 1  # not waited for again
    clock[0] += GRUDGE + 0.01
    assert not mine.wait(writer) and len(waits) == 2
    os.read(reader, 1 << 20)
    assert not mine.wait(writer) and len(waits) == 2
    clock[0] += GRUDGE + 0.01
    assert mine.wait(writer)
