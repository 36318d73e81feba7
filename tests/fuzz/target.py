"""target - what is fuzzed: a function of octets, and what it begins with.

    Target(check, seeds, words)      check(octets) finds fault by raising anything but `raises`
    run(target, octets)              the fault, or None
    regressions("mime")              octets that once were at fault
    parts(octets)                    ways in which they may be cut, always the same ones

`check` has to depend on nothing but the octets: what it chooses at random it chooses by them.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from random import Random
from typing import Any, Callable, Iterator, List, NamedTuple, Sequence, Tuple, Type
from zlib import crc32

HERE = Path(__file__).parent
REGRESSIONS = HERE / "regressions"
OURS = ("imap4proxy", "kernun_common")

SEGMENT = 1000
SINGLE = 100  # octets that are few enough to come one by one


class Target(NamedTuple):
    """`words` are put in by mutations; `raises` are the only errors that octets may lead to.

    `rounds`: mutations that the test command tries; `longest`: octets of an input that a run tries.
    `work`: what has to take time linear to the octets; `check` where None.
    """

    check: Callable[[bytes], object]
    seeds: Callable[[], Sequence[bytes]]
    words: Sequence[bytes]
    raises: Tuple[Type[Exception], ...] = ()
    rounds: int = 1000
    longest: int = 2000
    work: Callable[[bytes], object] | None = None
    grown: int = 16_000  # octets, and four times as many, that the work is measured with


class Fault(NamedTuple):
    """`place` tells it from other faults: what was raised, and where."""

    place: str
    words: str


def run(target: Target, octets: bytes) -> Fault | None:
    """What is wrong with these octets."""
    try:
        target.check(octets)
    except target.raises:
        return None
    except Exception as error:
        return Fault(_place(error), "".join(traceback.format_exception(error)))
    return None


def _place(error: Exception) -> str:
    """The class of it, and the innermost lines of the project's own files."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if str(HERE.parent.parent) in frame.filename]
    lines = (f"{Path(frame.filename).name}:{frame.lineno}" for frame in ours[-2:])
    return " ".join((type(error).__name__, *lines))


def regressions(name: str) -> List[Path]:
    return sorted((REGRESSIONS / name).glob("*"))


def chance_of(octets: bytes) -> Random:
    """A source of random numbers that is always the same for these octets."""
    return Random(crc32(octets))


def parts(octets: bytes) -> Iterator[List[bytes]]:
    """In two, in some, and one by one where they are few."""
    if not octets:
        return
    chance = chance_of(octets)
    at = chance.randrange(len(octets))
    yield [part for part in (octets[:at], octets[at:]) if part]
    yield pieces(octets, chance.choice((2, 7, 30, 200)), chance)
    if len(octets) <= SINGLE:
        yield [octets[at:at + 1] for at in range(len(octets))]


def pieces(octets: bytes, most: int, chance: Random) -> List[bytes]:
    """`octets` in pieces of at most so many."""
    cut, at = [], 0
    while at < len(octets):
        size = chance.randint(1, most)
        cut.append(octets[at:at + size])
        at += size
    return cut


def segments(octets: bytes) -> List[bytes]:
    """As TCP brings what is large."""
    return [octets[at:at + SEGMENT] for at in range(0, len(octets), SEGMENT)]


def same(one: Any, other: Any, what: str) -> None:
    """Raise where two things differ that must not."""
    assert one == other, f"{what}:\n  {one!r}\n  {other!r}"
