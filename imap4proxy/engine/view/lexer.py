r"""lexer - the words of a structured header field: atoms, quoted strings, comments, domains.

    lexer = Lexer(b"John (home) Doe <john@example.org>")
    out = []
    lexer.phrase(out)      -> True, something follows; out == [b"John", b" ", b"Doe"]
    lexer.at               -> where; lexer.comment == b"home"

Each method steps over one element and the blanks and comments behind it, and appends
its text to `out`: without quotes, escapes and folds.  It answers whether anything
follows.  Broken: there is no such element here; what was taken of it stays in `out`,
and `at` is where it broke.

A field may hold anything, so octets above 127 count as letters, and NUL becomes U+FFFD.
Linear: each method looks at each octet once.
Sources: RFC 5322 section 3.2 to 3.4, RFC 2045 section 5.1 (token).
"""

from __future__ import annotations

import re
from typing import List, Match

REPLACEMENT = "\N{REPLACEMENT CHARACTER}".encode()  # for a NUL, which no IMAP string can hold

_LETTERS = rb"A-Za-z0-9!#$%&'*+\-^_`{|}~\x80-\xff"
ATEXT = _LETTERS + b"/=?"  # the inside of a character set
_ATOM = re.compile(b"[" + ATEXT + b"]+")
_WORD = re.compile(b"[." + ATEXT + b"]*")
_TOKEN = re.compile(b"[." + _LETTERS + b"]*")
_BLANKS = re.compile(rb"[ \t\r\n]*")
_QUOTED = re.compile(rb'"([^"\\]*+(?:\\[\s\S][^"\\]*+)*+)"')
_PLAIN_COMMENT = re.compile(rb"\(([^()\\\r\n\0]*+)\)")
_IN_COMMENT = re.compile(rb"[()]|\\[\s\S]")
_IN_DOMAIN_LITERAL = re.compile(rb"\[[^\[\]\\]*+(?:\\[\s\S][^\[\]\\]*+)*+")
_SPECIAL = re.compile(rb"\\([^\r\n\0])|\r?\n|\0")
_FOLD_OR_NUL = re.compile(rb"\r?\n|\0")
_GOES_ON = re.compile(b'[.\"' + ATEXT + b"]")


class Broken(ValueError):
    """Not what the grammar wants."""


def _plain(found: Match[bytes]) -> bytes:
    """What an escape, a fold or a NUL stands for."""
    if found[0] == b"\0":
        return REPLACEMENT
    return found[1] or b"" if found.re is _SPECIAL else b""


def _unescaped(text: bytes) -> bytes:
    return _SPECIAL.sub(_plain, text)


def _begun(text: bytes) -> bytes:
    """What is kept of an element that does not end: all before its last escape or fold."""
    last = 0
    for found in _SPECIAL.finditer(text):
        last = found.end() if found[1] is None else found.start()
    return _unescaped(text[:last])


class Lexer:
    """`text` is a field's value, its lines ended by LF."""

    def __init__(self, text: bytes) -> None:
        self.text = text
        self.at = 0
        self.end = len(text)
        self.comment = b""  # the last one

    @property
    def more(self) -> bool:
        return self.at < self.end

    def is_at(self, octet: bytes) -> bool:
        return self.text.startswith(octet, self.at)

    def cfws(self) -> bool:
        """Blanks and comments."""
        while True:
            found = _BLANKS.match(self.text, self.at)
            self.at = found.end() if found else self.at
            if not self.is_at(b"("):
                return self.more
            self._comment()

    def _comment(self) -> None:
        found = _PLAIN_COMMENT.match(self.text, self.at)
        if found is not None:
            self.comment, self.at = found[1], found.end()
            return
        start, level = self.at + 1, 0
        for found in _IN_COMMENT.finditer(self.text, self.at):
            level += {b"(": 1, b")": -1}.get(found[0], 0)
            if not level:
                self.comment = _unescaped(self.text[start : found.start()])
                self.at = found.end()
                return
        self.comment, self.at = _begun(self.text[start:]), self.end
        raise Broken("no end of a comment")

    def atom(self, out: List[bytes]) -> bool:
        """atom = 1*atext"""
        return self._matched(_ATOM, out)

    def token(self, out: List[bytes]) -> bool:
        """token of MIME, which may be empty here"""
        return self._matched(_TOKEN, out)

    def _matched(self, pattern: re.Pattern[bytes], out: List[bytes]) -> bool:
        found = pattern.match(self.text, self.at)
        if found is None:
            raise Broken("atom expected")
        out.append(found[0])
        self.at = found.end()
        return self.cfws()

    def dot_atom(self, out: List[bytes]) -> bool:
        """dot-atom = atom *("." atom), with blanks around the dots (obs-domain)"""
        while self.atom(out):
            if not self.is_at(b"."):
                return True
            out.append(b".")
            self.at += 1
            if not self.cfws():
                raise Broken("atom expected")
        return False

    def quoted_string(self, out: List[bytes]) -> bool:
        """quoted-string; a quote must be next"""
        found = _QUOTED.match(self.text, self.at)
        if found is None:
            out.append(_begun(self.text[self.at + 1 :]))
            self.at = self.end
            raise Broken("no end of a quoted string")
        out.append(_unescaped(found[1]))
        self.at = found.end()
        return self.cfws()

    def phrase(self, out: List[bytes]) -> bool:
        """phrase = word *(word / "."), as one text with a blank between; may be empty"""
        if self.is_at(b"."):
            raise Broken("word expected")
        while self.more:
            quoted = self.is_at(b'"')
            if not (self.quoted_string(out) if quoted else self._matched(_WORD, out)):
                return False
            if _GOES_ON.match(self.text, self.at) is None:
                return True
            out.append(b" ")
        return False

    def domain(self, out: List[bytes]) -> bool:
        """ "@" domain; the @ must be next, and is not in `out`"""
        self.at += 1
        if not self.cfws():
            raise Broken("domain expected")
        return self._domain_literal(out) if self.is_at(b"[") else self.dot_atom(out)

    def _domain_literal(self, out: List[bytes]) -> bool:
        """domain-literal, brackets and escapes included"""
        found = _IN_DOMAIN_LITERAL.match(self.text, self.at)
        assert found is not None
        start, self.at = self.at, found.end()
        if not self.is_at(b"]"):
            self.at = self.at if self.is_at(b"[") else self.end
            raise Broken("no end of a domain literal")
        self.at += 1
        out.append(_FOLD_OR_NUL.sub(_plain, self.text[start : self.at]))
        return self.cfws()
