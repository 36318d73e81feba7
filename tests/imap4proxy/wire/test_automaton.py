"""The states of an expression accept what the expression means, in every cut."""

import re
from itertools import product

import pytest

from imap4proxy.wire.automaton import RUN, State, compiled
from imap4proxy.wire.grammar import Alt, Fast, Many, Opt, Seq, Terminal, regex

EXPRESSIONS = [
    Seq(b"a", b"b"),
    Seq(b"a", Opt(b"b"), b"c"),
    Seq(Opt(b"a"), Opt(b"b"), b"c"),
    Seq(Many(b"a"), b"c"),
    Seq(Many(b"a", b"b"), b"c"),
    Seq(Many(Opt(b"a"), b"b"), b"c"),
    Seq(Alt(b"a", Seq(b"b", b"a")), b"c"),
    Seq(Many(Alt(b"a", b"b")), b"c"),
    Seq(b"a", Many(b"b", Many(b"a")), b"c"),
    Seq(Alt(Seq(b"a", Many(b"b")), b"b"), Opt(b"a"), b"c"),
    Seq(Fast(b"ab", Seq(b"a", b"b")), b"c"),
]


def accepts(start, text):
    state, at = start, 0
    while at < len(text):
        found = state.match(text, at)
        if found is None or found.lastindex is None:
            return False
        state, at = state.follow[found.lastindex - 1], found.end()
    return state.final


@pytest.mark.parametrize("expression", EXPRESSIONS)
def test_the_automaton_is_the_expression(expression):
    start, fullmatch = compiled(expression), re.compile(regex(expression)).fullmatch
    for length in range(7):
        for letters in product(b"abc", repeat=length):
            text = bytes(letters)
            assert accepts(start, text) == bool(fullmatch(text)), text


def test_a_terminal_that_follows_itself_is_taken_in_runs():
    start = compiled(Seq(Many(b"a"), b"c"))
    state = start.follow[0]
    assert start.match(b"a" * 5).end() == 1
    assert state.match(b"a" * 1000).end() == RUN


@pytest.mark.parametrize(
    "terminal", [Terminal(b"a", literal=True), Terminal(b"a", inside=State(b""))]
)
def test_one_with_a_consequence_is_not(terminal):
    state = compiled(Seq(Many(terminal), b"c")).follow[0]
    assert not state.plain
    assert state.match(b"aaaa").end() == 1


def test_final_is_where_nothing_follows():
    start = compiled(Seq(b"a", b"b"))
    assert not start.final and not start.follow[0].final and start.follow[0].follow[0].final
