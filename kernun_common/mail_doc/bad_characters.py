"""bad_characters - NUL, and CR or LF alone, which programs read in different ways.

    are_in(octets, span)
    corrected(octets, span)     Made: NUL is gone, CR or LF alone are line ends

RFC 5322 section 2.3: they do not occur; RFC 2045 section 2.7.
"""

from __future__ import annotations

from typing import Iterator

from .octets import Octets, Span, chunks
from .pieces import Made


def are_in(octets: Octets, span: Span) -> bool:
    """Is there one?"""
    ends_in_cr = False
    for chunk in chunks(octets, span):
        line_ends = chunk.count(b"\r\n") + (ends_in_cr and chunk.startswith(b"\n"))
        returns = chunk.count(b"\r") + ends_in_cr
        ends_in_cr = chunk.endswith(b"\r")
        alone = line_ends != chunk.count(b"\n") or line_ends != returns - ends_in_cr
        if alone or b"\0" in chunk:
            return True
    return ends_in_cr


def corrected(octets: Octets, span: Span) -> Made:
    """The octets of the span without any."""
    return Made(lambda: _corrected(octets, span))


def _corrected(octets: Octets, span: Span) -> Iterator[bytes]:
    left = b""
    for chunk in chunks(octets, span):
        text = left + chunk.replace(b"\0", b"")
        left = b"\r" if text.endswith(b"\r") else b""
        yield _lines(text[: len(text) - len(left)])
    yield _lines(left)


def _lines(text: bytes) -> bytes:
    return text.replace(b"\r\n", b"\n").replace(b"\r", b"\n").replace(b"\n", b"\r\n")
