"""lockout: scripts of attempts, each with its time and whether it was let in."""

import pytest

from kernun_common.auth import lockout
from kernun_common.auth.lockout import Lockout

A, B = "address", "user"


def play(attempts):
    """Each `(when, keys, fate)`: fail, good or locked."""
    guard = Lockout()
    for when, keys, fate in attempts:
        number = guard.begin(keys, when)
        assert (number is None) is (fate == "locked"), (when, keys, fate)
        if fate == "good":
            guard.pardon(keys, number)


FIVE = [(second, [A, B], "fail") for second in range(5)]

SCRIPTS = {
    "the fifth locks": [*FIVE, (5, [A], "locked"), (5, [B], "locked"), (5, ["c"], "fail")],
    "for a minute from the fifth": [*FIVE, (63.9, [A], "locked"), (64, [A], "fail")],
    "then it counts anew": [*FIVE, *((64 + n, [A], "fail") for n in range(5)), (69, [A], "locked")],
    "attempts while locked do not count": [
        *FIVE,
        *((10 + n, [A], "locked") for n in range(5)),
        (65, [A], "fail"),
        (66, [A], "fail"),
    ],
    "the first is forgotten after a minute": [
        *FIVE[:4], (60, [A], "fail"), (61, [A], "fail"), (62, [A], "fail"), (63, [A], "fail"),
    ],
    "what is right does not count": [
        *FIVE[:4], *((5 + n, [A], "good") for n in range(9)), (15, [A], "fail"), (16, [A], "locked")
    ],
    "one key is enough": [
        *((n, [A, f"user {n}"], "fail") for n in range(5)), (6, [A, B], "locked")
    ],
}


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_script(script):
    play(script)


def test_attempts_at_the_same_time_gain_nothing():
    guard = Lockout()
    numbers = [guard.begin([A], 0.0) for _ in range(9)]
    assert [number is None for number in numbers] == [False] * 5 + [True] * 4
    guard.pardon([A], numbers[0])
    assert guard.begin([A], 1.0) is not None


def test_it_is_bounded(monkeypatch):
    monkeypatch.setattr(lockout, "KEYS", 3)
    guard = Lockout()
    for _ in range(5):
        guard.begin(["first"], 0.0)
    for key in range(3):
        guard.begin([key], 1.0)
    assert guard.begin(["first"], 2.0) is not None
