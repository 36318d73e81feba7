import os
import select
import time

import pytest

from kernun_common.netio.waiting import Waiter, milliseconds
from kernun_common.tcpserver.signals import Wakeup


@pytest.fixture
def pipe():
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


@pytest.fixture
def stop(pipe):
    ends = os.pipe()
    yield ends
    for end in ends:
        os.close(end)


FAR = 1e9


@pytest.mark.parametrize(
    "write, stopped, deadline, expected",
    [
        (True, False, FAR, True),
        (True, False, 0, True),  # what is there already is not late
        (False, False, 0, False),
        (False, True, FAR, False),
        (True, True, FAR, False),
    ],
)
def test_until(pipe, stop, write, stopped, deadline, expected):
    if write:
        os.write(pipe[1], b"x")
    if stopped:
        os.write(stop[1], b"x")
    until = time.monotonic() + deadline
    assert Waiter(stop[0]).until(pipe[0], select.POLLIN, until) is expected
    if not stopped:
        assert Waiter().until(pipe[0], select.POLLIN, until) is expected


def test_a_signal_just_before_the_wait(pipe, stop):
    """Its handler has its turn, and may end the waiting; else the waiting goes on."""
    wakeup = Wakeup()
    waiter = Waiter(stop[0], wakeup=wakeup)
    drain = wakeup.drain

    def handler_runs():
        drain()
        os.write(stop[1], b"x")

    wakeup.drain = handler_runs
    os.write(wakeup._write, b"\x0f")
    assert not waiter.until(pipe[0], select.POLLIN, time.monotonic() + FAR)
    wakeup.drain = drain
    os.read(stop[0], 1)
    os.write(pipe[1], b"x")
    os.write(wakeup._write, b"\x0a")
    assert waiter.until(pipe[0], select.POLLIN, time.monotonic() + FAR)
    wakeup.drain()
    assert not Waiter(wakeup=wakeup).until(stop[0], select.POLLIN, time.monotonic() + 0.01)


@pytest.mark.parametrize(
    "seconds, expected", [(-5, 0), (0, 1), (0.0001, 1), (0.5, 501), (75, 75001), (1e12, 2147483647)]
)
def test_milliseconds(seconds, expected):
    assert milliseconds(seconds) == expected


@pytest.mark.parametrize(
    "late, seconds, calls",
    [
        (False, 3600, 0),  # ready at once
        (True, 3600, 1),  # and only when that is done
        (False, 0, 0),
    ],
)
def test_what_was_put_off_is_done_when_it_takes_long(pipe, late, seconds, calls):
    called = []

    def idle():
        called.append(True)
        os.write(pipe[1], b"x")

    if not late:
        os.write(pipe[1], b"x")
    waiter = Waiter(idle=idle)
    assert waiter.until(pipe[0], select.POLLIN, time.monotonic() + seconds)
    assert len(called) == calls
