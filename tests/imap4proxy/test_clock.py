import math

import pytest

from imap4proxy.clock import Clock, Due
from imap4proxy.engine.events import Timer
from kernun_common.errors import Side

RECV = (Timer.RECV, Side.SERVER, 120.0)
SEND = (Timer.SEND, Side.CLIENT, 60.0)
SHORTEST = 60.0


def clock(idle=1800.0):
    made = Clock(0.0, SHORTEST)
    made.arm(Timer.IDLE, idle, 0.0)
    return made


@pytest.mark.parametrize("timer", [Timer.LOGIN, Timer.COMMAND, Timer.MAX_TIME])
def test_these_run_through(timer):
    made = clock()
    made.arm(timer, 30.0, 10.0)
    made.heard(Side.CLIENT, 35.0)
    made.took(Side.CLIENT, 36.0)
    assert made.look([], 39.9) is None
    assert made.look([], 40.0) == Due(40.0, timer)
    made.disarm(timer)
    assert made.look([], 40.0) is None
    made.disarm(timer)


def test_armed_anew():
    made = clock()
    made.arm(Timer.COMMAND, 30.0, 0.0)
    made.arm(Timer.COMMAND, 30.0, 20.0)
    assert made.look([], 30.0) is None
    assert made.look([], 50.0) == Due(50.0, Timer.COMMAND)


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("note", [Clock.heard, Clock.took])
def test_idle_restarts_with_every_octet(note, side):
    made = clock(idle=100.0)
    note(made, side, 99.0)
    assert made.look([], 198.0) is None
    assert made.look([], 199.0) == Due(199.0, Timer.IDLE)


def test_idle_stands_still_in_the_middle_of_a_line():
    made = clock(idle=100.0)
    assert made.look([RECV], 110.0) is None
    assert made.look([SEND], 110.0) == Due(60.0, Timer.SEND, Side.CLIENT)
    assert made.look([], 110.0) == Due(100.0, Timer.IDLE)


@pytest.mark.parametrize(
    "watched, mine, others",
    [(RECV, Clock.heard, Clock.took), (SEND, Clock.took, Clock.heard)],
)
def test_the_silence_of_a_side(watched, mine, others):
    timer, side, seconds = watched
    made = clock()
    mine(made, side, 10.0)
    mine(made, side.other, 50.0)
    others(made, side, 50.0)
    assert made.look([watched], 10.0 + seconds - 0.1) is None
    assert made.look([watched], 10.0 + seconds) == Due(10.0 + seconds, timer, side)
    assert made.look([], 10.0 + seconds) is None


def test_the_earliest_is_told():
    made = clock()
    made.arm(Timer.MAX_TIME, 50.0, 0.0)
    made.arm(Timer.LOGIN, 40.0, 0.0)
    assert made.look([RECV, SEND], 200.0).timer is Timer.LOGIN


def test_latest():
    assert Clock(0.0).latest(7.0) == math.inf
    made = clock(5.0)
    assert made.latest(7.0) == 12.0
    made.arm(Timer.LOGIN, 10.0, 0.0)
    assert made.latest(3.0) == 8.0 and made.latest(7.0) == 10.0
    made.disarm(Timer.LOGIN)
    assert made.latest(7.0) == 12.0


# `wake` is never later than anything that runs out

@pytest.mark.parametrize("shortest, wake", [(60.0, 67.0), (math.inf, math.inf)])
def test_wake_at_first(shortest, wake):
    """Nothing is armed, but a RECV or SEND may begin at once."""
    made = Clock(7.0, shortest)
    assert made.wake == wake
    made.arm(Timer.LOGIN, 30.0, 8.0)
    assert made.wake == 38.0


@pytest.mark.parametrize(
    "watched, arm, expected",
    [
        ([], None, SHORTEST),
        ([], (Timer.LOGIN, 30.0), 30.0),
        ([], (Timer.IDLE, 20.0), 20.0),
        ([RECV], (Timer.IDLE, 20.0), 20.0),  # the line may end at any moment
        ([RECV], (Timer.MAX_TIME, 500.0), SHORTEST),
    ],
)
def test_wake(watched, arm, expected):
    made = clock()
    if arm is not None:
        made.arm(*arm, 0.0)
    made.look(watched, 0.0)
    assert made.wake == expected


def test_to_arm_is_to_look_earlier():
    made = clock()
    made.look([], 0.0)
    made.arm(Timer.COMMAND, 5.0, 1.0)
    assert made.wake == 6.0
    made.look_by(9.0)
    assert made.wake == 6.0
    made.look_by(3.0)
    assert made.wake == 3.0


@pytest.mark.parametrize("idle", [20.0, 90.0, 1800.0])
@pytest.mark.parametrize("begins", [0.0, 1.0, 59.0])
@pytest.mark.parametrize("watched", [RECV, SEND])
def test_looking_at_wake_alone_misses_nothing(watched, begins, idle):
    """A silence begins at `begins`; whoever looks at each `wake` learns of it in time."""
    timer, side, seconds = watched
    made, now = clock(idle), 0.0
    due = made.look([], now)
    made.heard(side, begins), made.took(side, begins)
    for _ in range(20):
        assert made.wake > now
        now = made.wake
        due = made.look([watched] if now >= begins else [], now)
        if due is not None:
            break
    idle_runs = timer is Timer.SEND
    assert now == due.when == begins + (min(seconds, idle) if idle_runs else seconds)
