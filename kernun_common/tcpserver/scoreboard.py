"""scoreboard - the memory that parent and children share.

    board = Scoreboard(slots)            before the first fork
    slot = board.take()                  parent: a free slot, as STARTING
    board.enter(slot, State.BUSY)        child: its own slot only
    board.free(slot)                     parent: when the child has been reaped
    board.counts()                       how many children are in each state

A slot has one writer at a time: the parent while no child has it, then the
child.  One exception is harmless: the parent marks an idle child that it tells
to leave as ENDING; if the child has just become busy, its own BUSY counts.

The states lie side by side, so that counting is a scan of octets and costs
nothing worth mentioning.  The memory is anonymous: it ends with the last process.
"""

from __future__ import annotations

import mmap
from typing import Final

from .state import Counts, State

_COUNTER: Final = "Q"  # unsigned, 64 bits: memoryview's and array's word for it
_COUNTER_OCTETS = 8


class Scoreboard:
    """One slot a child: its state, and how many sessions it has begun to serve."""

    def __init__(self, slots: int) -> None:
        counters = slots * _COUNTER_OCTETS
        self._memory = mmap.mmap(-1, counters + slots)
        shared = memoryview(self._memory)
        self._sessions = shared[:counters].cast(_COUNTER)
        self._states = slice(counters, counters + slots)

    def take(self) -> int | None:
        """A free slot, now STARTING and with no session served; None where there is none."""
        slot = self._memory[self._states].find(State.FREE)
        if slot < 0:
            return None
        self._sessions[slot] = 0
        self.enter(slot, State.STARTING)
        return slot

    def free(self, slot: int) -> None:
        self.enter(slot, State.FREE)

    def enter(self, slot: int, state: State) -> None:
        self._memory[self._states.start + slot] = state

    def state(self, slot: int) -> State:
        return State(self._memory[self._states.start + slot])

    def begin_session(self, slot: int) -> None:
        self._sessions[slot] += 1
        self.enter(slot, State.BUSY)

    def sessions(self, slot: int) -> int:
        """Sessions that the child of this slot has begun to serve."""
        return self._sessions[slot]

    def counts(self) -> Counts:
        states = self._memory[self._states]
        return Counts(
            starting=states.count(State.STARTING),
            idle=states.count(State.IDLE),
            busy=states.count(State.BUSY),
            ending=states.count(State.ENDING),
        )
