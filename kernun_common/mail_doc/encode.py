"""encode - the octets of a document in a transfer encoding; RFC 2045 section 6.

    suitable(octets)         -> ("quoted-printable", encoded)    the shorter of the two
    base64_chunks(chunks)    for what should not be in memory as a whole

Lines have 76 octets at most and end in CRLF.  See also: decode.py.
"""

from __future__ import annotations

import binascii
from typing import Iterable, Iterator, Tuple

CRLF = b"\r\n"
QUOTED_PRINTABLE = "quoted-printable"
BASE64 = "base64"

_LONGEST_LINE = 1 << 16  # octets of a text that are held for the end of their line
_LINE = 57  # octets that 76 digits of base64 stand for


def quoted_printable(octets: bytes) -> bytes:
    """Text with CRLF at its line ends; any other octet is written as a number."""
    return binascii.b2a_qp(octets + CRLF, istext=True)[: -len(CRLF)]


def suitable(octets: bytes) -> Tuple[str, bytes]:
    """A text in quoted-printable, or in base64 where that is shorter."""
    quoted = quoted_printable(octets)
    if len(quoted) <= len(octets) * 4 // 3:
        return QUOTED_PRINTABLE, quoted
    return BASE64, b"".join(base64_chunks([octets]))


def base64_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines of base64, without a line end behind the last."""
    left, first = b"", True
    for chunk in chunks:
        left += chunk
        whole = len(left) // _LINE * _LINE
        if whole:
            yield _lines(left[:whole], first)
            left, first = left[whole:], False
    if left:
        yield _lines(left, first)


def quoted_printable_chunks(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Text with CRLF at its line ends, cut between lines; a line without end is cut softly."""
    left = b""
    for chunk in chunks:
        lines, end, left = (left + chunk).rpartition(CRLF)
        yield quoted_printable(lines) + end
        if len(left) > _LONGEST_LINE:
            yield quoted_printable(left) + b"=" + CRLF
            left = b""
    yield quoted_printable(left)


def _lines(octets: bytes, first: bool) -> bytes:
    starts = range(0, len(octets), _LINE)
    lines = [
        binascii.b2a_base64(octets[start : start + _LINE], newline=False) for start in starts
    ]
    return (b"" if first else CRLF) + CRLF.join(lines)
