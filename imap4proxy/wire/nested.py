r"""nested - lists of any nesting: what stands within them, without recursion.

    values(strings)    -> Nested: the values of BODYSTRUCTURE, ENVELOPE and of what we do not know
    threads()          -> Nested: the numbers of a THREAD response

    value   = WORD / string / list
    list    = "(" [value *(SP value)] ")"     SP may be missing between two lists

Is a list nested too deeply?  The checker counts.  Here only neighbours matter:
what may follow an opening bracket, a value, a blank, a closing bracket.  `pattern`
takes a list of up to DEPTH levels at once, and does not go back into it; anything else goes
step by step.

Sources: RFC 9051 section 9 (tagged-ext-val), RFC 3501 (body, envelope), RFC 5256 (thread-list).
"""

from __future__ import annotations

from dataclasses import dataclass

from .automaton import State, compile_all
from .grammar import Terminal
from .leniencies import Leniency
from .tokens import NZ, WORD, Strings, as_literal

DEPTH = 8  # levels of a list in one expression: a multipart in a message in a multipart

_GAP = rb"(?: (?![ )\r])|(?=\)))"           # behind a value that is not a list
_GAP_BEHIND_LIST = rb"(?: (?![ )\r])|(?=[()]))"


@dataclass(frozen=True)
class Nested:
    """`pattern`: a whole list of few levels.  `inside`: the state behind the opening bracket."""

    pattern: bytes
    inside: State


def values(strings: Strings) -> Nested:
    """Lists of words and strings of any kind."""
    item = b"(?:" + WORD + b"|" + strings.quoted + b")"
    items = (
        Terminal(item),
        Terminal(strings.raw, lenient=Leniency.EIGHT_BIT_STRING, instead=as_literal),
        Terminal(b"(?=~?{)", literal=True),
    )
    return _nested(item, items)


def threads() -> Nested:
    """Lists of message numbers, none of them empty."""
    return _nested(NZ, (Terminal(NZ),), empty=False)


def _nested(item: bytes, items: tuple[Terminal, ...], empty: bool = True) -> Nested:
    pattern = _levels(item, b"*" if empty else b"+")
    inside = _inside(item, items, empty, [State(pattern + rb"(?=[ ()\r])")])
    inside.deep = _inside(item, items, empty, [])
    return Nested(pattern, inside)


def _inside(item: bytes, items: tuple[Terminal, ...], empty: bool, whole: list[State]) -> State:
    """The state behind an opening bracket; `whole` takes lists of few levels, if it is there."""
    singles = [State(terminal) for terminal in items]
    run = State(b"(?:" + item + b" )+(?![ )])")
    blank, opening, closing = State(b" "), State(rb"\(", +1), State(rb"\)", -1)
    lists = [*whole, opening]
    opening.leads_to([run, *singles, *lists, *([closing] if empty else [])])
    for state in (blank, run):
        state.leads_to([run, *singles, *lists])
    for state in singles:
        state.leads_to([blank, closing])
    for state in (*whole, closing):
        state.leads_to([blank, closing, *lists])
    compile_all(opening)
    return opening


def _levels(item: bytes, times: bytes) -> bytes:
    pattern = rb"\((?:" + item + _GAP + b")" + times + rb"+\)"
    for _ in range(DEPTH - 1):
        pattern = (
            rb"\((?:" + item + _GAP + b"|" + pattern + _GAP_BEHIND_LIST + b")" + times + rb"+\)"
        )
    return pattern
