"""state - what a child does, and how many do it.  [P]"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple


class State(IntEnum):
    """The value is the octet in the shared memory."""

    FREE = 0  # no child has this slot
    STARTING = 1
    IDLE = 2
    BUSY = 3
    ENDING = 4


class Counts(NamedTuple):
    """How many children are in each state."""

    starting: int = 0
    idle: int = 0
    busy: int = 0
    ending: int = 0

    @property
    def ready(self) -> int:
        """Those that can take a session now or in a moment."""
        return self.starting + self.idle

    @property
    def total(self) -> int:
        return sum(self)
