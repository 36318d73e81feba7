"""response_reader - octets of a server in, pieces of responses out.

    prepare()                    once, before forking: the grammar takes a while to compile
    reader = ResponseReader(ResponseLimits())
    reader.feed(octets)
    reader.next()             -> Status, Capability, Continuation, Data; None: more octets needed
    reader.take(n)            -> of the literal that the last Data announced, what there is
    reader.passed(n)             n octets of it go past the reader
    reader.flow = Flow(5000)     literals of mails up to this size come within Data (`flows`)
    reader.authenticated = True  wider bounds; reader.utf8 = True: UTF-8 where it may stand

A line that is whole goes through one expression.  A longer one is checked and
given as it comes (checker.py), so that a `* SEARCH` of a megabyte is never held.
While octets of a literal are owed, which take() and passed() are for, there is no next piece;
those of one that flows are nobody's but the next Data's.  PeerError: what came is not valid IMAP,
or over a bound; the reader is of no use then.

See also: response_octets.py and response_fetch.py, which are parts of it; data.py, status.py
(the pieces), kinds.py (the grammar).
"""

from __future__ import annotations

import re
from typing import Match, Union

from . import abnf, capability_data, continuation, status
from .checker import Progress
from .data import Capability, Continuation, Data
from .kinds import Kind, kinds
from .response_fetch import FetchResponses
from .response_octets import invalid
from .status import Status

Piece = Union[Status, Capability, Continuation, Data]

_STAR, _PLUS = b"*+"
_LONGEST_NAME = 64
_HEAD = re.compile(
    rb"\* (?:([0-9]{1,10}) )?([A-Za-z][%s]{0,%d}+)(?=[ \r])" % (abnf.ATOM_CHAR, _LONGEST_NAME)
).match


def prepare() -> None:
    """Compile the grammar, so that no child has to do it for itself."""
    for utf8 in (False, True):
        kinds(utf8)


class ResponseReader(FetchResponses):
    __slots__ = ()

    @property
    def midway(self) -> bool:
        """Is the server inside a response?"""
        return bool(self._owed or self._kind or self.buffered)  # _kind: until a response ends

    # --- pieces ------------------------------------------------------------------------------

    def next(self) -> Piece | None:
        if self._at == len(self._buffer):
            return None
        if self._flowing:
            return self._flow_on()
        if self._owed:
            return None
        end = self._line_end()
        if self._kind is not None:
            return self._further(self._kind) if end or self._worth_trying() else None
        if end:
            return self._line(end)
        return self._long_line() if self._worth_trying() else None

    def _line(self, end: int) -> Piece | None:
        """A response begins, and its first line is whole."""
        first = self._buffer[self._at]
        if first == _STAR:
            return self._untagged(end)
        return self._continuation(end) if first == _PLUS else self._status(end)

    def _long_line(self) -> Piece | None:
        """A response begins with a line whose end has not come."""
        found = _HEAD(self._buffer, self._at)
        kind = None if found is None else self._kinds.get(found[2].upper(), self._unknown)
        if found is None or kind is None:
            self._check_held(self.buffered)
            return None
        return self._begin(kind, found)

    def _untagged(self, end: int) -> Piece | None:
        buffer, at, limits = self._buffer, self._at, self._limits
        if self.authenticated:
            for way in self._ways:
                found = way[0].whole(buffer, at, at + limits.whole_line)
                if found is not None:
                    return self._fetches(found, way)
        found = _HEAD(buffer, at)
        if found is None:
            invalid("neither data nor a status response")
        kind = self._kinds.get(found[2].upper(), self._unknown)
        if kind is None:
            return self._held(found, end)
        if end - at > limits.whole_line or not kind.match(buffer, found.end(), end):
            return self._begin(kind, found)
        self._at = end
        return Data(kind.name, kind.number(found[1]), buffer[at:end], True, True)

    # --- what is held whole ------------------------------------------------------------------

    def _held(self, found: Match[bytes], end: int) -> Piece | None:
        """An untagged status response, or the capabilities."""
        if found[1] is not None:
            invalid(f"a number before {found[2].decode()}")
        if found[2].upper() != b"CAPABILITY":
            return self._status(end)
        self._check_held(end - self._at)
        words, lenient = capability_data.words(
            self._buffer[found.end() + 1:end - 2], self._limits
        )
        self._at = end
        return Capability(words, lenient)

    def _status(self, end: int) -> Status | None:
        self._check_held(end - self._at)
        read = status.read(self._buffer, self._at, self._limits, self._utf8)
        if read is None:
            return None
        self._at = read[1]
        return read[0]

    def _continuation(self, end: int) -> Continuation:
        self._check_held(end - self._at)
        found = continuation.read(self._buffer, self._at, self._utf8)
        self._at = end
        return found

    def _check_held(self, length: int) -> None:
        if length > self._limits.status:
            invalid("a status response too long")

    # --- data --------------------------------------------------------------------------------

    def _begin(self, kind: Kind, found: Match[bytes]) -> Data | None:
        """Check a response from behind its name on."""
        self._number = kind.number(found[1])
        self._kind = kind
        self._checker.begin(kind.start, found.end() - self._at)
        piece = self._run(kind, found.end(), first=True)
        if piece is None:
            self._kind = None
        return piece

    def _further(self, kind: Kind) -> Data | None:
        """Go on with the response that we are in."""
        if self._checker.state is self._fetch.behind:
            found = self._fetch.rest(self._buffer, self._at, self._at + self._limits.whole_line)
            if found is not None:
                return self._fetch_rest(found)
        return self._run(kind, self._at, first=False)

    def _run(self, kind: Kind, at: int, first: bool) -> Data | None:
        """Let the checker take what it can, from `at` on; None if that is nothing."""
        checker, start = self._checker, self._at
        progress = checker.run(self._buffer, at)
        if checker.at > at:
            self._at = checker.at
        self._tried = self.buffered if progress is Progress.MORE else 0
        if checker.at == at:
            return None
        last = progress is Progress.END
        if last:
            self._kind = None
        octets = self._buffer[start:at] + checker.octets
        return Data(
            kind.name, self._number, octets, first, last,
            self._owe(checker.literal), tuple(checker.lenient), item=checker.item,
        )  # fmt: skip
