"""report - TCPS-717, how the children stand, every info-cycle."""

from __future__ import annotations

from . import messages
from .crew import Crew


class Report:
    """Remembers the most sessions at one time, as far as the parent's cycles see them."""

    def __init__(self, info_cycle: int, now: float) -> None:
        self._cycle = info_cycle  # seconds; 0 for no reports
        self._next = now + info_cycle
        self._most = 0

    def cycle(self, crew: Crew, now: float) -> None:
        counts = crew.counts
        self._most = max(self._most, counts.busy)
        if self._cycle and now >= self._next:
            self._next = now + self._cycle
            crew.service.log.write(
                messages.CHILDREN,
                total=counts.total,
                idle=counts.idle,
                busy=counts.busy,
                most=self._most,
                sessions=crew.sessions,
            )
            self._most = counts.busy
