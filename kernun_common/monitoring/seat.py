"""seat - from where one process writes on the board.

    seat = Seat(board, limits, layers)      in the parent; None for a board: nothing is shown
    seat.take(slot)                         in the process that writes there from now on
    seat.begin("[192.0.2.7]:40312")         a session ...
    seat.phase("connecting")                ... at the turns of its life
    seat.show(record, live)                 ... again and again; words only where they changed
    seat.end("ACCEPTED")                    ... and its end; what is over cannot end again
    seat.count(("messages", "TCPS-640", "E"))
    seat.count_message(message)             the same, for the log

A session shows itself once a second; counters cost a microsecond then, changed words
some ten.  The ACLs of a record are counted when they first appear in it.  What the
board does not know is not counted.
"""

from __future__ import annotations

import os
import time
from typing import Dict, Optional, Tuple

from kernun_common.log.message import Message

from .board import (
    COUNTERS,
    LENGTH,
    LIVE,
    MICROSECOND,
    PID,
    SEQUENCE,
    SINCE,
    Board,
    Key,
)
from .record import Limits, Live, Record, brief, encode

NONE = "none"  # stands for the ACL where no one was selected


class Seat:
    """See the file's first lines."""

    def __init__(
        self, board: Optional[Board], limits: Limits, layers: Tuple[str, ...] = ()
    ) -> None:
        """`layers`: the keywords of the ACLs, phase by phase."""
        self._board = board
        self._limits = limits
        self._layers = layers
        self._index: Dict[Key, int] = {}  # of the words in which is counted
        self._slot = self._base = 0
        self._open = False
        self._client = ""
        self._record: Optional[Record] = None  # that is shown as a whole
        self._counted = 0  # of its ACLs

    def take(self, slot: int) -> None:
        if self._board is None:
            return
        board = self._board
        self._slot, self._base = slot, board.base(slot)
        first = self._base + COUNTERS
        self._index = {key: first + index for index, key in enumerate(board.keys)}
        self._text = board.text(slot)
        self._words = board.words
        self._words[self._base + SEQUENCE] += 2  # somebody is here
        self._open = False

    def begin(self, client: str) -> None:
        if not self._index:
            return
        words, base = self._words, self._base
        words[base + SEQUENCE] += 1
        words[base + SINCE] = int(time.time() / MICROSECOND)
        words[base + PID] = os.getpid()
        self._client, self._counted = client, 0
        self._write_brief("")
        words[base + SEQUENCE] += 1
        self._open = True

    def phase(self, state: str) -> None:
        """Only this of it, and the client; until it is shown as a whole again."""
        if not self._open:
            return
        words, base = self._words, self._base
        words[base + SEQUENCE] += 1
        self._write_brief(state)
        words[base + SEQUENCE] += 1

    def show(self, record: Record, live: Live) -> None:
        if not self._open:
            return
        words, base = self._words, self._base
        words[base + SEQUENCE] += 1
        self._write_live(live)
        if record != self._record:
            self._write(encode(record, self._limits))
            self._count_acls(record.acls)
            self._record = record
        words[base + SEQUENCE] += 1

    def _write_brief(self, state: str) -> None:
        self._write(brief(self._client, state))
        self._record = None

    def _write(self, octets: bytes) -> None:
        self._text[: len(octets)] = octets
        self._words[self._base + LENGTH] = len(octets)

    def _write_live(self, live: Live) -> None:
        words, at = self._words, self._base + LIVE
        for number in live:
            if number > words[at]:
                words[at] = number
            at += 1

    def _count_acls(self, acls: Tuple[str, ...]) -> None:
        for layer, name in zip(self._layers[self._counted :], acls[self._counted :]):
            self.count(("acls", layer, name or NONE))
        self._counted = max(self._counted, len(acls))

    def end(self, result: str, live: Live = Live(), acls: Tuple[str, ...] = ()) -> None:
        """`live` and `acls` as they were at the end, where they were not shown."""
        if not self._open or self._board is None:
            return
        words, base = self._words, self._base
        words[base + SEQUENCE] += 1
        self._write_live(live)
        self._count_acls(acls)
        self._board.settle(self._slot)
        self.count(("sessions", result))
        words[base + SEQUENCE] += 1
        self._open = False

    def count(self, key: Key, number: int = 1) -> None:
        index = self._index.get(key)
        if index is not None:
            self._words[index] += number

    def count_message(self, message: Message) -> None:
        self.count(("messages", message.identification, message.severity.value))
