"""line_ends - CR or LF alone, and NUL: where programs disagree on what a line is.

    for name, span in line_end_checks(octets, binary)

The first place of each outside of the spans `binary`, the bodies that may hold any octets
(RFC 2045 section 2.9).  RFC 5322 section 2.3 and RFC 2045 section 2.7 allow none elsewhere.
"""

from __future__ import annotations

import re
from typing import Iterator, Sequence, Tuple

from .octets import Octets, Span, chunks

_LINE_END = re.compile(rb"\r\n?|\n")
_NAMES = {  # each begins with an octet that `re` can seek
    "bare-cr": re.compile(rb"\r(?!\n)"),
    "bare-lf": re.compile(rb"\n(?<!\r\n)"),
    "nul": re.compile(rb"\0"),
}


def line_end_checks(octets: Octets, binary: Sequence[Span]) -> Iterator[Tuple[str, Span]]:
    left = dict(_NAMES)
    for span in _others(octets, binary):
        for name in tuple(left):
            match = left[name].search(octets, *span)
            if match and octets[match.start() : match.start() + 2] != b"\r\n":  # cut by the span
                del left[name]
                yield name, Span(match.start(), match.end())


def _others(octets: Octets, spans: Sequence[Span]) -> Iterator[Span]:
    """What lies between the spans, which are sorted."""
    at = 0
    for span in spans:
        yield Span(at, span.start)
        at = span.end
    yield Span(at, len(octets))


def mended(octets: Octets, span: Span) -> Iterator[bytes]:
    """Every CR and LF alone as CRLF, and no NUL."""
    rest = b""
    for chunk in chunks(octets, span):
        text = rest + chunk.replace(b"\0", b"")
        rest = b"\r" if text.endswith(b"\r") else b""
        yield _LINE_END.sub(b"\r\n", text.removesuffix(rest))
    yield rest and b"\r\n"
