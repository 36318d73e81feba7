"""The checker by itself: where it stops, what it took, what it says of invalid octets."""

import pytest

from imap4proxy.wire.automaton import compiled
from imap4proxy.wire.checker import Checker, Progress
from imap4proxy.wire.elements import EOL, FLAG_LIST, SP, Elements
from imap4proxy.wire.grammar import Many, Seq
from imap4proxy.wire.leniencies import Leniency
from imap4proxy.wire.response_limits import ResponseLimits
from kernun_common.errors import PeerError, Side

START = compiled(Seq(SP, FLAG_LIST, Many(SP, Elements.of(False).value), EOL))

RUNS = [
    # octets, progress, how many were taken, what goes on
    (b" (a) b\r\n", Progress.END, 8, b" (a) b\r\n"),
    (b" (a) b\r\n* 1", Progress.END, 8, b" (a) b\r\n"),
    (b" (a) b", Progress.MORE, 5, b" (a) "),
    (b" (a) (b c (d", Progress.MORE, 11, b" (a) (b c ("),
    (b"", Progress.MORE, 0, b""),
    (b" (a) {3}\r\nabc", Progress.LITERAL, 10, b" (a) {3}\r\n"),
    (b" (a) {3}\r", Progress.MORE, 5, b" (a) "),
    (b" (a ) b\r\n", Progress.END, 9, b" (a) b\r\n"),
    (b" nil b", Progress.MORE, 5, b" () "),
]


@pytest.mark.parametrize("octets, progress, taken, passed", RUNS)
def test_run(octets, progress, taken, passed):
    checker = Checker(ResponseLimits())
    checker.begin(START, 0)
    assert checker.run(b"* X" + octets, 3) is progress
    assert (checker.at, checker.octets) == (3 + taken, passed)


def test_it_goes_on_behind_a_literal():
    checker = Checker(ResponseLimits())
    checker.begin(START, 3)
    assert checker.run(b" NIL (({3}\r\n", 0) is Progress.LITERAL
    assert (checker.literal, checker.lenient) == (3, [Leniency.NIL_LIST])
    assert checker.run(b" x) (y", 0) is Progress.MORE
    assert (checker.octets, checker.lenient) == (b" x) (", [])
    assert checker.run(b"y))\r\n", 0) is Progress.END
    assert checker.taken == 3 + 12 + 5 + 5


def test_a_leniency_is_told_once_a_run():
    checker = Checker(ResponseLimits())
    checker.begin(START, 0)
    checker.run(b" (a] b] c])\r\n", 0)
    assert checker.lenient == [Leniency.UNKNOWN_FLAG]


INVALID = [
    (b" (a) b)\r\n", "octet 9"),
    (b" (\r\n", "octet 5"),
    (b" (a) (b \x00)\r\n", "octet 11"),
    (b" (a) {x}\r\n", "literal"),
]


@pytest.mark.parametrize("octets, reason", INVALID)
def test_invalid(octets, reason):
    checker = Checker(ResponseLimits())
    checker.begin(START, 3)
    with pytest.raises(PeerError, match=reason) as caught:
        checker.run(octets, 0)
    assert caught.value.side is Side.SERVER
