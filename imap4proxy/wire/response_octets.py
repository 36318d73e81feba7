"""response_octets - what has come of a server and was not given yet, within its bounds.

    reader.feed(octets)
    reader.buffered              octets that came and were not given yet
    reader.take(n)               of the literal that is owed, what there is
    reader.passed(n)             n octets of it go past the reader
    reader.authenticated = True  wider bounds

See also: response_reader.py, which is made of this; response_limits.py.
"""

from __future__ import annotations

from typing import NoReturn

from kernun_common.errors import PeerError, Side

from .response_limits import ResponseLimits


def invalid(what: str) -> NoReturn:
    raise PeerError(Side.SERVER, what)


class ResponseOctets:
    __slots__ = ("authenticated", "_limits", "_buffer", "_at", "_sought", "_tried", "_owed")

    def __init__(self, limits: ResponseLimits) -> None:
        self.authenticated = False
        self._limits = limits
        self._buffer = b""
        self._at = 0      # what stands before has been given
        self._sought = 0  # no CRLF begins before
        self._tried = 0   # octets that the checker has seen and could not take
        self._owed = 0    # of a literal

    @property
    def buffered(self) -> int:
        """Octets that came and were not given yet."""
        return len(self._buffer) - self._at

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

    def _line_end(self) -> int:
        """Where the line ends that we are in, CRLF included; 0 while that is not known."""
        end = self._buffer.find(b"\r\n", max(self._sought, self._at))
        self._sought = end if end >= 0 else len(self._buffer) - 1
        length = (end + 2 if end >= 0 else len(self._buffer)) - self._at
        if not self.authenticated and length > self._limits.line_before_login:
            invalid("a line too long before login")
        return end + 2 if end >= 0 else 0

    def _worth_trying(self) -> bool:
        """Is a line checked before its end?  Each time when twice as much has come: linear."""
        limits = self._limits
        enough = min(max(limits.whole_line, 2 * self._tried), limits.token)
        return self.authenticated and self.buffered >= enough

    def _owe(self, size: int) -> int:
        """The next `size` octets are a literal."""
        if not self.authenticated and size > self._limits.literal_before_login:
            invalid("a literal too long before login")
        self._owed = size
        return size
