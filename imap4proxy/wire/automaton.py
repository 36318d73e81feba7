"""automaton - a grammar as states, each of which knows what may come next.

    start = compiled(expression)
    found = start.match(buffer, at, end)      the terminal that comes next, if any
    state = start.follow[found.lastindex - 1]

A state is an occurrence of a terminal in the expression, reached by taking it
(the position automaton of Glushkov and of McNaughton and Yamada).  A terminal that may
follow itself is taken in runs, so that a line of a hundred thousand numbers does
not cost a hundred thousand steps.  See also: grammar.py, checker.py.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, Match, Optional

from .grammar import Alt, Expression, Fast, Many, Opt, Seq, Terminal
from .leniencies import Leniency

RUN = 256  # times that a terminal is taken in one step; bounds the memory of the match

Matcher = Callable[..., Optional[Match[bytes]]]


class State:
    """What has been taken, and in `follow` what may come next; the table of one step.

    `turn` is +1 where a list of any nesting is entered, -1 where one is left; `deep`
    goes on there level by level, where the bound of nesting is near;
    `final`: the whole has been taken; `plain`: taking it has no consequence at all.
    """

    __slots__ = (
        "pattern", "follow", "match", "plain", "final",
        "literal", "turn", "inside", "deep", "lenient", "instead",
    )  # fmt: skip

    match: Matcher

    def __init__(self, terminal: bytes | Terminal, turn: int = 0) -> None:
        if isinstance(terminal, bytes):
            terminal = Terminal(terminal)
        self.pattern = terminal.pattern
        self.literal = terminal.literal
        self.inside = terminal.inside
        self.deep: State | None = None
        self.turn = turn or int(terminal.inside is not None)
        self.lenient: Leniency | None = terminal.lenient
        self.instead = terminal.instead
        self.plain = not (self.literal or self.turn or self.lenient)
        self.final = False
        self.follow: list[State] = []

    def leads_to(self, states: Iterable[State]) -> None:
        self.follow += [state for state in states if state not in self.follow]

    def compile(self) -> None:
        """Make the table of the step; `follow` is complete."""
        self.final = not self.follow
        self.match = re.compile(b"|".join(map(self._row, self.follow))).match

    def _row(self, state: State) -> bytes:
        run = b"{1,%d}" % RUN if state is self and state.plain else b""
        return b"((?:" + state.pattern + b")" + run + b")"


def compiled(expression: Expression) -> State:
    """The state before `expression`; where the whole is taken, nothing follows."""
    start = State(b"")
    _link(expression, [start])
    compile_all(start)
    return start


def compile_all(start: State) -> None:
    """Compile `start` and whatever can be reached from it."""
    known, waiting = {start}, [start]
    while waiting:
        state = waiting.pop()
        state.compile()
        new = set(state.follow) - known
        known |= new
        waiting += new


def _link(expression: Expression, before: list[State]) -> list[State]:
    """Add `expression` behind the states `before`; the states that may then be the last."""
    if isinstance(expression, (bytes, Terminal)):
        return _link_terminal(expression, before)
    if isinstance(expression, Fast):
        return _link_terminal(expression.pattern, before) + _link(expression.expression, before)
    if isinstance(expression, Alt):
        return [state for part in expression.parts for state in _link(part, before)]
    if isinstance(expression, Many):
        return _link_many(expression, before)
    last = before
    for part in expression.parts:
        last = _link(part, last)
    return before + last if isinstance(expression, Opt) else last


def _link_terminal(terminal: bytes | Terminal, before: list[State]) -> list[State]:
    state = State(terminal)
    for earlier in before:
        earlier.leads_to([state])
    return [state]


def _link_many(expression: Many, before: list[State]) -> list[State]:
    entry = State(b"")
    last = _link(Seq(*expression.parts), [entry])
    for earlier in before + last:
        earlier.leads_to(entry.follow)
    return before + last
