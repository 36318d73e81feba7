"""intake - octets of a bulk, read ahead of those who ask for them.

    intake = Intake()
    intake.fill(transport.read_into)    as many as there are, up to SIZE; only when it is empty
    intake.take(1000)                   a view of the next ones: not copied

A view is good until the next `fill`: whoever keeps one lets nobody fill.
"""

from __future__ import annotations

from typing import Callable

SIZE = 1 << 18  # octets; larger ones gained nothing for mails of 100 KB


class Intake:
    """A buffer that is filled and emptied in turns; made when it is first filled."""

    __slots__ = ("_end", "_start", "_view")

    def __init__(self) -> None:
        self._view = memoryview(b"")
        self._start = self._end = 0

    def __len__(self) -> int:
        """Octets that wait to be taken."""
        return self._end - self._start

    def fill(self, read_into: Callable[[memoryview], int | None]) -> int | None:
        """What `read_into` says: how many octets, 0 = the end, None = none yet."""
        assert self._start == self._end
        if not self._view:
            self._view = memoryview(bytearray(SIZE))
        count = read_into(self._view)
        self._start, self._end = 0, count or 0
        return count

    def take(self, most: int) -> memoryview:
        """The next octets, at most so many; none if it is empty."""
        start = self._start
        self._start = min(start + most, self._end)
        return self._view[start : self._start]
