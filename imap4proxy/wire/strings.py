r"""strings - quoted strings and atoms: their octets, and which of them may hold a value.

    quoted_at(b'"a\\"b" rest', 0, utf8)   -> (b'a"b', 6), None: there is none
    quoted(b'a"b')                          -> b'"a\\"b"'
    holds(b"Sent Items", utf8)              may a quoted string hold these octets?
    is_astring(b"INBOX")                    may they stand as they are?
    unclosed(b'a LOGIN "x')                 does the line end inside a quoted string?

Octets that neither holds go into a literal (fragments.py).  Octets above 0x7F
are UTF-8 and only where the client enabled it.

Sources: RFC 3501 section 9 (astring, quoted), RFC 6855 section 3, RFC 9051.
"""

from __future__ import annotations

import re

from .abnf import ATOM_CHAR, LIST_WILDCARDS, QUOTED_CHAR, QUOTED_CHAR_UTF8, TEXT_CHAR, octets


def _quoted(char: bytes) -> re.Pattern[bytes]:
    """quoted = DQUOTE *QUOTED-CHAR DQUOTE; unrolled, so that it is linear"""
    return re.compile(rb'"([%b]*(?:\\["\\][%b]*)*)"' % (char, char))


_QUOTED = _quoted(QUOTED_CHAR)
_QUOTED_UTF8 = _quoted(QUOTED_CHAR_UTF8)
_ANY_QUOTED = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"', re.DOTALL)
_ESCAPED = re.compile(rb'\\(["\\])')
_SPECIAL = re.compile(rb'(["\\])')
_TEXT = re.compile(b"[" + TEXT_CHAR + b"]*")
_BARE = re.compile(b"[" + ATOM_CHAR + b"]+")
_BARE_PATTERN = re.compile(b"[" + ATOM_CHAR + octets(LIST_WILDCARDS) + b"]+")


def quoted_at(text: bytes, at: int, utf8: bool) -> tuple[bytes, int] | None:
    """The value of the quoted string that begins at `at`, and where it ends; None if none does."""
    found = (_QUOTED_UTF8 if utf8 else _QUOTED).match(text, at)
    if found is None:
        return None
    value = found[1]
    if utf8 and not is_utf8(value):
        return None
    if b"\\" in value:
        value = _ESCAPED.sub(rb"\1", value)
    return value, found.end()


def quoted(value: bytes) -> bytes:
    """`value`, which `holds` approves of, as a quoted string."""
    return b'"%b"' % _SPECIAL.sub(rb"\\\1", value)


def unquoted(octets: bytes) -> bytes:
    """The value of a quoted string, `octets` with its quotes."""
    return _ESCAPED.sub(rb"\1", octets[1:-1])


def value(string: bytes) -> bytes:
    """The value of a string, quoted or a literal with its header."""
    if string.startswith(b'"'):
        return unquoted(string)
    return string.partition(b"\r\n")[2]


def holds(value: bytes, utf8: bool) -> bool:
    """May a quoted string hold `value`?  `utf8`: the peer takes UTF-8 in it."""
    if _TEXT.fullmatch(value):
        return True
    return utf8 and not any(octet in value for octet in b"\0\r\n") and is_utf8(value)


def unclosed(line: bytes) -> bool:
    """Does `line` end inside a quoted string, of whatever octets?  It may go on behind it."""
    at = line.find(b'"')
    while at >= 0:
        found = _ANY_QUOTED.match(line, at)
        if found is None:
            return True
        at = line.find(b'"', found.end())
    return False


def is_utf8(value: bytes) -> bool:
    try:
        value.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def is_astring(value: bytes) -> bool:
    """May `value` stand without quotes?  Not where a program could take it for NIL or a code."""
    return _BARE.fullmatch(value) is not None and value.upper() != b"NIL"


def is_pattern(value: bytes) -> bool:
    """As is_astring, of a list-mailbox: with % and *."""
    return _BARE_PATTERN.fullmatch(value) is not None and value.upper() != b"NIL"
