"""binhex - BinHex 4.0 in a stream; RFC 1741 appendix A.

    for octets in decoded(chunks)     the data fork of the file, and what stands behind it

The file is between two colons, the first of which begins a line.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, Tuple

from . import base64_text
from .octets import CHUNK

BEGIN = re.compile(rb"\(This file must be converted with BinHex[^\r\n]*")
_START = re.compile(rb"(?:^|[\r\n])[ \t]*+:")
_ALPHABET = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"
_JUNK = bytes(set(range(256)) - set(_ALPHABET))
_TO_BASE64 = bytes.maketrans(_ALPHABET, base64_text.ALPHABET)
_RUN = re.compile(rb"\x90(.)", re.S)
_PIECE = 4 * 1024  # octets; a run of 255 takes three
_BEHIND_NAME = 1 + 4 + 4 + 2 + 4 + 4 + 2  # version, type, creator, flags, two lengths, a sum


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; nothing where no file begins."""
    return _without_header(_expanded(base64_text.tolerant(_in_base64(_between_colons(chunks)))))


def _between_colons(chunks: Iterable[bytes]) -> Iterator[bytes]:
    left, before = iter(chunks), b"\n"
    for chunk in left:
        start = _START.search(before + chunk)
        if start:
            yield from _up_to_colon((before + chunk)[start.end() :], left)
            return
        before = (before + chunk)[-CHUNK:]


def _up_to_colon(chunk: bytes | None, left: Iterator[bytes]) -> Iterator[bytes]:
    while chunk is not None:
        inside, colon, _ = chunk.partition(b":")
        yield inside
        chunk = None if colon else next(left, None)


def _in_base64(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for at in range(0, len(chunk), _PIECE):
            yield chunk[at : at + _PIECE].translate(_TO_BASE64, _JUNK)


def _expanded(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """A 90 (hex) and a count stand for so many of the octet before; 90 00 for a 90."""
    rest = last = b""
    for piece in pieces:
        octets, rest = _without_half_run(rest + piece)
        expanded = _runs(octets, last)
        last = expanded[-1:] or last
        yield expanded


def _without_half_run(octets: bytes) -> Tuple[bytes, bytes]:
    """Up to a 90 whose count is still to come, and that 90."""
    marks = len(octets) - len(octets.rstrip(b"\x90"))
    cut = len(octets) - marks % 2  # of 90 90, the second is a count
    return octets[:cut], octets[cut:]


def _runs(octets: bytes, last: bytes) -> bytes:
    expanded, at = bytearray(), 0
    for match in _RUN.finditer(octets):
        expanded += octets[at : match.start()]
        before, count = expanded[-1:] or last, match[1][0]
        expanded += before * (count - 1) if count else b"\x90"
        at = match.end()
    return bytes(expanded + octets[at:])


def _without_header(pieces: Iterable[bytes]) -> Iterator[bytes]:
    left, head = iter(pieces), b""
    for piece in left:
        head += piece
        if head and len(head) >= 1 + head[0] + _BEHIND_NAME:
            yield head[1 + head[0] + _BEHIND_NAME :]
            yield from filter(None, left)
            return
