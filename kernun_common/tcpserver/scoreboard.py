"""scoreboard - the memory that parent, children and listener share.

    board = Scoreboard(slots)                       before the first fork
    slot = board.take()                             parent: a free slot, as STARTING
    board.free(slot)                                parent: when the child has been reaped
    board.enter(slot, State.IDLE)                   child: its own slot only
    board.begin_session(slot, client, token)        likewise; client None: not known yet
    board.know_client(slot, client)                 likewise
    board.end_session(slot)                         likewise
    board.counts()                                  how many children are in each state
    board.sessions_of(client)                       how many serve a client of this address
    board.last_token()                              of the connections that children have taken

A slot has one writer at a time: the parent while no child has it, then the
child.  One exception is harmless: the parent marks an idle child that it tells
to leave as ENDING; if the child has just become busy, its own BUSY counts.

The states lie side by side, and so do the numbers of each kind, so that counting
is a scan of memory and costs nothing worth mentioning.  The memory is anonymous: it
ends with the last process.
"""

from __future__ import annotations

import mmap
from typing import Final, Tuple

from kernun_common.sockaddr import Address

from .state import Counts, State

_NUMBER: Final = "Q"  # unsigned, 64 bits: memoryview's word for it
_OCTETS = 8  # of a number
_KINDS = 4  # of numbers that a slot has

_MAPPED = 0xFFFF << 32  # in front of an IPv4 address, so that it is no IPv6 address (RFC 4291)
_LOW = (1 << 64) - 1


class Scoreboard:
    """A slot for each child."""

    def __init__(self, slots: int) -> None:
        part = slots * _OCTETS
        self._memory = mmap.mmap(-1, _KINDS * part + slots)
        shared = memoryview(self._memory)
        self._sessions, self._tokens, self._high, self._low = (
            shared[kind * part : (kind + 1) * part].cast(_NUMBER) for kind in range(_KINDS)
        )
        self._states = slice(_KINDS * part, _KINDS * part + slots)

    def take(self) -> int | None:
        """A free slot, now STARTING and with no session served; None where there is none."""
        slot = self._memory[self._states].find(State.FREE)
        if slot < 0:
            return None
        self._sessions[slot] = 0
        self.enter(slot, State.STARTING)
        return slot

    def free(self, slot: int) -> None:
        """Its token stays: it says that this one and those before it have been taken."""
        self.end_session(slot)
        self.enter(slot, State.FREE)

    def enter(self, slot: int, state: State) -> None:
        self._memory[self._states.start + slot] = state

    def state(self, slot: int) -> State:
        return State(self._memory[self._states.start + slot])

    def begin_session(self, slot: int, client: Address | None, token: int) -> None:
        """The child is BUSY before its token shows that the connection was taken."""
        self._sessions[slot] += 1
        if client is not None:
            self.know_client(slot, client)
        self.enter(slot, State.BUSY)
        if token:
            self._tokens[slot] = token

    def know_client(self, slot: int, client: Address) -> None:
        self._high[slot], self._low[slot] = _halves(client)

    def end_session(self, slot: int) -> None:
        self._high[slot] = self._low[slot] = 0

    def sessions(self, slot: int) -> int:
        """Sessions that the child of this slot has begun to serve."""
        return self._sessions[slot]

    def sessions_of(self, client: Address) -> int:
        high, low = _halves(client)
        lows = self._low.tolist()
        if low not in lows:
            return 0
        return list(zip(self._high.tolist(), lows)).count((high, low))

    def last_token(self) -> int:
        return max(self._tokens)

    def counts(self) -> Counts:
        states = self._memory[self._states]
        return Counts(
            starting=states.count(State.STARTING),
            idle=states.count(State.IDLE),
            busy=states.count(State.BUSY),
            ending=states.count(State.ENDING),
        )


def _halves(client: Address) -> Tuple[int, int]:
    number = int(client)
    if client.version == 4:
        return 0, _MAPPED | number
    return number >> 64, number & _LOW
