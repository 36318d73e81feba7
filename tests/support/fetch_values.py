r"""fetch_values - FETCH responses as values, whatever the form of their strings.

    fetched(b'* 1 FETCH (UID 7 ENVELOPE ("date" NIL) BODY[] {2}\r\nhi)\r\n')
        -> {b"UID": b"7", b"ENVELOPE": [String(b"date"), None], b"BODY[]": String(b"hi")}

Strings of all forms are String, atoms are bytes, NIL is None, lists are lists.
"""

from __future__ import annotations

import re
from typing import Any, Dict, List, Tuple

_TOKEN = re.compile(
    rb'(?P<open>\()|(?P<close>\))|(?P<blank> )|"(?P<quoted>(?:[^"\\\r\n\0\x80-\xff]|\\["\\])*)"'
    rb"|(?P<literal>(~?)\{(?P<size>\d+)\}\r\n)|(?P<atom>[^ (){}\"\x00-\x1f\x7f-\xff]+)"
)
_NAME = re.compile(rb"[A-Z0-9.]+(?:\[[^\]]*\](?:<\d+>)?)?")


class String(bytes):
    """The value of a quoted string or a literal."""


def fetched(response: bytes) -> Dict[bytes, Any]:
    """The items of the first FETCH in the response."""
    found = re.search(rb"^\* \d+ FETCH \(", response, re.MULTILINE)
    assert found is not None, response
    return items(response, found.end())


def items(octets: bytes, at: int = 0) -> Dict[bytes, Any]:
    """What stands between the brackets; they may be missing."""
    values: Dict[bytes, Any] = {}
    while at < len(octets) and octets[at : at + 1] != b")":
        name = _NAME.match(octets, at)
        assert name is not None, octets[at : at + 80]
        assert name[0] not in values
        assert octets[name.end() : name.end() + 1] == b" "
        values[name[0]], at = value(octets, name.end() + 1)
        if octets[at : at + 1] == b" ":
            at += 1
    return values


def value(octets: bytes, at: int) -> Tuple[Any, int]:
    """The value that begins at `at`, and where it ends."""
    stack: List[List[Any]] = [[]]
    while True:
        found = _TOKEN.match(octets, at)
        assert found is not None, octets[at : at + 80]
        at = found.end()
        kind = found.lastgroup if found["literal"] is None else "literal"
        if kind == "open":
            stack.append([])
        elif kind == "close":
            closed = stack.pop()
            stack[-1].append(closed)
        elif kind == "quoted":
            stack[-1].append(String(re.sub(rb"\\(.)", rb"\1", found["quoted"])))
        elif kind == "literal":
            end = at + int(found["size"])
            stack[-1].append(String(octets[at:end]))
            at = end
        elif kind == "atom":
            stack[-1].append(None if found["atom"] == b"NIL" else found["atom"])
        if len(stack) == 1:
            return stack[0][0], at
