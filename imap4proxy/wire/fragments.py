r"""fragments - the only file that knows {n}.

    fragments.feed(octets)
    fragments.line(bound)    -> Line(b"a LOGIN u ", Literal(6)), None: more octets needed
    fragments.take(n)        -> what there is of the literal, at most n octets
    fragments.drop(n)        -> how many were dropped of it, at most n
    fragments.skip()         -> the end of a line that is not wanted, as a Line; None as above

Cuts what a client sends into lines and literals and looks inside neither.  Who
reads a Line that announces a literal decides whether its octets come (take,
drop) or, where it is synchronizing and refused, never will (line again).

    literal_at(buffer, at)   -> (Literal(6), 13): the same in what a server sends
    header(Literal(6))       -> b"{6}\r\n"

A line has a `flaw` where it is none: ended by a bare LF, longer than the bound,
or announcing what no number of octets can be.  Any other header that is no
header, as {2++}, is left in the text, where no production of the grammar accepts
it; `treacherous(text)` then tells whether octets may be on their way behind it.

Linear: how far a search went is remembered.  Constant memory while skipping.
Sources: RFC 3501 section 9 (literal), RFC 7888, RFC 3516 (literal8), RFC 9051.
"""

from __future__ import annotations

import re
from typing import NamedTuple, Sized

from .abnf import NUMBER64

_HEADER = re.compile(rb"(~?)\{(\d{1,19})(\+?)\}")
_SERVER_HEADER = re.compile(rb"(~?)\{(\d{1,19})\}\r\n")
_SERVER_HEADER_BEGUN = re.compile(rb"~?(?:\{(?:\d{0,19}|\d{1,19}\}\r?))?")
_LONGEST_HEADER = len(b"~{+}\r\n") + 19

_CR = ord("\r")
_TILDE = ord("~")

BARE_LF = "a line ended by a bare LF"
TOO_LONG = "line too long"
TOO_LARGE = "a literal larger than any"


class Literal(NamedTuple):
    """What a literal header announces: `{size}`, `{size+}`, `~{size}` (binary)."""

    size: int
    synchronizing: bool = True
    binary: bool = False


class Line(NamedTuple):
    """A line without its CRLF and without the literal header at its end.

    `text` may hold a password: it is not shown.
    """

    text: bytes
    literal: Literal | None = None
    flaw: str = ""

    @property
    def length(self) -> int:
        """Octets, with the header (as we would write it) and CRLF."""
        return len(self.text) + len(b"\r\n" if self.literal is None else header(self.literal))

    def __repr__(self) -> str:
        return f"Line({len(self.text)} octets, {self.literal}, {self.flaw!r})"


class NotAHeader(ValueError):
    """These octets are no literal header, whatever follows them."""


def header(literal: Literal) -> bytes:
    """The octets that announce `literal`, CRLF included."""
    return b"%s{%d%s}\r\n" % (
        b"~" if literal.binary else b"",
        literal.size,
        b"" if literal.synchronizing else b"+",
    )


def literal_at(buffer: bytes | bytearray, at: int) -> tuple[Literal, int] | None:
    """The literal that a server announces at `at`, and where its octets begin.

    None: more octets are needed.  NotAHeader: it will never be one.
    """
    found = _SERVER_HEADER.match(buffer, at)
    if found is None:
        if _SERVER_HEADER_BEGUN.fullmatch(buffer, at):
            return None
        raise NotAHeader
    size = int(found[2])
    if size > NUMBER64:
        raise NotAHeader
    return Literal(size, binary=bool(found[1])), found.end()


def treacherous(text: bytes) -> bool:
    """May octets be on their way behind this line, which is not valid?

    Any form of a literal header with a plus says so: the client does not wait.
    """
    brace = text.rfind(b"{")
    return brace >= 0 and b"+" in text[brace:]


def _cut(text: bytes) -> Line:
    """The line `text`, which ends in a brace, without the header if that is one."""
    brace = text.rfind(b"{")
    if brace < 0:
        return Line(text)
    start = brace - 1 if brace and text[brace - 1] == _TILDE else brace
    found = _HEADER.fullmatch(text, start)
    if found is None:
        return Line(text)
    size = int(found[2])
    if size > NUMBER64:
        return Line(text, None, TOO_LARGE)
    return Line(text[:start], Literal(size, not found[3], bool(found[1])))


class Fragments:
    """Lines and literals of a client; what is fed and not yet asked for is held."""

    __slots__ = ("_buffer", "_searched", "dropped", "held")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self.held: Sized = self._buffer  # for who asks often how much: len(held)
        self._searched = 0  # no LF before this place
        self.dropped = 0    # octets that drop and skip have thrown away

    def __len__(self) -> int:
        """Octets held."""
        return len(self._buffer)

    def feed(self, octets: bytes) -> None:
        self._buffer += octets

    def line(self, bound: int) -> Line | None:
        """The next line of at most `bound` octets, CRLF included.

        A line that is TOO_LONG is not consumed: its first octets are shown, and
        skip() gets rid of it.
        """
        buffer = self._buffer
        end = buffer.find(b"\n", self._searched)
        if end < 0 and len(buffer) < bound:
            self._searched = len(buffer)
            return None
        if end < 0 or end >= bound:
            return Line(bytes(buffer[:bound]), None, TOO_LONG)
        return self._line(end)

    def skip(self) -> Line | None:
        """Drop the rest of a line; its last octets as a Line, for what they announce."""
        buffer = self._buffer
        end = buffer.find(b"\n", self._searched)
        kept = _LONGEST_HEADER
        if end < 0:
            self.drop(len(buffer) - kept)
            self._searched = len(buffer)
            return None
        self.drop(end - kept)
        self.dropped += min(end, kept) + 1
        return self._line(min(end, kept))

    def take(self, most: int) -> bytes:
        """The next octets of a literal: what there is, at most `most`."""
        octets = bytes(self._buffer[:most])
        del self._buffer[:most]
        self._searched = 0
        return octets

    def drop(self, most: int) -> int:
        """Throw away what there is, at most `most` octets; how many it were."""
        count = min(max(most, 0), len(self._buffer))
        del self._buffer[:count]
        self._searched = 0
        self.dropped += count
        return count

    def _line(self, end: int) -> Line:
        """Cut off the line whose LF stands at `end`."""
        buffer = self._buffer
        self._searched = 0
        if not end or buffer[end - 1] != _CR:
            line = Line(bytes(buffer[:end]), None, BARE_LF)
        else:
            text = bytes(buffer[: end - 1])
            line = _cut(text) if text.endswith(b"}") else Line(text)
        del buffer[: end + 1]
        return line
