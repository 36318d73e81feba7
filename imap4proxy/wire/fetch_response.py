r"""fetch_response - a FETCH response as its items, for who has to change some of them.

    response = FetchResponse(5)
    response.add(b"* 5 FETCH (UID 7 BODY[] {3}\r\n")
    response.store(mail)                    the literal's octets went elsewhere: any object
    response.add(b" FLAGS (\\Seen))\r\n")
    response.items()        -> [FetchItem(b"UID", b"7"), FetchItem(b"BODY[]", mail), ...]

    mentions_content(octets)                do these octets name what holds a mail's content?
    names_content(octets)                   ... but for what strings and literals hold
    encode_response(number, items)          the response anew, from items whose values are octets

What is added has been checked by the response reader, so only where items begin and
end is sought here.  Values keep their octets.  Linear.
Sources: RFC 3501 section 7.4.2 and 9 (msg-att).  See also: fetch_data.py, the grammar.
"""

from __future__ import annotations

import re
from typing import Any, Dict, Iterable, Iterator, List, Match, NamedTuple

_HEAD = re.compile(rb"\* \d+ FETCH \(", re.IGNORECASE)
_NAME = re.compile(
    rb'[^ \[()"{]+(?:\[(?:"(?:[^"\\]|\\.)*"|[^\]"])*\])?(?:<\d+>)?', re.DOTALL
)
_TOKEN = re.compile(
    rb'(?P<open>\()|(?P<close>\))|"(?:[^"\\]|\\.)*"|~?\{(?P<size>\d+)\}\r\n|[^()"{ ]+| ', re.DOTALL
)

# What shows a mail's body; headers do not (spec 2.5, metadata pass).  In capitals, each way with a
# letter first: `re` then seeks these letters, six times as fast as where case does not matter.
_CONTENT = re.compile(
    rb"BODY\[(?!HEADER(?:\]|\.FIELDS))|R(?<!\wR)FC822(?:\.TEXT)? |BINARY(?:\.SIZE)?\["
    rb"|P(?<!\wP)REVIEW "
)


class FetchItem(NamedTuple):
    """`name` as it is written, with section and origin; `value` octets, or what was stored."""

    name: bytes
    value: Any

    @property
    def key(self) -> bytes:
        """The name in upper case: names of items have no case."""
        return self.name.upper()


class FetchResponse:
    """One response, while it comes."""

    def __init__(self, number: int) -> None:
        self.number = number
        self._octets = bytearray()
        self._stored: Dict[int, object] = {}  # by where their octets would begin

    def __len__(self) -> int:
        """Octets that are held."""
        return len(self._octets)

    def add(self, octets: bytes) -> None:
        self._octets += octets

    def store(self, value: object) -> None:
        """The octets of the literal that was announced last are kept elsewhere."""
        self._stored[len(self._octets)] = value

    def items(self) -> List[FetchItem]:
        """All items, in the server's order; the response is complete."""
        octets = bytes(self._octets)
        found = _HEAD.match(octets)
        assert found is not None
        items, at = [], found.end()
        while True:
            name = _NAME.match(octets, at)
            assert name is not None
            start = name.end() + 1
            at = self._end(octets, start)
            stored = self._stored.get(at)
            value = octets[start:at] if stored is None else stored
            items.append(FetchItem(name[0], value))
            if octets[at : at + 1] != b" ":
                return items
            at += 1

    def _end(self, octets: bytes, at: int) -> int:
        """Where the value ends that begins at `at`."""
        depth = 0
        while True:
            token = _TOKEN.match(octets, at)
            assert token is not None
            at = token.end()
            if token["open"]:
                depth += 1
            elif token["close"]:
                depth -= 1
            elif token["size"] and at not in self._stored:
                at += int(token["size"])
            if not depth:
                return at


def mentions_content(octets: bytes) -> bool:
    """May they hold more of a mail than its header?  Strings may give a false alarm."""
    return _CONTENT.search(octets.upper()) is not None


def names_content(octets: bytes) -> bool:
    """May the response show more of a mail than its header?

    `octets` begin where a token does.  What a sender wrote, and stands in an ENVELOPE, tells
    nothing; what cannot be read does.
    """
    return mentions_content(octets) and not all(map(_tells_nothing, _tokens(octets)))


def _tells_nothing(token: Match[bytes] | None) -> bool:
    return token is not None and not holds_content(token[0])


def _tokens(octets: bytes) -> Iterator[Match[bytes] | None]:
    """All but the octets of literals; at last None, where there is no token."""
    at = 0
    while at < len(octets):
        token = _TOKEN.match(octets, at)
        yield token
        if token is None:
            return
        at = token.end() + int(token["size"] or 0)


def holds_content(name: bytes) -> bool:
    """Does the item of this name show a mail's body?"""
    return _CONTENT.match(name.upper() + b" ") is not None


def encode_response(number: int, items: Iterable[FetchItem]) -> bytes:
    """`* number FETCH (...)`; b"" where there is no item: an empty list is no IMAP."""
    listed = b" ".join(b"%b %b" % (item.name, item.value) for item in items)
    return b"* %d FETCH (%b)\r\n" % (number, listed) if listed else b""
