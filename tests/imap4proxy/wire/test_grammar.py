"""The notation: which expression it makes."""

import re

import pytest

from imap4proxy.wire.grammar import Alt, Fast, Many, Opt, Seq, Terminal, regex
from imap4proxy.wire.leniencies import Leniency

LITERAL = Terminal(b"{", literal=True)
LENIENT = Terminal(b"x", lenient=Leniency.UNKNOWN_FLAG)

CASES = [
    # expression, texts that its regular expression matches, texts that it does not
    (b"a", [b"a"], [b"", b"aa"]),
    (Seq(b"a", b"b"), [b"ab"], [b"a", b"b", b"ba"]),
    (Alt(b"a", b"b"), [b"a", b"b"], [b"ab", b""]),
    (Seq(b"a", Opt(b"b", b"c")), [b"a", b"abc"], [b"ab", b"abcbc"]),
    (Seq(b"a", Many(b",", b"a")), [b"a", b"a,a", b"a,a,a"], [b"a,", b",a", b""]),
    (Seq(Alt(b"a", b"b"), b"c"), [b"ac", b"bc"], [b"a", b"c"]),
    (Many(Alt(b"a", Seq(b"b", b"c"))), [b"", b"abca"], [b"ab"]),
    (Fast(b"f+", Alt(LITERAL, b"s")), [b"f", b"ff"], [b"s"]),
    (Seq(b"a", Opt(LITERAL)), [b"a"], [b"a{"]),
    (Seq(b"a", Many(LENIENT)), [b"a"], [b"ax"]),
    (Alt(b"a", LITERAL, LENIENT), [b"a"], [b"x"]),
    (Alt(b"a", Seq(b"b", LITERAL)), [b"a"], [b"b"]),
]


@pytest.mark.parametrize("expression, matched, others", CASES)
def test_regex(expression, matched, others):
    fullmatch = re.compile(regex(expression)).fullmatch
    assert all(fullmatch(text) for text in matched)
    assert not any(fullmatch(text) for text in others)


@pytest.mark.parametrize(
    "expression", [LITERAL, LENIENT, Seq(b"a", LITERAL), Alt(LITERAL, LENIENT), Seq(Alt(LITERAL))]
)
def test_nothing_plain(expression):
    assert regex(expression) is None
