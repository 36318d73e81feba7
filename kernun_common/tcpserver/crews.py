"""crews - the children in force, those of before a reload, and those that are to come.

    crews = Crews(first)
    crews.current               the crew in force
    crews.coming                waits for its helpers; at the beginning the first one
    crews.arrived(now)          -> the coming one, once it is ready; it is not coming then
    crews.replace(crew)         it is in force; -> the one that was, which has to leave
    crews.bury(pid, status, now)     how children died, as Crew.bury
    for crew in crews: ...      all of them

See also: crew.py, renewal.py, ending.py.
"""

from __future__ import annotations

from signal import Signals
from typing import Iterator, List, Optional

from .crew import Crew
from .scoreboard import Scoreboard
from .storm import Death


class Crews:
    def __init__(self, first: Crew) -> None:
        self.current = first
        self.coming: Optional[Crew] = first
        self._old: List[Crew] = []

    def __iter__(self) -> Iterator[Crew]:
        yield self.current
        yield from self._old
        if self.newcomer is not None:
            yield self.newcomer

    @property
    def newcomer(self) -> Optional[Crew]:
        """What comes in place of another crew."""
        return None if self.coming is self.current else self.coming

    @property
    def in_force(self) -> bool:
        """Is any of them?"""
        return self.coming is not self.current

    @property
    def gone(self) -> bool:
        return all(crew.gone for crew in self)

    @property
    def children(self) -> int:
        return sum(map(len, self))

    @property
    def old_children(self) -> int:
        return sum(map(len, self._old))

    @property
    def old_boards(self) -> List[Scoreboard]:
        return [crew.board for crew in self._old]

    @property
    def busy(self) -> int:
        return sum(crew.counts.busy for crew in self)

    def arrived(self, now: float) -> Optional[Crew]:
        crew = self.coming
        if crew is None:
            return None
        crew.start_helpers(now)
        if not crew.ready:
            return None
        self.coming = None
        return crew

    def replace(self, crew: Crew) -> Crew:
        old, self.current = self.current, crew
        self._old.append(old)
        return old

    def bury(self, pid: int, status: int, now: float) -> Iterator[Death]:
        for crew in list(self):
            death = crew.bury(pid, status, now)
            if death is not None:
                yield death

    def drop_gone(self) -> None:
        self._old = [crew for crew in self._old if not crew.gone]

    def retire(self) -> None:
        for crew in self:
            crew.retire()

    def stop(self) -> None:
        for crew in self:
            crew.stop()

    def signal(self, number: Signals) -> None:
        for crew in self:
            crew.signal(number)

    def forget(self) -> None:
        """In a child."""
        for crew in self:
            crew.forget()
