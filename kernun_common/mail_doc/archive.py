"""archive - the names of the files in a document that is an archive: zip, tar, gzip.

    members(chunks, allowance) -> ("docs/a.txt", "a.txt", "tools.zip", "setup.exe")

A name stands with its folder and without.  What is in archives within it is named, too.  An archive
is known by its octets, not by the name of its file; it is read once, in a stream: of a zip both
the headers before the files and the directory at its end count, since programs differ in which of
them they read.  Programs look for the directory from the end, so a zip counts wherever it stands in
a document: behind junk, a picture or a program, or behind another archive; see zip_headers.py.
So does a tar, since there are programs that pass over what stands before it; see tar_headers.py.

`INCOMPLETE`, an empty name, is among them where more may be in it than was seen: it is encrypted,
nested deeper than DEPTH, has more names or comes to more octets than archive_budget.py permits, is
compressed in a way that is not known here, or is damaged.
Any octets have members; the time is linear in the octets, whatever they inflate to.
"""

from __future__ import annotations

import zlib
from contextlib import closing
from typing import Generator, Iterable, Iterator, Optional, Tuple

from . import tar_headers, zip_headers
from .archive_budget import Allowance, Budget, TooMuch
from .stream import Stream

DEPTH = 5

_DEFLATED_AT_ONCE = 1 << 13
_INFLATED_AT_ONCE = 1 << 16

_GZIP = b"\x1f\x8b\x08"
_GZIP_NAME, _GZIP_EXTRA = 0x08, 0x04
_GZIP_HEAD = 512  # octets in which its name is looked for

_TAR = b"tar"  # what was found, where it is not the mark of a zip


def members(chunks: Iterable[bytes], allowance: Allowance) -> Tuple[str, ...]:
    """The names in the archives that the octets are, or that are in them; nothing without.

    `allowance` is that of the mail in which they are.
    """
    budget = Budget(allowance)
    try:
        _read(Stream(budget.of(chunks)), budget, 0)
    except TooMuch:
        budget.mark_incomplete()
    return tuple(budget.names)


def _read(stream: Stream, budget: Budget, depth: int) -> None:
    """To its end, whatever archives are in it."""
    if _is_gzip(stream.peek(len(_GZIP))):
        if depth >= DEPTH:
            return budget.mark_incomplete()
        _read_gzip(stream, budget, depth)
    doubts = zip_headers.Doubts(stream.peek(zip_headers.START))
    while (found := stream.seek(_search)) is not None:
        if found != _TAR and not doubts.end(found, stream):
            continue
        if depth >= DEPTH:
            return budget.mark_incomplete()
        _name_doubtful(doubts, budget)
        if found == _TAR:
            _read_tar(stream, budget, depth)
        else:
            _read_zip(found, stream, budget, depth)


def _name_doubtful(doubts: zip_headers.Doubts, budget: Budget) -> None:
    """Of a zip that goes on, it may be in a tar."""
    if doubts.names:
        budget.mark_incomplete()
        budget.add_all(doubts.names)
        doubts.names.clear()


def _search(octets: bytes, start: int, position: int) -> Optional[Tuple[int, bytes]]:
    """The header of a tar, which is read then, or the mark of a zip, behind which is read."""
    mark = zip_headers.MARK.search(octets, start)
    stop = len(octets) if mark is None else mark.start() + 1
    at = tar_headers.find(octets, start, stop, position)
    if at is not None:
        return at, _TAR
    return None if mark is None else (mark.end(), mark[0])


def _read_zip(mark: bytes, stream: Stream, budget: Budget, depth: int) -> None:
    """What stands behind one mark."""
    if mark == zip_headers.LOCAL:
        _read_local(stream, budget, depth)
    elif mark == zip_headers.CENTRAL:
        _read_central(stream, budget)


def _read_central(stream: Stream, budget: Budget) -> None:
    """Behind it the search goes on with the name, since its length may be wrong."""
    fields = stream.read(zip_headers.CENTRAL_SIZE)
    header = zip_headers.central(fields)
    if header is None:
        return budget.mark_incomplete()
    if header.is_encrypted or _holds_a_tar(fields, stream):
        budget.mark_incomplete()
    budget.add(stream.peek(min(header.name_size, zip_headers.LONGEST_NAME)), header.is_utf8)


def _read_local(stream: Stream, budget: Budget, depth: int) -> None:
    """The file behind it is looked into; where it ends, the search for the next header goes on."""
    fields = stream.read(zip_headers.LOCAL_SIZE)
    header = zip_headers.local(fields)
    if header is None:
        return budget.mark_incomplete()
    skipped = stream.read(header.name_size + header.extra_size)
    budget.add(skipped[: header.name_size], header.is_utf8)
    if len(skipped) < header.name_size + header.extra_size:
        budget.mark_incomplete()
    _name_passed_over(skipped, stream, budget)
    if _holds_a_tar(fields + skipped, stream):
        budget.mark_incomplete()
    if header.is_encrypted:
        return budget.mark_incomplete()
    if header.method == zip_headers.DEFLATED:
        _read_inflated(_inflated(-zlib.MAX_WBITS, stream, budget), budget, depth)
    elif header.method == zip_headers.STORED:
        _read_stored(stream, budget, depth)
    else:
        budget.mark_incomplete()


def _name_passed_over(skipped: bytes, stream: Stream, budget: Budget) -> None:
    """What was taken for something else, of which another program may make a zip."""
    if zip_headers.MARK.search(skipped + stream.peek(3)):
        budget.mark_incomplete()
        budget.spend(len(skipped))
        budget.add_all(zip_headers.names(skipped))


def _holds_a_tar(skipped: bytes, stream: Stream) -> bool:
    """Does one begin in what was passed over?"""
    whole, start = skipped + stream.peek(tar_headers.BLOCK), stream.position - len(skipped)
    return tar_headers.find(whole, 0, len(skipped), start) is not None


def _read_stored(stream: Stream, budget: Budget, depth: int) -> None:
    """A zip within a zip is seen by the search itself, as is a tar that does not begin it."""
    start = stream.peek(tar_headers.BLOCK)
    is_gzip = _is_gzip(start)
    if not is_gzip and not tar_headers.is_header(start):
        return
    if depth + 1 >= DEPTH:
        budget.mark_incomplete()
    elif is_gzip:
        _read_gzip(stream, budget, depth + 1)
    else:
        _read_tar(stream, budget, depth + 1)


def _read_inflated(pieces: Generator[bytes, None, object], budget: Budget, depth: int) -> None:
    with closing(pieces):
        _read(Stream(pieces), budget, depth + 1)


def _inflated(bits: int, stream: Stream, budget: Budget) -> Generator[bytes, None, bool]:
    """Did it end well?  The stream goes on behind it, or with the octets that are none of it."""
    inflate, left = zlib.decompressobj(bits), b""
    try:
        while not inflate.eof:
            left = left or stream.read(_DEFLATED_AT_ONCE)
            if not left:
                budget.mark_incomplete()
                return False
            chunk = inflate.decompress(left, _INFLATED_AT_ONCE)
            left = inflate.unconsumed_tail or inflate.unused_data
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


def _is_gzip(start: bytes) -> bool:
    return start.startswith(_GZIP)


def _read_gzip(stream: Stream, budget: Budget, depth: int) -> None:
    _read_inflated(_gzip_octets(stream, budget), budget, depth)


def _gzip_octets(stream: Stream, budget: Budget) -> Generator[bytes, None, None]:
    """RFC 1952; several behind one another are one file.  A name in a header counts as a member."""
    ended_well = True
    while ended_well and _is_gzip(stream.peek(len(_GZIP))):
        name = _gzip_name(stream.peek(_GZIP_HEAD))
        if name:
            budget.add(name, is_utf8=False)
        ended_well = yield from _inflated(16 + zlib.MAX_WBITS, stream, budget)


def _gzip_name(start: bytes) -> bytes:
    if len(start) < 12 or not start[3] & _GZIP_NAME:
        return b""
    at = 10
    if start[3] & _GZIP_EXTRA:
        at += 2 + int.from_bytes(start[at : at + 2], "little")
    return start[at:].partition(b"\0")[0]


def _read_tar(stream: Stream, budget: Budget, depth: int) -> None:
    """Its end are blocks of zeroes; there are programs that go on behind them."""
    long_name, ended = b"", False
    while True:
        head = stream.read(tar_headers.BLOCK)
        if len(head) == tar_headers.BLOCK and not head.strip(b"\0"):
            ended = True
            continue
        if not tar_headers.is_header(head):
            if not ended:
                budget.mark_incomplete()
            return stream.give_back(head)
        ended = False
        _name_passed_over(head, stream, budget)
        size = tar_headers.size(head)
        filled = size + -size % tar_headers.BLOCK
        file = _within(stream, filled)
        if tar_headers.is_long_name(head):
            long_name = _long_name(head, size, file, budget) or long_name
        else:
            budget.add(long_name or tar_headers.name(head))
            long_name = b""
            _read(file, budget, depth + 1)
        file.skip(filled)


def _long_name(head: bytes, size: int, file: Stream, budget: Budget) -> bytes:
    if size > tar_headers.LONGEST_LONG_NAME:
        budget.mark_incomplete()
    octets = file.read(tar_headers.LONGEST_LONG_NAME + tar_headers.BLOCK)
    _name_passed_over(octets, file, budget)
    return tar_headers.long_name(head, octets[:size])


def _within(stream: Stream, size: int) -> Stream:
    """The next `size` octets by themselves."""

    def chunks() -> Iterator[bytes]:
        left = size
        while left > 0:
            octets = stream.chunk()
            if not octets:
                return
            stream.give_back(octets[left:])
            left -= len(octets)
            yield octets[: left + len(octets)]

    return Stream(chunks())
