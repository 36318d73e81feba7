"""response_fetch - FETCH responses: those in a row at once, mails that come within Data.

    reader.flow = Flow(5000)     literals of mails up to this size come within Data (`flows`)
    reader.flow = STILL          ... from the next one on none does
    reader.flowing               are we in one of these?
    reader.utf8 = True           UTF-8 where it may stand

What does not fit its expressions is left to the checker.  It is a part of the reader, and
shares its state, so that a response costs no call more than it has to.
See also: response_reader.py, fetch_data.py (the expressions), fetch_run.py (the row).
"""

from __future__ import annotations

from typing import Match, Tuple

from .checker import Checker
from .data import Data
from .fetch_data import Fetch, Lines
from .fetch_run import NONE, STILL, Flow, Place, Run, walk
from .kinds import UNKNOWN, Kind, kinds
from .response_limits import ResponseLimits
from .response_octets import ResponseOctets
from .tokens import announced

FLOOD = 1 << 19  # octets still to come of a literal that had better go past the reader


_Way = Tuple[Lines, float]  # how to read a row, and the largest literal that is stepped over


class FetchResponses(ResponseOctets):
    __slots__ = (
        "_utf8", "_flow", "_ways", "_flowing", "_checker", "_kind", "_number", "_fetch", "_kinds",
        "_unknown",
    )  # fmt: skip

    def __init__(self, limits: ResponseLimits) -> None:
        super().__init__(limits)
        self._flow = STILL
        self.utf8 = False
        self._flowing = 0  # octets of a literal that are still to come, within Data
        self._checker = Checker(limits)
        self._kind: Kind | None = None  # of the response that we are in
        self._number: int | None = None

    @property
    def utf8(self) -> bool:
        """Has the client enabled UTF8=ACCEPT or IMAP4rev2?"""
        return self._utf8

    @utf8.setter
    def utf8(self, enabled: bool) -> None:
        self._utf8 = enabled
        self._kinds = kinds(enabled)
        self._unknown = self._kinds[UNKNOWN]
        self._fetch = Fetch.of(enabled)
        self.flow = self._flow

    @property
    def flow(self) -> Flow:
        """Which literals come within Data; a response that has begun so may end otherwise."""
        return self._flow

    @flow.setter
    def flow(self, flow: Flow) -> None:
        self._flow = flow
        still: _Way = (self._fetch, NONE)
        way: _Way = (self._fetch.headers if flow.headers else self._fetch, flow.most)
        self._ways = (way, still) if flow.headers else (way,)

    @property
    def flowing(self) -> bool:
        """Is it in a literal whose octets come within Data?"""
        return self._flowing > 0

    def _fetches(self, found: Match[bytes], way: _Way) -> Data | None:
        """FETCH responses in a row, or one up to its literal."""
        self._number = int(found[1])
        run = self._walk(found, way, Place(self._at, 0))
        if run.end > self._at:
            return self._ran(run, first=True, flows=way[1] != NONE)
        self._kind = self._kinds[b"FETCH"]
        return self._fetch_literal(found, taken=0)

    def _walk(self, found: Match[bytes] | None, way: _Way, place: Place) -> Run:
        return walk(way[0], self._buffer, found, place, self._limits.whole_line, way[1])

    def _ran(self, run: Run, first: bool, flows: bool = True) -> Data:
        """What a run went over; `first`: it began with a response."""
        octets, last = self._buffer[self._at:run.end], not run.taken
        self._at = run.end
        self._kind = None if last else self._kinds[b"FETCH"]
        if run.taken:
            self._checker.begin(self._fetch.behind, run.taken)
        self._flowing, literal = (run.owed, 0) if run.owed < FLOOD else (0, self._owe(run.owed))
        return Data("FETCH", self._number, octets, first, last, literal, (), run.ended, b"", flows)

    def _flow_on(self) -> Data:
        """Within a literal that flows, and behind it, unless nothing flows any more."""
        at, taken = self._at + self._flowing, self._checker.taken
        if at >= len(self._buffer) or self._flow == STILL:
            end = min(at, len(self._buffer))
            return self._ran(Run(end, taken, at - end, 0), first=False)
        way = self._ways[0]
        found = way[0].rest(self._buffer, at, at + self._limits.whole_line)
        return self._ran(self._walk(found, way, Place(at, taken)), first=False)

    def _fetch_rest(self, found: Match[bytes]) -> Data | None:
        """The end of a FETCH response, or what stands between two of its literals."""
        if found.lastindex is not None:
            return self._fetch_literal(found, self._checker.taken)
        octets = self._buffer[self._at:found.end()]
        self._at = found.end()
        self._kind = None
        return Data("FETCH", self._number, octets, False, True)

    def _fetch_literal(self, found: Match[bytes], taken: int) -> Data | None:
        """What there is up to the end of `found`, where the literal of an item is announced."""
        assert found.lastindex is not None
        literal = announced(self._buffer, found.end())
        if literal is None:
            return None
        size, end = literal
        octets = self._buffer[self._at:end]
        self._at = end
        self._checker.begin(self._fetch.behind, taken + len(octets))
        return Data(
            "FETCH", self._number, octets, not taken, False, self._owe(size),
            item=found[found.lastindex],
        )  # fmt: skip
