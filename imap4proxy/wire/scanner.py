"""scanner - reads the productions of the grammar from the lines and literals of a command.

    scan = Scanner(lines, literals, limits)
    scan.sp(); mailbox = scan.mailbox(); scan.end()

Methods are named after productions and give values; each reads all of its
production or raises.  What a command is written from again is `put` by those that
read it (productions.py), what it requires of the server is collected in `needs`.

Invalid   the octets are not what the grammar has here; no leniency
Pending   all is well so far, and the command goes on in a literal that has not come

Knows no command.  See also: strings.py, parts.py, fragments.py.
"""

from __future__ import annotations

import re
from typing import List, Sequence

from . import strings
from .abnf import ASTRING_CHAR, ATOM, ATOM_CHAR, BASE64_CHAR, LIST_CHAR, NUMBER, NUMBER64
from .fragments import Line, Literal
from .limits import Limits
from .names import Need, need
from .parts import Part

_ASTRING = re.compile(b"[" + ASTRING_CHAR + b"]+")
_LIST_MAILBOX = re.compile(b"[" + LIST_CHAR + b"]+")
_FLAG = re.compile(rb"\\?[" + ATOM_CHAR + b"]+")
_BASE64 = re.compile(b"[" + BASE64_CHAR + b"]+={0,2}")
_DIGITS = re.compile(rb"\d{1,19}")
_RANGE = rb"(?:[1-9]\d{0,9}|\*)(?::(?:[1-9]\d{0,9}|\*))?"
_SEQUENCE_SET = re.compile(_RANGE + rb"(?:," + _RANGE + rb")*")
_LONG_NUMBER = re.compile(rb"\d{10}")

_SYSTEM_FLAGS = {
    flag.upper(): flag
    for flag in (b"\\Answered", b"\\Flagged", b"\\Deleted", b"\\Seen", b"\\Draft")
}

SEARCHRES = need(b"SEARCHRES")


class Invalid(ValueError):
    """Not a valid command.  The text tells what was expected, never what came."""


class Pending(Exception):
    """Valid so far; the next literal has not come yet."""


class Scanner:
    __slots__ = ("text", "at", "parts", "needs", "named", "limits", "utf8", "_line", "_lines",
                 "_literals", "_taken")

    def __init__(
        self,
        lines: Sequence[Line],
        literals: Sequence[bytes],
        limits: Limits,
        at: int = 0,
        utf8: bool = False,
    ) -> None:
        """`literals[n]` stands between `lines[n]` and `lines[n + 1]`; `at`: where to begin."""
        self._lines = lines
        self._literals = literals
        self._taken = 0
        self._line = lines[0]
        self.text = self._line.text
        self.at = at
        self.limits = limits
        self.utf8 = utf8
        self.parts: List[Part] = []
        self.needs: List[Need] = []
        self.named: bytes | None = None  # the first mailbox

    # --- octets --------------------------------------------------------------------------------

    def looking_at(self, octets: bytes) -> bool:
        return self.text.startswith(octets, self.at)

    def accept(self, octets: bytes) -> bool:
        """Step over `octets` if they are next."""
        if not self.text.startswith(octets, self.at):
            return False
        self.at += len(octets)
        return True

    def expect(self, octets: bytes, what: str) -> None:
        if not self.accept(octets):
            raise Invalid(f"{what} expected")

    def take(self, pattern: re.Pattern[bytes], what: str) -> bytes:
        """The octets that `pattern` matches here."""
        found = pattern.match(self.text, self.at)
        if found is None:
            raise Invalid(f"{what} expected")
        self.at = found.end()
        return found[0]

    def sp(self) -> None:
        self.expect(b" ", "SP")

    def opening(self) -> None:
        self.expect(b"(", "opening parenthesis")

    def closing(self) -> None:
        self.expect(b")", "closing parenthesis")

    @property
    def ended(self) -> bool:
        return self.at == len(self.text) and self._line.literal is None

    @property
    def on_last_line(self) -> bool:
        """Does no literal follow any more?"""
        return self._line.literal is None

    def end(self) -> None:
        if not self.ended:
            raise Invalid("end of the command expected")

    # --- canonical form ------------------------------------------------------------------------

    def put(self, part: Part) -> None:
        self.parts.append(part)

    def require(self, need_: Need | None) -> None:
        """The server must offer one of the words of `need_` for this."""
        if need_ is not None and need_ not in self.needs:
            self.needs.append(need_)

    def put_sp(self) -> None:
        self.sp()
        self.parts.append(b" ")

    # --- words and numbers ---------------------------------------------------------------------

    def keyword(self) -> bytes:
        """An atom that the grammar names, in upper case."""
        return self.take(ATOM, "keyword").upper()

    def atom(self) -> bytes:
        return self.take(ATOM, "atom")

    def flag(self) -> bytes:
        r"""flag = [ "\\" ] atom; does not include "\\Recent" """
        flag = self.take(_FLAG, "flag")
        name = flag.upper()
        if name == b"\\RECENT":
            raise Invalid("a flag that can be set expected")
        return _SYSTEM_FLAGS.get(name, flag)

    def base64(self) -> bytes:
        octets = self.take(_BASE64, "base64")
        if len(octets) % 4:
            raise Invalid("base64 expected")
        return octets

    def number(self, most: int = NUMBER) -> int:
        value = int(self.take(_DIGITS, "number"))
        if value > most:
            raise Invalid("smaller number expected")
        return value

    def nz_number(self, most: int = NUMBER) -> int:
        value = self.number(most)
        if not value:
            raise Invalid("number other than zero expected")
        return value

    def mod_sequence(self) -> int:
        """mod-sequence-value, mod-sequence-valzer; RFC 7162 section 7"""
        return self.number(NUMBER64)

    def sequence_set(self, saved: bool = True) -> bytes:
        """sequence-set; `saved`: also "$", the last search's result (RFC 5182)"""
        if saved and self.accept(b"$"):
            self.require(SEARCHRES)
            return b"$"
        octets = self.take(_SEQUENCE_SET, "sequence set")
        if octets.count(b",") >= self.limits.ranges:
            raise Invalid("shorter sequence set expected")
        for number in _LONG_NUMBER.findall(octets):
            if int(number) > NUMBER:
                raise Invalid("smaller number expected")
        return octets

    # --- strings -------------------------------------------------------------------------------

    def string(self) -> bytes:
        """string = quoted / literal"""
        found = strings.quoted_at(self.text, self.at, self.utf8)
        if found is None:
            return self._literal()
        value, self.at = found
        return value

    def astring(self) -> bytes:
        """astring = 1*ASTRING-CHAR / string"""
        found = _ASTRING.match(self.text, self.at)
        if found is None:
            return self.string()
        self.at = found.end()
        return found[0]

    def nil(self) -> bool:
        """Step over NIL, if it is next."""
        if self.text[self.at:self.at + 3].upper() != b"NIL":
            return False
        self.at += 3
        return True

    def mailbox(self) -> bytes:
        """mailbox = "INBOX" / astring; 7-bit (RFC 3501 section 5.1) or UTF-8, and one line"""
        name = self.astring()
        if not strings.holds(name, self.utf8):
            raise Invalid("mailbox name expected")
        if name.upper() == b"INBOX":
            name = b"INBOX"
        if self.named is None:
            self.named = name
        return name

    def list_mailbox(self) -> bytes:
        """list-mailbox = 1*list-char / string"""
        found = _LIST_MAILBOX.match(self.text, self.at)
        if found is None:
            name = self.string()
            if not strings.holds(name, self.utf8):
                raise Invalid("mailbox name expected")
            return name
        self.at = found.end()
        return found[0]

    def literal8(self) -> bytes | None:
        """literal8, None if none is next; RFC 3516"""
        literal = self.announced()
        if literal is None or not literal.binary:
            return None
        return self._content()

    def announced(self) -> Literal | None:
        """The literal that stands here, its octets still to come or not."""
        return self._line.literal if self.at == len(self.text) else None

    def _literal(self) -> bytes:
        """literal = "{" number "}" CRLF *CHAR8"""
        literal = self.announced()
        if literal is None or literal.binary:
            raise Invalid("string expected")
        octets = self._content()
        if b"\0" in octets:
            raise Invalid("literal without NUL expected")
        return octets

    def _content(self) -> bytes:
        """The octets of the literal that stands here; on to the line behind it."""
        if self._taken >= len(self._literals):
            raise Pending
        octets = self._literals[self._taken]
        self._taken += 1
        self._line = self._lines[self._taken]
        self.text = self._line.text
        self.at = 0
        return octets
