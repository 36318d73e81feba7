"""storm: which deaths are early, and how many of them are too many."""

import pytest

from kernun_common.tcpserver.state import State
from kernun_common.tcpserver.storm import COULD_NOT_BEGIN, LIMIT, QUICK, WINDOW, Death, StormGuard

SEGV, KILL = -11, -9

EARLY = Death(1, SEGV, State.STARTING, 0, 0.1)
SERVED = Death(2, SEGV, State.BUSY, 1, 0.1)
LEFT = Death(3, 0, State.ENDING, 0, 0.1)

CASES = [
    # code, state, sessions, age, early
    (SEGV, State.STARTING, 0, 0.1, True),
    (SEGV, State.IDLE, 0, 0.1, True),
    (SEGV, State.IDLE, 0, QUICK, False),
    (SEGV, State.BUSY, 1, 0.1, False),
    (1, State.IDLE, 0, 0.1, True),
    (COULD_NOT_BEGIN, State.STARTING, 0, QUICK * 9, True),  # slow, and says so itself
    (KILL, State.STARTING, 0, 0.1, True),  # memory was short
    (KILL, State.IDLE, 0, 0.1, False),  # somebody else
    (0, State.ENDING, 0, 0.1, False),
]


@pytest.mark.parametrize("code, state, sessions, age, early", CASES)
def test_early(code, state, sessions, age, early):
    assert Death(1, code, state, sessions, age).early is early


SERIES = [
    # deaths, seconds between them, is the last one a storm
    ([EARLY] * LIMIT, 0.1, True),
    ([EARLY] * (LIMIT - 1), 0.1, False),
    ([EARLY] * LIMIT, WINDOW / (LIMIT - 1), True),
    ([EARLY] * LIMIT, WINDOW / (LIMIT - 2), False),
    ([EARLY] * 5 + [SERVED] + [EARLY] * 5, 0.1, False),
    ([EARLY] * 5 + [LEFT] + [EARLY] * 5, 0.1, False),
    ([LEFT] * 100, 0.1, False),
    ([SERVED] * 100, 0.1, False),
    ([EARLY] * 5 + [LEFT] + [EARLY] * LIMIT, 0.1, True),
]


@pytest.mark.parametrize("deaths, pause, storm", SERIES)
def test_storm(deaths, pause, storm):
    guard = StormGuard()
    told = [guard.note(death, number * pause) for number, death in enumerate(deaths)]
    assert told[-1] is storm and not any(told[:-1])
