"""archive - the names of the files in a document that is an archive: zip, tar, gzip.

    members(chunks) -> ("docs/a.txt", "a.txt", "tools.zip", "setup.exe")

A name stands with its folder and without.  What is in archives within it is named, too.  An archive
is known by its octets, not by the name of its file; it is read once, in a stream: of a zip both
the headers before the files and the directory at its end count, since programs differ in which of
them they read.  Programs look for the directory from the end, so a zip counts wherever it stands in
a document: behind junk, a picture or a program, or behind another archive; see zip_headers.py.

`INCOMPLETE`, an empty name, is among them where more may be in it than was seen: it is nested
deeper than DEPTH, has more than MEMBERS or HEADERS, comes to more than INFLATED octets and RATIO
times its own, is compressed in a way that is not known here, or is damaged.
Any octets have members; the time is linear in the octets, whatever they inflate to.
"""

from __future__ import annotations

import re
import zlib
from contextlib import closing
from dataclasses import dataclass, field
from typing import Dict, Generator, Iterable, Iterator, Tuple

from . import zip_headers
from .encoded_word import characters
from .stream import Stream

INCOMPLETE = ""

DEPTH = 5
MEMBERS = 10_000
HEADERS = 10 * MEMBERS  # each file of a zip has two
INFLATED = 64 << 20  # octets of all that is inflated for one document
RATIO = 20  # ... and so many for each of its own; texts and tables shrink to a tenth or so

_DEFLATED_AT_ONCE = 1 << 13
_INFLATED_AT_ONCE = 1 << 16
_LONGEST_TAR_NAME = 64 << 10  # octets

_GZIP = b"\x1f\x8b\x08"
_GZIP_NAME, _GZIP_EXTRA = 0x08, 0x04

_BLOCK = 512
_PAX_PATH = re.compile(rb"\d+ path=([^\n]*)\n")


class _TooMuch(Exception):
    """A bound is reached."""


@dataclass
class _Budget:
    """What may still be read of one document; the names that were found, in their order."""

    inflated: int = INFLATED
    headers: int = HEADERS
    names: Dict[str, None] = field(default_factory=dict)

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The chunks of the document; the more there are, the more may come of them."""
        for chunk in chunks:
            self.inflated += RATIO * len(chunk)
            yield chunk

    def spend(self, octets: int) -> None:
        self.inflated -= octets
        if self.inflated < 0:
            raise _TooMuch

    def add(self, octets: bytes, is_utf8: bool = True) -> None:
        name = characters(octets[: zip_headers.LONGEST_NAME], "utf-8" if is_utf8 else "cp437")
        for each in (name, re.split(r"[/\\]", name)[-1]):
            if each:
                self.names[each] = None
        self.headers -= 1
        if len(self.names) > MEMBERS or self.headers < 0:
            raise _TooMuch

    def add_all(self, names: Iterable[zip_headers.Name]) -> None:
        for octets, is_utf8 in names:
            self.add(octets, is_utf8)

    def mark_incomplete(self) -> None:
        self.names[INCOMPLETE] = None


def members(chunks: Iterable[bytes]) -> Tuple[str, ...]:
    """The names in the archives that the octets are, or that are in them; nothing without."""
    budget = _Budget()
    try:
        _read(Stream(budget.of(chunks)), budget, 0)
    except _TooMuch:
        budget.mark_incomplete()
    return tuple(budget.names)


def _read(stream: Stream, budget: _Budget, depth: int) -> None:
    """Whatever archive it is, and a zip that stands in it or behind it."""
    start = stream.peek(_BLOCK)
    archive = next((read for is_it, read in _KINDS if is_it(start)), None)
    if archive is not None:
        if depth >= DEPTH:
            return budget.mark_incomplete()
        archive(stream, budget, depth)
    doubts = zip_headers.find(stream)
    if doubts is None:
        return
    if doubts or depth >= DEPTH:
        budget.mark_incomplete()
    if depth < DEPTH:
        budget.add_all(doubts)
        _read_zip(stream, budget, depth)


def _is_zip(start: bytes) -> bool:
    """Whatever its headers say."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04"))


def _read_zip(stream: Stream, budget: _Budget, depth: int) -> None:
    """To the end of the stream."""
    while True:
        mark = stream.find(zip_headers.MARK)
        if mark is None:
            return
        if mark[0] == zip_headers.LOCAL:
            _read_local(stream, budget, depth)
        elif mark[0] == zip_headers.CENTRAL:
            _read_central(stream, budget)


def _read_central(stream: Stream, budget: _Budget) -> None:
    header = zip_headers.central(stream.read(zip_headers.CENTRAL_SIZE))
    if header is None:
        return budget.mark_incomplete()
    budget.add(stream.peek(min(header.name_size, zip_headers.LONGEST_NAME)), header.is_utf8)


def _read_local(stream: Stream, budget: _Budget, depth: int) -> None:
    """The file behind it is looked into; where it ends, the search for the next header goes on."""
    header = zip_headers.local(stream.read(zip_headers.LOCAL_SIZE))
    if header is None:
        return budget.mark_incomplete()
    skipped = stream.read(header.name_size + header.extra_size)
    budget.add(skipped[: header.name_size], header.is_utf8)
    if len(skipped) < header.name_size + header.extra_size:
        budget.mark_incomplete()
    if zip_headers.MARK.search(skipped + stream.peek(3)):  # lengths that pass over headers
        budget.mark_incomplete()
        budget.spend(len(skipped))
        budget.add_all(zip_headers.names(skipped))
    if header.is_encrypted:
        return
    if header.method == zip_headers.DEFLATED:
        _read_inflated(_inflated(-zlib.MAX_WBITS, stream, budget), budget, depth)
    elif header.method == zip_headers.STORED:
        _read_stored(stream, budget, depth)
    else:
        budget.mark_incomplete()


def _read_stored(stream: Stream, budget: _Budget, depth: int) -> None:
    """A zip within a zip is seen by the search itself."""
    start = stream.peek(_BLOCK)
    archive = next((read for is_it, read in _KINDS[1:] if is_it(start)), None)
    if archive is not None and depth + 1 >= DEPTH:
        budget.mark_incomplete()
    elif archive is not None:
        archive(stream, budget, depth + 1)


def _read_inflated(pieces: Generator[bytes, None, object], budget: _Budget, depth: int) -> None:
    with closing(pieces):
        _read(Stream(pieces), budget, depth + 1)


def _inflated(bits: int, stream: Stream, budget: _Budget) -> Generator[bytes, None, bool]:
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


def _read_gzip(stream: Stream, budget: _Budget, depth: int) -> None:
    _read_inflated(_gzip_octets(stream, budget), budget, depth)


def _gzip_octets(stream: Stream, budget: _Budget) -> Generator[bytes, None, None]:
    """RFC 1952; several behind one another are one file.  A name in a header counts as a member."""
    ended_well = True
    while ended_well and _is_gzip(stream.peek(len(_GZIP))):
        name = _gzip_name(stream.peek(_BLOCK))
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


def _is_tar(start: bytes) -> bool:
    """By the checksum of its first header; POSIX.1, ustar."""
    if len(start) < _BLOCK:
        return False
    digits = start[148:156].strip(b" \0")
    if not re.fullmatch(rb"[0-7]{1,7}", digits):
        return False
    return sum(start) - sum(start[148:156]) + 8 * 32 == int(digits, 8)


def _read_tar(stream: Stream, budget: _Budget, depth: int) -> None:
    """Its end are blocks of zeroes; there are programs that go on behind them."""
    long_name, ended = b"", False
    while True:
        head = stream.read(_BLOCK)
        if len(head) == _BLOCK and not head.strip(b"\0"):
            ended = True
            continue
        if not _is_tar(head):
            if not ended:
                budget.mark_incomplete()
            return stream.give_back(head)
        ended = False
        size = _tar_size(head[124:136])
        file = _within(stream, size)
        if head[156:157] in b"Lxg":
            long_name = _long_name(head[156:157], file.read(_LONGEST_TAR_NAME)) or long_name
        else:
            budget.add(long_name or _tar_name(head))
            long_name = b""
            _read(file, budget, depth + 1)
        file.skip(size)
        stream.skip(-size % _BLOCK)


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


def _tar_size(octets: bytes) -> int:
    if octets[0] & 0x80:  # GNU: a binary number
        return int.from_bytes(octets[1:], "big")
    digits = octets.strip(b" \0")
    return int(digits, 8) if re.fullmatch(rb"[0-7]+", digits) else 0


def _tar_name(head: bytes) -> bytes:
    name = head[:100].partition(b"\0")[0]
    prefix = head[345:500].partition(b"\0")[0] if head[257:262] == b"ustar" else b""
    return prefix + b"/" + name if prefix else name


def _long_name(kind: bytes, octets: bytes) -> bytes:
    if kind == b"L":
        return octets.partition(b"\0")[0]
    path = _PAX_PATH.search(octets)
    return path[1] if path else b""


_KINDS = ((_is_zip, _read_zip), (_is_gzip, _read_gzip), (_is_tar, _read_tar))
