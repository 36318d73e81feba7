"""address - the addresses in a field such as From or To; RFC 5322 section 3.4.

    addresses(b'"Doe, Jane" <jane@example.org>, team: bob@example.net;')
        -> ("jane@example.org", "bob@example.net")

Names and comments are left out: whoever writes an address into them is not believed.  What is no
address by its form is given as it stands, since some mail program may show it as one.  Takes
time linear in the octets.
"""

from __future__ import annotations

import re
from typing import Iterator, List, Tuple

from .encoded_word import characters

_TOKEN = re.compile(
    rb'"(?:[^"\\]|\\.)*+"?'  # quoted string
    rb"|<[^<>]*+>?"
    rb'|[^\s"<>(),;:\\]++|\\.?'
    rb"|[(),;:>\s]",
    re.S,
)
_QUOTE = re.compile(rb"\\(.)|\"", re.S)
_ROUTE = re.compile(rb"\s*(?:@[^:]*:)?")  # RFC 5322 section 4.4, obs-route


def addresses(value: bytes) -> Tuple[str, ...]:
    """Those of the value of a field, unfolded or not."""
    return tuple(characters(found, "utf-8") for found in _mailboxes(value) if found)


def _mailboxes(value: bytes) -> Iterator[bytes]:
    words: List[bytes] = []
    for token in _without_comments(value):
        if token.startswith(b"<"):
            yield _angle(token)
            words = [b""]  # what stands around it is no address
        elif token in (b",", b";"):
            yield _bare(words)
            words = []
        elif token == b":":
            words = []  # what stood there is the name of a group
        else:
            words.append(token)
    yield _bare(words)


def _without_comments(value: bytes) -> Iterator[bytes]:
    depth = 0
    for match in _TOKEN.finditer(value):
        token = match[0]
        if token == b"(":
            depth += 1
        elif token == b")":
            depth = max(depth - 1, 0)
        elif depth == 0:
            yield token


def _angle(token: bytes) -> bytes:
    inside = token[1:-1] if token.endswith(b">") else token[1:]
    return _QUOTE.sub(rb"\1", _ROUTE.sub(b"", inside, count=1)).strip()


def _bare(words: List[bytes]) -> bytes:
    """An address without a name; nothing where there was one in angle brackets."""
    joined = b"".join(words).strip()
    if words[:1] == [b""] or b"@" not in joined:
        return b""
    return _QUOTE.sub(rb"\1", joined)
