import math
import os
import select
import time

import pytest

from kernun_common import steps as stepping
from kernun_common.errors import Unavailable
from kernun_common.steps import Together, Want, alone

FAR = 3600.0


@pytest.fixture
def pipe():
    read_end, write_end = os.pipe()
    yield read_end, write_end
    os.close(read_end)
    os.close(write_end)


def take(fd, seconds=FAR):
    """A look-up whose answer is what is in the pipe."""
    if not (yield Want(fd, select.POLLIN, time.monotonic() + seconds)):
        raise Unavailable("late")
    return os.read(fd, 1)


def at_once(result):
    """A look-up that needs to wait for nothing."""
    if isinstance(result, Exception):
        raise result
    return result
    yield


def wait(fd, mask, deadline):
    poll = select.poll()
    poll.register(fd, mask)
    return bool(poll.poll(max(0, deadline - time.monotonic()) * 1000))


def test_alone(pipe):
    os.write(pipe[1], b"x")
    assert alone(take(pipe[0]), wait) == b"x"
    assert alone(at_once("x"), wait) == "x"


def test_alone_too_late(pipe):
    with pytest.raises(Unavailable) as late:
        alone(take(pipe[0], seconds=0.01), wait)
    assert late.value.what == "late"


def test_alone_given_up(pipe):
    """`wait` says no before the deadline: nothing more is tried."""
    tried = []

    def patient():
        for _ in range(10):
            tried.append((yield Want(pipe[0], select.POLLIN, time.monotonic() + FAR)))

    with pytest.raises(Unavailable) as failure:
        alone(patient(), lambda *want: False)
    assert "the program ends" in failure.value.what
    assert tried == []


def test_what_is_ready_when_its_time_has_passed_is_too_late(pipe):
    os.write(pipe[1], b"x")
    with pytest.raises(Unavailable):
        alone(take(pipe[0], seconds=-1), wait)
    together = Together()
    together.start("a", lambda: take(pipe[0], seconds=-1))
    [(key, result)] = together.wait(math.inf)
    assert (key, result.what) == ("a", "late")


def test_a_silent_one_holds_up_nobody(pipe):
    silent, speaking = os.pipe(), pipe
    together = Together()
    together.start("silent", lambda: take(silent[0]))
    together.start("speaking", lambda: take(speaking[0]))
    together.start("now", lambda: at_once(1))
    together.start("failed", lambda: at_once(Unavailable("no")))
    first = together.wait(math.inf)
    assert [key for key, _ in first] == ["now", "failed"]
    os.write(speaking[1], b"x")
    assert together.wait(math.inf) == [("speaking", b"x")]
    assert len(together) == 1
    os.write(silent[1], b"y")
    assert together.wait(math.inf) == [("silent", b"y")]
    assert not together
    for end in silent:
        os.close(end)


def test_waiting_ends_with_its_time(pipe):
    together = Together()
    together.start("a", lambda: take(pipe[0]))
    assert together.wait(time.monotonic() + 0.01) == []
    assert not together.stopped
    together.close()
    assert not together


def test_waiting_ends_with_the_program(pipe):
    stop_read, stop_write = os.pipe()
    together = Together()
    together.start("a", lambda: take(pipe[0]))
    os.close(stop_write)
    assert together.wait(math.inf, stop_read) == []
    assert together.stopped
    os.close(stop_read)


def test_of_many_only_some_are_under_way(pipe):
    began = []

    def begin(number):
        began.append(number)
        return take(pipe[0])

    together = Together()
    for number in range(stepping.AT_ONCE + 2):
        together.start(number, lambda number=number: begin(number))
    together.wait(time.monotonic() + 0.01)
    assert len(began) == stepping.AT_ONCE
    os.write(pipe[1], b"x" * stepping.AT_ONCE)
    ended = together.wait(math.inf)
    assert len(ended) == stepping.AT_ONCE and len(together) == 2
    os.write(pipe[1], b"xx")
    assert [key for key, _ in together.wait(math.inf)] == began[-2:]


def test_beside_other_things(pipe):
    """Where another loop waits for the descriptors."""
    together = Together()
    together.start("a", lambda: take(pipe[0]))
    together.start("now", lambda: at_once(1))
    together.start("late", lambda: take(pipe[0], seconds=-1))
    assert {want.fd for want in together.wants()} == {pipe[0]}
    [now, (key, late)] = together.step(())
    assert (now, key, late.what) == (("now", 1), "late", "late")
    assert together.step(()) == []
    os.write(pipe[1], b"x")
    assert together.step([pipe[0]]) == [("a", b"x")]
    assert together.wants() == [] and not together
