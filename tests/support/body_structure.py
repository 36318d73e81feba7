"""body_structure - BODY of a FETCH response, as a tree to compare with.

    read(connection, number)  -> Told(octets of the mail, tree), by a connection of imaplib
    Leaf("text", "plain", "base64", octets, lines)     lines: None where it has none
    Mail(octets, lines, tree)                          a message/rfc822
    Many("mixed", [trees])

Types and encodings in lower case.  Parameters, envelopes and the like are left out.
"""

from __future__ import annotations

import imaplib
import re
from typing import Any, Iterator, List, NamedTuple, Optional, Union

_TOKEN = re.compile(rb'[()]|"(?:[^"\\]|\\.)*"|[^\s()"]+')


class Leaf(NamedTuple):
    type: str
    subtype: str
    encoding: str
    octets: int
    lines: Optional[int]


class Mail(NamedTuple):
    octets: int
    lines: int
    inside: Any


class Many(NamedTuple):
    subtype: str
    parts: List[Any]


Tree = Union[Leaf, Mail, Many]


class Told(NamedTuple):
    octets: bytes
    tree: Tree


def read(connection: imaplib.IMAP4, number: int) -> Told:
    """What the server tells of one mail."""
    octets = fetch_section(connection, number, "")
    data = connection.fetch(str(number), "(BODY)")[1]
    _, items = _values(_tokens(data))
    return Told(octets, tree(items[items.index(b"BODY") + 1]))


def fetch_section(connection: imaplib.IMAP4, number: int, section: str) -> bytes:
    """BODY[section]; empty where the server has none."""
    data = connection.fetch(str(number), f"(BODY.PEEK[{section}])")[1]
    return next((item[1] for item in data if isinstance(item, tuple)), b"")


def _tokens(data: List[Any]) -> Iterator[bytes]:
    for item in data:
        head, literal = item if isinstance(item, tuple) else (item, None)
        found = _TOKEN.findall(head)
        if literal is not None:
            found[-1] = b'"' + literal  # {n} stands for it
        yield from found


def _values(tokens: Iterator[bytes]) -> Iterator[Any]:
    for token in tokens:
        if token == b")":
            return
        yield list(_values(tokens)) if token == b"(" else token


def tree(value: List[Any]) -> Tree:
    """Of the value of BODY as nested lists."""
    if isinstance(value[0], list):
        parts = [one for one in value if isinstance(one, list)]
        return Many(_word(value[len(parts)]), [tree(one) for one in parts])
    kind, subtype, encoding, octets = map(_word, (value[0], value[1], value[5], value[6]))
    if (kind, subtype) == ("message", "rfc822"):
        return Mail(int(octets), int(value[9]), tree(value[8]))
    lines = int(value[7]) if len(value) > 7 else None
    return Leaf(kind, subtype, encoding, int(octets), lines)


def _word(token: bytes) -> str:
    return token.strip(b'"').decode("latin-1").lower()
