"""board - the memory in which the processes of a proxy show what they do, and count.

    board = Board(slots, counters, octets)      in the parent, before the first fork
    Seat(board, ...)                            who writes; seat.py
    board.vacate(slot)                          its process has gone, perhaps in mid-session
    board.sessions()                            those that are open now
    board.tally()                               the counters, of all slots together
    board.ending = True                         for everybody who has the board

Slots are those of the scoreboard, and one more for the parent.  A slot has one
writer; it makes the sequence number odd before it changes what belongs together,
and even behind it, so that a reader knows whether it has read a half-changed
record, and reads again.  One that is found half-changed again and again (its
writer was stopped, or killed) is taken as it was read the last time.

All numbers are of 64 bits, counters only grow, and a child that follows another
one in a slot goes on counting where that one was.  The memory is anonymous: it
ends with the last process, and nobody else can open it.
"""

from __future__ import annotations

import mmap
import time
from collections import Counter
from typing import Dict, Final, Iterator, Optional, Sequence, Tuple

from .record import FAILED, RESULTS, Live, Shown, decode

Key = Tuple[str, ...]  # what is counted: ("sessions", "ACCEPTED")
Tally = Counter[Key]

OCTETS: Final = tuple(("octets", *name.split("_")) for name in Live._fields[:-1])
COMMANDS: Final = ("commands",)
SESSIONS: Final = tuple(("sessions", result) for result in RESULTS)
_TOTALS: Final = (*OCTETS, COMMANDS)  # in which the counters of `Live` are added up

WORD = 8  # octets
MICROSECOND = 1e-6  # seconds

# The words of a slot; behind them the counters, those of `Live` first.
SEQUENCE, PID, SINCE, LENGTH = range(4)
LIVE = 4
COUNTERS = LIVE + len(Live._fields)

_TRIES = 40
_PAUSE = 0.0005  # seconds: writing takes a hundredth of that


class Board:
    """See the file's first lines."""

    def __init__(self, slots: int, counters: Sequence[Key], octets: int) -> None:
        """`counters` beside those that every board has; `octets` of a record, at most."""
        self.keys = (*_TOTALS, *SESSIONS, *counters)
        self.octets = octets
        self.parents_slot = slots
        self._slots = slots + 1
        self._stride = COUNTERS + len(self.keys)
        words = 1 + self._slots * self._stride
        self._memory = memoryview(mmap.mmap(-1, words * WORD + self._slots * octets))
        self.words = self._memory[: words * WORD].cast("Q")
        self._texts = self._memory[words * WORD :]
        self._last: Dict[int, Tuple[Optional[Shown], Sequence[int]]] = {}

    @property
    def ending(self) -> bool:
        """Is the proxy about to end?"""
        return bool(self.words[0])

    @ending.setter
    def ending(self, ending: bool) -> None:
        self.words[0] = ending

    def base(self, slot: int) -> int:
        """The index of the slot's first word."""
        return 1 + slot * self._stride

    def text(self, slot: int) -> memoryview:
        return self._texts[slot * self.octets : (slot + 1) * self.octets]

    def vacate(self, slot: int) -> None:
        """In the parent: nobody writes there now; a session that was open has failed."""
        words, base = self.words, self.base(slot)
        if words[base + PID]:
            words[base + SEQUENCE] |= 1
            self.settle(slot)
            words[base + COUNTERS + self.keys.index(("sessions", FAILED))] += 1
        words[base + SEQUENCE] += words[base + SEQUENCE] & 1

    def settle(self, slot: int) -> None:
        """While the sequence number is odd: the session is over, its octets are added up."""
        words, base = self.words, self.base(slot)
        for index in range(len(Live._fields)):
            words[base + COUNTERS + index] += words[base + LIVE + index]
            words[base + LIVE + index] = 0
        words[base + PID] = words[base + LENGTH] = 0

    # --- reading -----------------------------------------------------------------------------

    def sessions(self) -> Iterator[Shown]:
        for slot in range(self._slots):
            shown, _ = self._read(slot)
            if shown is not None:
                yield shown

    def tally(self) -> Tally:
        """All that was counted so far, that of open sessions too."""
        tally: Tally = Counter()
        for slot in range(self._slots):
            shown, counts = self._read(slot)
            tally.update(dict(zip(self.keys, counts)))
            if shown is not None:
                tally.update(dict(zip(_TOTALS, shown.live)))
        return tally

    def _read(self, slot: int) -> Tuple[Optional[Shown], Sequence[int]]:
        """The session of a slot, and its counters."""
        if not self.words[self.base(slot) + SEQUENCE]:  # nobody has ever written there
            return None, ()
        for _ in range(_TRIES):
            read = self._read_once(slot)
            if read is not None:
                self._last[slot] = read
                return read
            time.sleep(_PAUSE)
        return self._last.get(slot, (None, ()))

    def _read_once(self, slot: int) -> Optional[Tuple[Optional[Shown], Sequence[int]]]:
        """None if it was being changed."""
        start = self.base(slot)
        words = self.words[start : start + self._stride].tolist()
        octets = bytes(self.text(slot)[: words[LENGTH]]) if words[PID] else b""
        sequence = words[SEQUENCE]
        if sequence & 1 or self.words[start + SEQUENCE] != sequence:
            return None
        try:
            return _shown(slot, words, octets), words[COUNTERS:]
        except ValueError:  # a processor that writes in another order
            return None


def _shown(slot: int, words: Sequence[int], octets: bytes) -> Optional[Shown]:
    if not words[PID]:
        return None
    live = Live(*words[LIVE:COUNTERS])
    return Shown(slot, words[PID], words[SINCE] * MICROSECOND, live, decode(octets))
