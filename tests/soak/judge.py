"""judge - do measured values stay as they are?

    slope([[(0, 1.0), (60, 2.0)], ...])     how much a value rises in a unit of time
    Row("parent", "KiB", series).judged     what is printed of it

A series are points (time, value) of one process.  Processes come and go, and differ in size from
the beginning; so the line is fitted to all series at once with one slope, and each has a height
of its own.  Pure: values in, values out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence, Tuple

Series = Sequence[Tuple[float, float]]

MINUTE = 60.0  # seconds


def slope(series: Sequence[Series]) -> float:
    """By least squares, around the means of each series; 0.0 where nothing tells of any."""
    above = below = 0.0
    for points in series:
        if not points:
            continue
        middle = sum(at for at, _ in points) / len(points)
        mean = sum(value for _, value in points) / len(points)
        above += sum((at - middle) * (value - mean) for at, value in points)
        below += sum((at - middle) ** 2 for at, _ in points)
    return above / below if below else 0.0


@dataclass(frozen=True)
class Row:
    """What is measured, in which unit, and how far it may rise in all the time that is judged."""

    name: str
    unit: str
    series: Sequence[Series]
    bound: float

    @property
    def values(self) -> list[float]:
        return [value for points in self.series for _, value in points]

    @property
    def per_minute(self) -> float:
        return slope(self.series) * MINUTE

    @property
    def seconds(self) -> float:
        """From the first to the last point."""
        times = [at for points in self.series for at, _ in points]
        return max(times) - min(times) if times else 0.0

    @property
    def rise(self) -> float:
        """What the line rises by in all the time."""
        return self.per_minute * self.seconds / MINUTE

    @property
    def flat(self) -> bool:
        """Where nothing was measured nothing is known to be flat."""
        return bool(self.values) and self.rise <= self.bound
