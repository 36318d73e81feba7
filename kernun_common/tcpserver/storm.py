"""storm - do children die at once, again and again?  [P]

    guard = StormGuard()
    guard.note(death, now)      True: yes; starting another one is pointless

A death is early if the child had no session and had lived for less than `QUICK`
seconds, or if it says itself that it could not begin.  One that was killed while
it waited for clients is none: that was somebody else's doing.  `LIMIT` early
deaths within `WINDOW` seconds, with no child between them that had served a
session or had been told to leave, are a storm.

See also: tcpserver(7); parent.py, which then ends.
"""

from __future__ import annotations

from collections import deque
from typing import NamedTuple

from .state import State

LIMIT = 10  # early deaths; more than init-children by default, so that all of them may fail twice
QUICK = 5.0  # seconds; a child begins within milliseconds
WINDOW = 60.0  # seconds; slower than this is no storm

COULD_NOT_BEGIN = 3  # exit status of such a child, and of the parent that gives up
SIGKILL = -9  # as a return code says it


class Death(NamedTuple):
    """How a child ended; `code` as in subprocess: an exit status, or minus a signal's number."""

    pid: int
    code: int
    state: State
    sessions: int
    age: float  # seconds

    @property
    def early(self) -> bool:
        if self.code == 0 or self.sessions:
            return False
        if self.code == SIGKILL and self.state is State.IDLE:
            return False
        return self.code == COULD_NOT_BEGIN or self.age < QUICK


class StormGuard:
    """Counts early deaths."""

    def __init__(self) -> None:
        self._early: deque[float] = deque(maxlen=LIMIT)

    def note(self, death: Death, now: float) -> bool:
        """Is this the death that makes a storm?  `now` in seconds of any clock that never stops."""
        if death.early:
            self._early.append(now)
        elif death.code == 0 or death.sessions:
            self._early.clear()
        return len(self._early) == LIMIT and now - self._early[0] <= WINDOW
