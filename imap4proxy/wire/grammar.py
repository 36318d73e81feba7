r"""grammar - a small notation for what a server may send, used in two ways.

    search = Seq(Many(rb" [1-9][0-9]*(?=[ \r])"), rb"\r\n")
    regex(search)         one regular expression, for a response that came whole
    automaton.py          the same, terminal by terminal, for one that comes in parts

Octets are a terminal: a pattern without groups, which shows by a look-ahead that
the token ends where it ends.  Of the terminals that may stand at one place the
first that matches is taken; there is no going back.

What `regex` leaves out only the automaton sees: literals, lists of any nesting,
and whatever needs a leniency.  So a text that the expression matches is valid
and can go on as it is; one that it does not match may be valid all the same.
For the expression to be linear, no text may have two derivations in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Callable, Union

from .leniencies import Leniency

if TYPE_CHECKING:
    from .automaton import State


def unchanged(octets: bytes) -> bytes:
    return octets


@dataclass(frozen=True, eq=False)
class Terminal:
    """A pattern with a consequence.

    `literal`: a literal is announced right behind it.  `inside`: it opens a list
    of any nesting, which goes on in that state until it is closed.  `lenient`: it
    is not valid, and `instead` makes what goes out of it.
    """

    pattern: bytes
    literal: bool = False
    inside: State | None = None
    lenient: Leniency | None = None
    instead: Callable[[bytes], bytes] = unchanged


@dataclass(frozen=True, eq=False)
class Fast:
    """`expression`; what it mostly looks like is `pattern`, which takes that at once."""

    pattern: bytes
    expression: Expression


class _Parts:
    __slots__ = ("parts",)

    def __init__(self, *parts: Expression) -> None:
        self.parts = parts


class Seq(_Parts):
    """One part behind the other."""


class Alt(_Parts):
    """One of the parts."""


class Opt(_Parts):
    """The parts in a sequence, or nothing."""


class Many(_Parts):
    """The sequence of the parts: not at all, once or more often."""


Expression = Union[bytes, Terminal, Fast, Seq, Alt, Opt, Many]


def regex(expression: Expression) -> bytes | None:
    """The plain texts of `expression` as a pattern; None if there are none."""
    if isinstance(expression, bytes):
        return expression
    if isinstance(expression, Fast):
        return expression.pattern
    if isinstance(expression, Terminal):
        return None
    parts = [regex(part) for part in expression.parts]
    if isinstance(expression, Alt):
        return _either([part for part in parts if part is not None])
    whole = None if None in parts else b"".join(part for part in parts if part is not None)
    if isinstance(expression, Seq):
        return whole
    return _repeated(whole, b"?" if isinstance(expression, Opt) else b"*")


def _either(patterns: list[bytes]) -> bytes | None:
    return b"(?:" + b"|".join(patterns) + b")" if patterns else None


def _repeated(pattern: bytes | None, times: bytes) -> bytes:
    return b"" if pattern is None else b"(?:" + pattern + b")" + times
