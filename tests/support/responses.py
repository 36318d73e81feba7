"""responses - what a client was told, in short.

    told(octets)    -> the lines that are tagged, ask to go on, or say BYE or BAD
    lines(octets)   -> all of them, each with the literals that it announces
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence

_LITERAL = re.compile(rb"\{([0-9]+)\}\r\n\Z")
_DATA = re.compile(rb"\* (?!BYE |BAD )")


def lines(octets: bytes) -> Iterator[bytes]:
    """Each response with its CRLF; the last one may be incomplete."""
    begin = 0
    while begin < len(octets):
        end = _line_end(octets, begin)
        while literal := _LITERAL.search(octets, begin, end):
            end = _line_end(octets, end + int(literal[1]))
        yield octets[begin:end]
        begin = end


def _line_end(octets: bytes, begin: int) -> int:
    end = octets.find(b"\r\n", begin)
    return len(octets) if end < 0 else end + 2


def told(octets: bytes) -> list[bytes]:
    return [line for line in lines(octets) if not _DATA.match(line)]


def begin_so(told: Sequence[bytes], beginnings: Sequence[bytes]) -> bool:
    """Does each of `told` begin as it should, and is none missing?"""
    return len(told) == len(beginnings) and all(map(bytes.startswith, told, beginnings))
