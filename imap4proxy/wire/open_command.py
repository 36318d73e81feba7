"""open_command - a command that goes on in literals: what is known of it so far.

    piece = command.announce(line, literal)    at each literal; Invalid: drop the command
    command.literals.append(octets)            ... or
    command.stream()                           it is a mail, and goes past
    command.end(line)                          the Command; Invalid

The first literal is announced only behind what is valid so far, so that a client
is not asked for the literal of a command that has none.  Each mail of APPEND is
announced with its flags and date.  See also: command_reader.py, append.py.
"""

from __future__ import annotations

from typing import List

from . import append
from .append import Append, AppendMail
from .command import Command
from .commands import Row
from .fragments import Line, Literal
from .limits import Limits
from .names import Needs
from .pieces import Announced
from .scanner import Invalid, Pending, Scanner


class OpenCommand:
    def __init__(self, tag: bytes, row: Row, at: int, limits: Limits, utf8: bool) -> None:
        """`at`: where the arguments begin in the first line."""
        self.tag = tag
        self.literals: List[bytes] = []
        self._row = row
        self._at = at
        self._limits = limits
        self._utf8 = utf8
        self._lines: List[Line] = []
        self._size = 0  # octets, without mails
        self._needs: Needs = row.needs
        self._mailbox: bytes | None = None
        self._mail: AppendMail | None = None  # the one that is announced
        self._mails: List[AppendMail] = []

    def announce(self, line: Line, literal: Literal, bound: int) -> Announced:
        """The next line, which ends in a literal; the command may have `bound` octets."""
        self._add(line, bound)
        if self._row.name == "APPEND":
            self._read_head(line)
        elif not self.literals:
            self._check()
        if self._mail is None:
            self._count(literal.size, bound)
            if len(self.literals) == self._limits.literals:
                raise Invalid("fewer literals expected")
        return Announced(self.tag, self._row.name, literal.size, literal.synchronizing,
                         literal.binary, self._mail, self._mailbox, self._needs)

    def stream(self) -> None:
        """The mail that was announced goes past."""
        assert self._mail is not None
        self._mails.append(self._mail)
        self._mail = None

    def end(self, line: Line, bound: int) -> Command:
        """The last line."""
        self._add(line, bound)
        if not self._mails:
            return self._row.parse(self._scan(), self.tag)
        append.next_head(self._scan_line(line), self._mails[-1])
        assert self._mailbox is not None
        return Append(self.tag, self._mailbox, tuple(self._mails))

    def _add(self, line: Line, bound: int) -> None:
        if not self._mails:  # behind a mail, each line is read by itself
            self._lines.append(line)
        self._count(line.length, bound)

    def _count(self, octets: int, bound: int) -> None:
        self._size += octets
        if self._size > bound:
            raise Invalid("shorter command expected")

    def _check(self) -> None:
        """Is the command valid up to the first literal?"""
        scan = self._scan()
        try:
            self._row.parse(scan, self.tag)
        except Pending:
            self._mailbox = scan.named
            self._needs += tuple(scan.needs)

    def _read_head(self, line: Line) -> None:
        """A mail, or the literal that names the mailbox of the first"""
        if self._mails:
            found = append.next_head(self._scan_line(line), self._mails[-1])
            assert found is not None  # the line ends in a literal
            self._mail = found
        else:
            try:
                self._mailbox, self._mail = append.head(self._scan())
            except Pending:
                return
        self._needs = self._mail.needs

    def _scan(self) -> Scanner:
        return Scanner(self._lines, self.literals, self._limits, self._at, self._utf8)

    def _scan_line(self, line: Line) -> Scanner:
        return Scanner((line,), (), self._limits, utf8=self._utf8)
