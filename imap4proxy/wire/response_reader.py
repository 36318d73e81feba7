"""response_reader - octets of a server in, pieces of responses out.

    prepare()                    once, before forking: the grammar takes a while to compile
    reader = ResponseReader(ResponseLimits())
    reader.feed(octets)
    reader.next()             -> Status, Capability, Continuation, Data; None: more octets needed
    reader.take(n)            -> of the literal that the last Data announced, what there is
    reader.passed(n)             n octets of it go past the reader
    reader.flow = 5000           literals of mails up to this size come within Data (`flows`)
    reader.authenticated = True  wider bounds; reader.utf8 = True: UTF-8 where it may stand

A line that is whole goes through one expression.  A longer one is checked and
given as it comes (checker.py), so that a `* SEARCH` of a megabyte is never held.
While octets of a literal are owed that does not flow, there is no next piece.  PeerError: what came
is not valid IMAP, or over a bound; the reader is of no use then.

See also: data.py, status.py (the pieces), kinds.py, fetch_data.py (the grammar).
"""

from __future__ import annotations

import re
from typing import Match, NoReturn, Union

from kernun_common.errors import PeerError, Side

from . import abnf, capability_data, continuation, status
from .checker import Checker, Progress
from .data import Capability, Continuation, Data
from .fetch_data import Fetch
from .fetch_run import NONE, Place, Run, walk
from .kinds import UNKNOWN, Kind, kinds
from .response_limits import ResponseLimits
from .status import Status
from .tokens import announced

Piece = Union[Status, Capability, Continuation, Data]

_STAR, _PLUS = b"*+"
FLOOD = 1 << 19  # octets still to come of a literal that had better go past the reader
_LONGEST_NAME = 64
_HEAD = re.compile(
    rb"\* (?:([0-9]{1,10}) )?([A-Za-z][%s]{0,%d}+)(?=[ \r])" % (abnf.ATOM_CHAR, _LONGEST_NAME)
).match


def _invalid(what: str) -> NoReturn:
    raise PeerError(Side.SERVER, what)


def prepare() -> None:
    """Compile the grammar, so that no child has to do it for itself."""
    for utf8 in (False, True):
        kinds(utf8)


class ResponseReader:
    __slots__ = (
        "authenticated", "_utf8", "_limits", "_buffer", "_at", "_sought", "_tried",
        "_owed", "flow", "_flows", "_checker", "_kind", "_number", "_fetch", "_kinds", "_unknown",
    )  # fmt: skip

    def __init__(self, limits: ResponseLimits) -> None:
        self.authenticated = False
        self.utf8 = False
        self._limits = limits
        self._buffer = b""
        self._at = 0      # what stands before has been given
        self._sought = 0  # no CRLF begins before
        self._tried = 0   # octets that the checker has seen and could not take
        self._owed = 0    # of a literal
        self.flow: float = NONE
        self._flows = False  # what is owed comes within Data
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

    @property
    def buffered(self) -> int:
        """Octets that came and were not given yet."""
        return len(self._buffer) - self._at

    @property
    def midway(self) -> bool:
        """Is the server inside a response?"""
        return bool(self._owed or self._kind or self.buffered)

    @property
    def flowing(self) -> bool:
        """Is it in a literal whose octets come within Data?"""
        return self._flows and self._owed > 0

    # --- octets ------------------------------------------------------------------------------

    def feed(self, octets: bytes) -> None:
        if self._at == len(self._buffer):
            self._buffer = octets
            self._sought = 0
        else:
            self._buffer = self._buffer[self._at:] + octets
            self._sought = max(0, self._sought - self._at)
        self._at = 0

    def take(self, most: int) -> bytes:
        """Octets of the literal that is owed: what there is of it, at most `most`."""
        end = self._at + min(most, self._owed)
        octets = self._buffer[self._at:end]
        self._at += len(octets)
        self._owed -= len(octets)
        return octets

    def passed(self, count: int) -> None:
        """`count` octets of the literal that is owed have gone another way."""
        assert count <= self._owed and not self.buffered
        self._owed -= count

    # --- pieces ------------------------------------------------------------------------------

    def next(self) -> Piece | None:
        if self._at == len(self._buffer):
            return None
        if self._owed:
            return self._flow_on() if self._flows else None
        end = self._line_end()
        if self._kind is not None:
            return self._further(self._kind) if end or self._worth_trying() else None
        if end:
            return self._line(end)
        return self._long_line() if self._worth_trying() else None

    def _line_end(self) -> int:
        """Where the line ends that we are in, CRLF included; 0 while that is not known."""
        end = self._buffer.find(b"\r\n", max(self._sought, self._at))
        self._sought = end if end >= 0 else len(self._buffer) - 1
        length = (end + 2 if end >= 0 else len(self._buffer)) - self._at
        if not self.authenticated and length > self._limits.line_before_login:
            _invalid("a line too long before login")
        return end + 2 if end >= 0 else 0

    def _worth_trying(self) -> bool:
        """Is a line checked before its end?  Each time when twice as much has come: linear."""
        limits = self._limits
        enough = min(max(limits.whole_line, 2 * self._tried), limits.token)
        return self.authenticated and self.buffered >= enough

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
            found = self._fetch.whole(buffer, at, at + limits.whole_line)
            if found is not None:
                return self._fetches(found)
        found = _HEAD(buffer, at)
        if found is None:
            _invalid("neither data nor a status response")
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
            _invalid(f"a number before {found[2].decode()}")
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
            _invalid("a status response too long")

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

    def _owe(self, size: int) -> int:
        """The next `size` octets are a literal."""
        if not self.authenticated and size > self._limits.literal_before_login:
            _invalid("a literal too long before login")
        self._owed = size
        return size

    # --- FETCH -------------------------------------------------------------------------------

    def _fetches(self, found: Match[bytes]) -> Data | None:
        """FETCH responses in a row, or one up to its literal."""
        self._number = int(found[1])
        run = self._walk(found, self._at, 0)
        if run.end > self._at:
            return self._ran(run, first=True)
        self._kind = self._kinds[b"FETCH"]
        return self._fetch_literal(found, taken=0)

    def _walk(self, found: Match[bytes] | None, at: int, taken: int) -> Run:
        whole_line = self._limits.whole_line
        return walk(self._fetch, self._buffer, found, Place(at, taken), whole_line, self.flow)

    def _ran(self, run: Run, first: bool) -> Data:
        """What a run went over; `first`: it began with a response."""
        octets, last = self._buffer[self._at:run.end], not run.taken
        self._at, self._owed = run.end, run.owed
        self._kind = None if last else self._kinds[b"FETCH"]
        if run.taken:
            self._checker.begin(self._fetch.behind, run.taken)
        self._flows = run.owed < FLOOD
        literal = 0 if self._flows else run.owed
        flows = self.flow != NONE
        return Data("FETCH", self._number, octets, first, last, literal, (), run.ended, b"", flows)

    def _flow_on(self) -> Data:
        """Within a literal that flows, and behind it."""
        at, taken = self._at + self._owed, self._checker.taken
        if at >= len(self._buffer):
            return self._ran(Run(len(self._buffer), taken, at - len(self._buffer), 0), first=False)
        found = self._fetch.rest(self._buffer, at, at + self._limits.whole_line)
        return self._ran(self._walk(found, at, taken), first=False)

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
