"""growth - does the work grow faster than the octets?

    growth(work, begin, unit, end)     times that four times the octets take, by CPU time

4 where it is linear, 16 where it is the square.  No time is judged by itself: whoever shares the
processor makes both slower, and of several measurements the least counts.  Work of which the large
one takes less than `SHORT` says nothing.

    found = steep(work, units)         the first unit of which the work is not linear
"""

from __future__ import annotations

from time import thread_time
from typing import Callable, Iterable, NamedTuple

SIZE = 16_000  # octets of the small one, where nothing else is said
TIMES = 4
SHORT = 0.03  # seconds
STEEP = 8.0  # half way between linear and the square, as factors
TRIES = 12

Work = Callable[[bytes], object]


class Unit(NamedTuple):
    """Octets that are repeated, and what stands around them."""

    begin: bytes
    unit: bytes
    end: bytes

    def octets(self, size: int) -> bytes:
        return self.begin + self.unit * (size // max(1, len(self.unit))) + self.end


def seconds(work: Work, octets: bytes) -> float:
    begin = thread_time()
    try:
        work(octets)
    except Exception:  # what it raises is another matter
        pass
    return thread_time() - begin


def growth(work: Work, unit: Unit, size: int = SIZE) -> float:
    """By the least of some measurements; 0 where there is too little to measure."""
    small, large = unit.octets(size), unit.octets(TIMES * size)
    least = seconds(work, large)
    if least < SHORT:
        return 0.0
    smallest = seconds(work, small)
    for _ in range(TRIES):
        if least < STEEP * smallest:
            break
        least = min(least, seconds(work, large))
        smallest = min(smallest, seconds(work, small))
    return least / smallest


def steep(work: Work, units: Iterable[Unit], size: int = SIZE) -> tuple[Unit, float] | None:
    for unit in units:
        found = growth(work, unit, size)
        if found >= STEEP:
            return unit, found
    return None
