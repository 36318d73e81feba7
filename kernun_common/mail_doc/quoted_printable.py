"""quoted_printable - quoted-printable in a stream; RFC 2045 section 6.7.

    for octets in decoded(chunks)

A = that begins neither =XX nor a soft line break stands for itself; blanks at the end of
a line count for nothing.
"""

from __future__ import annotations

import binascii
import re
from typing import Iterable, Iterator

_NOTHING = re.compile(rb"=[ \t]*+\r?\n|(?<![ \t=])[ \t]++(?=\r?\n)")
_ITSELF = re.compile(rb"=(?![0-9A-Fa-f]{2})")
_LONGEST_REST = 64 * 1024  # octets; blanks beyond that are no end of a line


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets, in pieces about as large as the chunks."""
    rest = b""
    for chunk in chunks:
        rest += chunk
        cut = _cut(rest)
        if cut:
            yield _decoded(rest[:cut])
            rest = rest[cut:]
    if rest:
        yield _decoded(rest)


def _cut(octets: bytes) -> int:
    """How much of it means the same whatever follows."""
    end = len(octets.rstrip(b" \t\r"))
    if len(octets) - end > _LONGEST_REST:
        return len(octets)
    escape = octets.rfind(b"=", max(0, end - 2), end)
    return end if escape < 0 else escape


def _decoded(octets: bytes) -> bytes:
    return binascii.a2b_qp(_ITSELF.sub(b"=3D", _NOTHING.sub(b"", octets)))
