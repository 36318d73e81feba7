"""inflated - what is deflated in an archive, as it is inflated, and what is hidden in its octets.

    deflated(stream, budget)    pieces; RFC 1951
    gzipped(stream, budget)     pieces of all that are behind one another; RFC 1952

The stream goes on behind them, or, where they are broken, with the octets that are none of them;
then INCOMPLETE is among the names.  Octets that are the end of a zip before they are inflated may
be one for a program that looks for it there: this is noted in the stream.
"""

from __future__ import annotations

import re
import zlib
from typing import Generator

from . import gzip_headers, tar_headers, zip_headers
from .archive_budget import Budget
from .stream import Stream

_DEFLATED_AT_ONCE = 1 << 13
_INFLATED_AT_ONCE = 1 << 16
_DEFLATE, _GZIP = -zlib.MAX_WBITS, 16 + zlib.MAX_WBITS
_NO_ZERO = re.compile(rb"[^\0]")


def deflated(stream: Stream, budget: Budget) -> Generator[bytes, None, bool]:
    """Did it end well?"""
    return _inflated(_DEFLATE, stream, budget)


def gzipped(stream: Stream, budget: Budget) -> Generator[bytes, None, None]:
    """Several behind one another, with zeroes in between or without, are one file."""
    ended_well = True
    while ended_well and _is_gzip(stream):
        _read_gzip_header(stream, budget)
        ended_well = yield from _inflated(_GZIP, stream, budget)
        if ended_well and stream.peek(1) == b"\0":
            _skip_zeroes(stream)


def _read_gzip_header(stream: Stream, budget: Budget) -> None:
    """A name in it counts as a member."""
    header = gzip_headers.read(stream.peek(gzip_headers.LONGEST))
    if header is None or zip_headers.MARK.search(header.octets):
        budget.mark_incomplete()
    if header is not None and header.name:
        budget.add(header.name, is_utf8=False)


def _skip_zeroes(stream: Stream) -> None:
    """To a gzip; a tar may begin with some of them."""
    start = stream.position
    found = stream.find(_NO_ZERO)
    stream.give_back(found[0] if found else b"")
    if not _is_gzip(stream):
        stream.give_back(bytes(min(stream.position - start, tar_headers.BLOCK)))


def _is_gzip(stream: Stream) -> bool:
    return gzip_headers.is_gzip(stream.peek(gzip_headers.MAGIC_SIZE))


def _inflated(bits: int, stream: Stream, budget: Budget) -> Generator[bytes, None, bool]:
    inflate, left, end = zlib.decompressobj(bits), b"", b""
    try:
        while not inflate.eof:
            left = left or stream.read(_DEFLATED_AT_ONCE)
            if not left:
                budget.mark_incomplete()
                return False
            given, chunk = left, inflate.decompress(left, _INFLATED_AT_ONCE)
            left = inflate.unconsumed_tail or inflate.unused_data
            end = _look_for_an_end(end + given[: len(given) - len(left)], stream)
            budget.spend(len(chunk))
            if chunk:
                yield chunk
        return True
    except zlib.error:
        budget.mark_incomplete()
        budget.spend(len(left))
        return False
    finally:
        stream.give_back(left)
        stream.inflated_to = stream.position


def _look_for_an_end(deflated: bytes, stream: Stream) -> bytes:
    """That of a zip, which programs find there; returns the octets that may begin one."""
    stream.hides_an_end = stream.hides_an_end or zip_headers.END in deflated
    return deflated[-len(zip_headers.END) + 1 :]
