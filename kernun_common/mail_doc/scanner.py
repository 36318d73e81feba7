"""scanner - walks through the value of a structured field; RFC 5322, RFC 2045.

    scanner = Scanner(b" (a comment) base64")
    scanner.skip()                blanks, folds and comments, nested ones too
    scanner.take(TOKEN)           a match, or None and nothing is taken

Takes time linear in the octets, whatever they are.
"""

from __future__ import annotations

import re

TOKEN = re.compile(rb"[^\x00-\x20()<>@,;:\\\"/\[\]?=\x7f]+")
_BLANKS = re.compile(rb"[ \t\r\n]*")
_COMMENT_TOKEN = re.compile(rb"[^()\\]+|\\.?|[()]", re.S)


class Scanner:
    """A value and how far it has been read."""

    def __init__(self, value: bytes) -> None:
        self.value, self.at = value, 0

    @property
    def over(self) -> bool:
        return self.at >= len(self.value)

    def take(self, pattern: re.Pattern[bytes]) -> re.Match[bytes] | None:
        match = pattern.match(self.value, self.at)
        if match:
            self.at = match.end()
        return match

    def takes(self, octet: bytes) -> bool:
        found = self.value.startswith(octet, self.at)
        self.at += len(octet) if found else 0
        return found

    def skip(self) -> None:
        """CFWS: blanks, folds and comments."""
        self.take(_BLANKS)
        while self.value.startswith(b"(", self.at):
            self._comment()
            self.take(_BLANKS)

    def _comment(self) -> None:
        depth = 0
        for match in _COMMENT_TOKEN.finditer(self.value, self.at):
            depth += {b"(": 1, b")": -1}.get(match[0], 0)
            self.at = match.end()
            if depth == 0:
                return
