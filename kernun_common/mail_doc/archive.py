"""archive - the names of the files in a document that is an archive: zip, tar, gzip.

    members(chunks) -> ("docs/a.txt", "a.txt", "tools.zip", "setup.exe")

A name stands with its folder and without.  What is in archives within it is named, too.  An archive
is known by its octets, not by the name of its file; it is read once, in a stream: of a zip both
the headers before the files and the directory at its end count, since programs differ in which of
them they read.

`INCOMPLETE`, an empty name, is among them where more may be in it than was seen: it is nested
deeper than DEPTH, holds more than MEMBERS, comes to more than INFLATED octets, or is damaged.
Any octets have members; the time is linear in the octets, and bounded where they are compressed.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass, field
from typing import Dict, Iterable, Iterator, Tuple

from .encoded_word import characters
from .stream import Stream

INCOMPLETE = ""

DEPTH = 5
MEMBERS = 10_000
INFLATED = 64 << 20  # octets of all that is inflated for one document

_INFLATED_AT_ONCE = 1 << 16
_LONGEST_NAME = 1024  # octets
_LONGEST_TAR_NAME = 64 << 10

_ZIP = re.compile(rb"PK(?:\x03\x04|\x01\x02)")
_LOCAL = struct.Struct("<2xHH16xHH")  # flags, method; lengths of name and extra
_CENTRAL = struct.Struct("<4xHH16xHHH12x")  # flags, method; lengths of name, extra, comment
_ENCRYPTED, _UTF8 = 0x1, 0x800
_STORED, _DEFLATED = 0, 8

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
    names: Dict[str, None] = field(default_factory=dict)

    def add(self, octets: bytes, is_utf8: bool = True) -> None:
        name = characters(octets[:_LONGEST_NAME], "utf-8" if is_utf8 else "cp437")
        for each in (name, re.split(r"[/\\]", name)[-1]):
            if each:
                self.names[each] = None
        if len(self.names) > MEMBERS:
            raise _TooMuch

    def mark_incomplete(self) -> None:
        self.names[INCOMPLETE] = None


def members(chunks: Iterable[bytes]) -> Tuple[str, ...]:
    """The names in the archive that the octets are; nothing where they are none."""
    budget = _Budget()
    try:
        _read(Stream(chunks), budget, 0)
    except _TooMuch:
        budget.mark_incomplete()
    return tuple(budget.names)


def _read(stream: Stream, budget: _Budget, depth: int) -> None:
    """Whatever archive it is."""
    start = stream.peek(_BLOCK)
    archive = next((read for is_it, read in _KINDS if is_it(start)), None)
    if archive is None:
        return
    if depth >= DEPTH:
        budget.mark_incomplete()
    else:
        archive(stream, budget, depth)


def _is_zip(start: bytes) -> bool:
    """Programs find the directory from the end, whatever stands before it."""
    return start.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK00PK\x03\x04", b"MZ"))


def _read_zip(stream: Stream, budget: _Budget, depth: int) -> None:
    while True:
        mark = stream.find(_ZIP)
        if mark is None:
            return
        if mark[0].endswith(b"\x03\x04"):
            _read_local(stream, budget, depth)
        else:
            _read_central(stream, budget)


def _read_central(stream: Stream, budget: _Budget) -> None:
    head = stream.read(_CENTRAL.size)
    if len(head) < _CENTRAL.size:
        return budget.mark_incomplete()
    flags, _, length, _, _ = _CENTRAL.unpack(head)
    budget.add(stream.peek(length), bool(flags & _UTF8))


def _read_local(stream: Stream, budget: _Budget, depth: int) -> None:
    """The file behind it is looked into; where it ends, the search for the next header goes on."""
    head = stream.read(_LOCAL.size)
    if len(head) < _LOCAL.size:
        return budget.mark_incomplete()
    flags, method, length, extra = _LOCAL.unpack(head)
    name, more = stream.read(length), stream.read(extra)
    budget.add(name, bool(flags & _UTF8))
    skipped = name + more
    if len(skipped) < length + extra or _ZIP.search(skipped + stream.peek(3)):
        budget.mark_incomplete()  # lengths that pass over headers
    if method == _DEFLATED and not flags & _ENCRYPTED:
        _read_inflated(stream, -zlib.MAX_WBITS, budget, depth)
    elif method == _STORED:
        _read_stored(stream, budget, depth)


def _read_stored(stream: Stream, budget: _Budget, depth: int) -> None:
    """A zip within a zip is seen by the search itself."""
    start = stream.peek(_BLOCK)
    if _is_gzip(start):
        _read(stream, budget, depth + 1)


def _read_inflated(stream: Stream, bits: int, budget: _Budget, depth: int) -> None:
    """The stream goes on behind what was inflated, or behind as much as it took to know better."""
    inflate = zlib.decompressobj(bits)
    _read(Stream(_inflated(inflate, stream, budget)), budget, depth + 1)
    stream.give_back(inflate.unconsumed_tail or inflate.unused_data)


def _inflated(inflate: zlib._Decompress, stream: Stream, budget: _Budget) -> Iterator[bytes]:
    while not inflate.eof:
        octets = inflate.unconsumed_tail or stream.chunk()
        if not octets:
            return budget.mark_incomplete()
        try:
            chunk = inflate.decompress(octets, _INFLATED_AT_ONCE)
        except zlib.error:
            return budget.mark_incomplete()
        budget.inflated -= len(chunk)
        if budget.inflated < 0:
            raise _TooMuch
        if chunk:
            yield chunk


def _is_gzip(start: bytes) -> bool:
    return start.startswith(_GZIP)


def _read_gzip(stream: Stream, budget: _Budget, depth: int) -> None:
    """RFC 1952; the name in its header counts as a member."""
    name = _gzip_name(stream.peek(_BLOCK))
    if name:
        budget.add(name, is_utf8=False)
    _read_inflated(stream, 16 + zlib.MAX_WBITS, budget, depth)


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
    long_name = b""
    while True:
        head = stream.read(_BLOCK)
        if len(head) < _BLOCK:
            return budget.mark_incomplete()
        if not head.strip(b"\0"):
            return
        if not _is_tar(head):
            return budget.mark_incomplete()
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
