"""fetch_run - FETCH responses in a row, with the literals between their items, in one walk.

    run = walk(lines, buffer, found, Place(at, taken), whole_line, most)
    walk(..., most=NONE)        responses without literals only;  ALL: whatever their size
    Flow(most, headers)         which literals a reader lets flow: `reader.flow`;  STILL: none

For a reader whose literals go on as they are: the lines are matched by the same
expressions as one at a time (fetch_data.py), the octets of literals are stepped
over, and no piece is made of each.  The walk begins with `found`, which was
matched at `at`; it ends where something does not match (yet), or announces a
literal of more than `most` octets, or where the octets end within a literal.

What comes behind a run is not judged here: whoever called reads on from there,
octet by octet where it must.
"""

from __future__ import annotations

import math
from typing import Match, NamedTuple

from .fetch_data import Lines
from .fragments import NotAHeader, literal_at

NONE, ALL = -1, math.inf  # octets of a literal that is stepped over, at most
_ANNOUNCING = 2  # the last group of Lines.whole where a literal follows; of Lines.rest it is 1


class Flow(NamedTuple):
    """Literals of mails of at most so many octets flow.

    `headers`: only within responses that show no more of a mail than its header.
    """

    most: float = NONE
    headers: bool = False


STILL = Flow()


class Place(NamedTuple):
    """Where a line begins: in the buffer, and in its response, literals apart."""

    at: int
    taken: int


class Run(NamedTuple):
    """`end` in the buffer; `taken` of the response in whose midst that is, 0 between two.

    `owed` octets of a literal are still to come; `ended`: how many responses have.
    """

    end: int
    taken: int
    owed: int
    ended: int


def walk(
    lines: Lines,
    buffer: bytes,
    found: Match[bytes] | None,
    place: Place,
    whole_line: int,
    most: float,
) -> Run:
    """`found` is of lines.whole where `place.taken` is 0, else of lines.rest."""
    at, taken = place
    count = 0
    while found is not None:
        if found.lastindex != (1 if taken else _ANNOUNCING):  # a response ends
            at, taken = found.end(), 0
            count += 1
            found = lines.whole(buffer, at, at + whole_line)
            continue
        try:
            literal = literal_at(buffer, found.end())
        except NotAHeader:
            break
        if literal is None or _reach(literal[0].size, buffer, found) > most:
            break
        size, begin = literal[0].size, literal[1]
        taken += begin - at
        at = begin + size
        if at > len(buffer):
            return Run(len(buffer), taken, at - len(buffer), count)
        found = lines.rest(buffer, at, at + whole_line)
    return Run(at, taken, 0, count)


def _reach(size: int, buffer: bytes, found: Match[bytes]) -> float:
    """The octets that a literal counts; one that begins later in its mail (<n>) is for others."""
    return math.inf if buffer[found.end() - 2:found.end()] == b"> " else size
