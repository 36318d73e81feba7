"""command_reader - from the client's octets to commands, one piece at a time.

    reader = CommandReader(Limits())
    reader.feed(octets)
    piece = reader.next()       None: more octets are needed
    reader.next_line()          the same for AUTHENTICATE and IDLE, whose lines are no commands

A piece is a Command, a Malformed, or an Announced literal, at which the reader
stands still until it is told what becomes of it:

    accept()    its octets become part of the command
    refuse()    the command is dropped: what is on its way of it is consumed, never
                read as commands; False if that is too much, then the session must end
    stream()    a mail: take(n) gives what there is of it, passed(n) tells what went
                past the reader; next() goes on behind it

Framing comes first and decides: a line that ends in a literal header is followed
by a literal, whatever the rest of it is.  A command that is not valid is dropped
to its end in the same way as a refused one; where its end is not certain (a header
with a plus that is none, a quoted string that is not closed) the session must end.
Linear, and bounded by `Limits`.
"""

from __future__ import annotations

import re
from typing import Callable, Union

from kernun_common.errors import PeerError, Side
from kernun_common.secret import Secret

from .abnf import ATOM_CHAR, TAG_CHAR
from .command import Command, Plain
from .commands import Row, row_of
from .fragments import BARE_LF, TOO_LONG, Fragments, Line, Literal, treacherous
from .limits import Limits
from .open_command import OpenCommand
from .pieces import Announced, Malformed
from .quirks import Quirks
from .scanner import Invalid, Scanner
from .strings import unclosed

Piece = Union[Command, Announced, Malformed]

_TAG = re.compile(b"([" + TAG_CHAR + rb"]+)(?: |\Z)")
_HEAD = re.compile(b"([" + TAG_CHAR + b"]+) ((?:[Uu][Ii][Dd] )?[" + ATOM_CHAR + b"]+)")

NO_QUIRKS = Quirks()


def _following(line: Line | None) -> int | None:
    """The size of a literal that follows `line` unasked; None: no such literal does."""
    if line is None or line.literal is None or line.literal.synchronizing:
        return None
    return line.literal.size


class CommandReader:
    def __init__(self, limits: Limits, quirks: Quirks = NO_QUIRKS) -> None:
        self.utf8 = False  # may quoted strings hold UTF-8: was it enabled?
        self._limits = limits
        self._quirks = quirks
        self._tolerant = quirks != NO_QUIRKS
        self._bounds = limits.bounds(logged_in=False)
        self._authenticated = False
        self._fragments = Fragments()
        self._held = self._fragments.held
        self._step: Callable[[], Piece | None] = self._first_line
        self._open: OpenCommand | None = None
        self._literal = Literal(0)   # the one that is announced
        self._content = bytearray()  # of a literal that is being collected
        self._owed = 0               # octets of a literal that are still to come

    # --- state ---------------------------------------------------------------------------------

    @property
    def authenticated(self) -> bool:
        """Do the bounds hold that are larger?"""
        return self._authenticated

    @authenticated.setter
    def authenticated(self, authenticated: bool) -> None:
        self._authenticated = authenticated
        self._bounds = self._limits.bounds(authenticated)

    @property
    def buffered(self) -> int:
        """Octets that came and are not consumed."""
        return len(self._held)

    @property
    def midway(self) -> bool:
        """Inside a line, a command or a literal?"""
        return len(self._held) > 0 or self._step != self._first_line

    @property
    def in_literal(self) -> bool:
        """Are octets of a literal due, to be kept, to pass or to be dropped?"""
        return self._owed > 0

    # --- lines ---------------------------------------------------------------------------------

    def feed(self, octets: bytes) -> None:
        self._fragments.feed(octets)

    def next(self) -> Piece | None:
        return self._step()

    def next_line(self) -> Secret | None:
        """A line of an exchange, without its CRLF.  PeerError: it is none."""
        line = self._fragments.line(self._limits.answer)
        if line is None:
            return None
        if line.flaw or line.literal is not None:
            raise PeerError(Side.CLIENT, line.flaw or "a literal in place of a line")
        return Secret(line.text)

    def _first_line(self) -> Piece | None:
        line = self._line()
        if line is None:
            return None
        text = line.text
        found = _HEAD.match(text)
        if found is None or line.flaw:
            return self._drop_line(line, self._tag_of(text), line.flaw or "command expected")
        tag, verb = found.groups()
        if len(tag) > self._limits.tag:
            return self._drop_line(line, None, "shorter tag expected")
        row, at = row_of(verb.upper()), found.end()
        if line.literal is not None:
            self._open = OpenCommand(tag, row, at, self._limits, self.utf8)
            return self._announce(self._open, line, line.literal)
        if row.bare and at == len(text):
            return Plain(tag, row.name, (), None, row.needs)
        return self._whole(tag, row, at, line)

    def _more_line(self) -> Piece | None:
        """The line behind a literal"""
        line = self._line()
        if line is None:
            return None
        command = self._open
        assert command is not None
        if line.flaw:
            return self._drop_line(line, command.tag, line.flaw)
        if line.literal is not None:
            return self._announce(command, line, line.literal)
        self._step = self._first_line
        try:
            return command.end(line, self._bounds.command)
        except Invalid as why:
            return self._drop_line(line, command.tag, str(why))

    def _line(self) -> Line | None:
        line = self._fragments.line(self._bounds.line)
        return self._tolerated(line) if self._tolerant and line is not None else line

    def _tolerated(self, line: Line) -> Line:
        text, literal, flaw = line
        if flaw is BARE_LF and self._quirks.bare_lf:
            flaw = ""
        if literal is None and self._quirks.space_before_crlf:
            text = text.removesuffix(b" ")
        return Line(text, literal, flaw)

    def _tag_of(self, text: bytes) -> bytes | None:
        found = _TAG.match(text)
        return found[1] if found and len(found[1]) <= self._limits.tag else None

    def _whole(self, tag: bytes, row: Row, at: int, line: Line) -> Piece:
        """A command of one line"""
        try:
            return row.parse(Scanner((line,), (), self._limits, at, self.utf8), tag)
        except Invalid as why:
            return self._drop_line(line, tag, str(why))

    # --- literals ------------------------------------------------------------------------------

    def accept(self) -> None:
        """Collect the literal that is announced."""
        assert self._step == self._still
        self._content.clear()
        self._owed = self._literal.size
        self._step = self._collect

    def refuse(self) -> bool:
        """Drop the command whose literal is announced; False: the session must end."""
        assert self._step == self._still
        return self._drop(self._literal)

    def stream(self) -> None:
        """Let the mail that is announced go past."""
        assert self._step == self._still and self._open is not None
        self._open.stream()
        self._owed = self._literal.size
        self._step = self._past

    def take(self, most: int) -> bytes:
        """What has come of the mail, at most `most` octets."""
        octets = self._fragments.take(min(most, self._owed))
        self._owed -= len(octets)
        return octets

    def passed(self, octets: int) -> None:
        """So many octets of the mail went past the reader."""
        assert octets <= self._owed and not self._fragments
        self._owed -= octets

    def _announce(self, command: OpenCommand, line: Line, literal: Literal) -> Piece:
        try:
            piece = command.announce(line, literal, self._bounds.command)
        except Invalid as why:
            return Malformed(command.tag, str(why), not self._drop(literal))
        self._literal = literal
        self._step = self._still
        return piece

    def _still(self) -> Piece | None:
        """Until it is said what becomes of the literal"""
        return None

    def _collect(self) -> Piece | None:
        octets = self._fragments.take(self._owed)
        self._owed -= len(octets)
        self._content += octets
        if self._owed:
            return None
        assert self._open is not None
        self._open.literals.append(bytes(self._content))
        self._content.clear()
        self._step = self._more_line
        return self._more_line()

    def _past(self) -> Piece | None:
        if self._owed:
            return None
        self._step = self._more_line
        return self._more_line()

    # --- what is dropped -----------------------------------------------------------------------

    def _drop_line(self, line: Line, tag: bytes | None, text: str) -> Malformed:
        """`line` is of no valid command: drop that to its end."""
        self._open = None
        self._step = self._first_line
        if line.literal is not None:
            return Malformed(tag, text, not self._drop(line.literal))
        if treacherous(line.text) or unclosed(line.text):
            return self._fatal(tag, text)
        if line.flaw is TOO_LONG:
            self._fragments.dropped = 0
            self._step = self._poison
        return Malformed(tag, text)

    def _drop(self, literal: Literal) -> bool:
        """Drop the command that `literal` belongs to; False: it is too large for that."""
        self._open = None
        self._step = self._first_line
        if literal.synchronizing:
            return True  # it was never sent, nor was anything behind it
        self._fragments.dropped = 0
        self._owed = literal.size
        self._step = self._poison
        return self._bearable(literal.size)

    def _bearable(self, octets: int) -> bool:
        """May so many octets be dropped for one command?  No ends everything."""
        if octets <= self._bounds.poison:
            return True
        self._step = self._ended
        return False

    def _poison(self) -> Piece | None:
        """Drop a literal and the rest of the line behind it, as often as one ends in another"""
        fragments = self._fragments
        while True:
            self._owed -= fragments.drop(self._owed)
            if self._owed:
                return None
            line = fragments.skip()
            size = _following(line)
            self._owed = size or 0
            if not self._bearable(fragments.dropped + self._owed):
                return self._fatal(None, "shorter command expected")
            if line is None:
                return None
            if treacherous(line.text):
                return self._fatal(None, "literal expected")
            if size is None:
                self._step = self._first_line
                return self._first_line()

    def _fatal(self, tag: bytes | None, text: str) -> Malformed:
        """Nothing that follows can be trusted to be a command."""
        self._step = self._ended
        return Malformed(tag, text, True)

    def _ended(self) -> Piece | None:
        return None
