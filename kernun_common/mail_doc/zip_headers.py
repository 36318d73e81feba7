"""zip_headers - the headers of a zip archive, and where in other octets one begins; APPNOTE 4.3.

    header = local(stream.read(LOCAL_SIZE))         behind a mark; None: it is cut off
    header = central(stream.read(CENTRAL_SIZE))
    for path in unicode_paths(extra): ...           other names, in the extra fields behind the name
    ended = directory(stream.read(END_SIZE))        behind END; None: it is cut off
    for name, is_utf8 in names(octets): ...         of all headers in them
    doubts = Doubts(stream.peek(START))
    doubts.end(mark, stream)                        is it a zip, now that this mark was found?
    doubts.names                                    if so, those of headers that were not believed

Doubts are for what does not begin as a zip, in which the four octets of a mark may stand by
chance, or because a program looks for them.  A header is believed if its method is one that there
is and its name could be one.  They end where there is a believed header or, behind others, the end
of a directory or more than MOST_DOUBTS of the like.
"""

from __future__ import annotations

import re
import struct
from typing import Iterator, List, NamedTuple, Optional, Tuple

from .stream import Stream

Name = Tuple[bytes, bool]  # its octets, at most LONGEST_NAME, and whether they are UTF-8

LOCAL, CENTRAL, END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SPANNED = b"PK00" + LOCAL  # APPNOTE 8.5
START = len(_SPANNED)  # octets that tell whether they begin a zip
MARK = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)")
STORED, DEFLATED = 0, 8
LONGEST_NAME = 1024
LONGEST_HEAD = 2 * LONGEST_NAME  # of a name and its extra fields in a directory
MOST_DOUBTS = 1000

_LOCAL = struct.Struct("<2xHH16xHH")  # flags, method; lengths of name and extra
_CENTRAL = struct.Struct("<4xHH16xHHH12x")  # flags, method; lengths of name, extra, comment
_DIRECTORY = struct.Struct("<HHHHIIH")
_EXTRA = struct.Struct("<HH")  # kind, length of what follows
LOCAL_SIZE, CENTRAL_SIZE = _LOCAL.size, _CENTRAL.size  # without the mark
END_SIZE = _DIRECTORY.size
_HEAD = CENTRAL_SIZE + LONGEST_NAME  # octets of a header and its name, as far as it counts
_UNICODE_PATH = 0x7075
_AT_PATH = 5  # behind its version and the checksum of the name that it stands for
_UTF8 = 0x800
_ENCRYPTED = 0x1 | 0x40 | 0x2000  # in any way, strongly, the directory itself; APPNOTE 4.4.4
_METHODS = frozenset([*range(11), 12, 14, 16, 18, 19, 20, *range(93, 100)])  # APPNOTE 4.4.5
_UNPRINTABLE = re.compile(rb"[\0-\x1f\x7f]")
_IN_ZIP64 = 0xFFFFFFFF
_LARGEST_DIRECTORY = 64 << 20


class Header(NamedTuple):
    """Of a file, before it or in the directory."""

    flags: int
    method: int
    name_size: int
    extra_size: int

    @property
    def is_encrypted(self) -> bool:
        return bool(self.flags & _ENCRYPTED)

    @property
    def is_utf8(self) -> bool:
        return bool(self.flags & _UTF8)


class Directory(NamedTuple):
    """What its end says of it; APPNOTE 4.3.16."""

    disk: int
    first_disk: int
    files_here: int
    files: int
    size: int
    offset: int
    comment_size: int

    @property
    def is_possible(self) -> bool:
        """Has it one, of a size that there could be?"""
        smallest = len(CENTRAL) + CENTRAL_SIZE
        return self.size == _IN_ZIP64 or smallest <= self.size <= _LARGEST_DIRECTORY

    def is_taken(self, before: int, behind: int) -> bool:
        """Is it good for every program, with so many octets before its mark and behind it?"""
        return (
            self.disk == self.first_disk == 0
            and self.files_here == self.files
            and self.is_possible
            and self.offset + self.size <= before
            and self.comment_size <= behind
        )


def local(octets: bytes) -> Optional[Header]:
    return Header(*_LOCAL.unpack(octets)) if len(octets) == LOCAL_SIZE else None


def central(octets: bytes) -> Optional[Header]:
    return Header(*_CENTRAL.unpack(octets)[:4]) if len(octets) == CENTRAL_SIZE else None


def unicode_paths(extra: bytes) -> Iterator[bytes]:
    """UTF-8; there are programs that prefer one to the name; APPNOTE 4.6.9."""
    at = 0
    while at + _EXTRA.size <= len(extra):
        kind, size = _EXTRA.unpack_from(extra, at)
        at += _EXTRA.size
        if kind == _UNICODE_PATH:
            yield extra[at + _AT_PATH : at + size]
        at += size


def directory(octets: bytes) -> Optional[Directory]:
    return Directory(*_DIRECTORY.unpack(octets)) if len(octets) == END_SIZE else None


def names(octets: bytes) -> Iterator[Name]:
    """Whatever else their headers say."""
    for mark in MARK.finditer(octets):
        if mark[0] != END:
            header, name = _read(mark[0], octets[mark.end() : mark.end() + _HEAD])
            if header is not None:
                yield name, header.is_utf8


class Doubts:
    """See the file's first lines; `start` are the first octets."""

    def __init__(self, start: bytes) -> None:
        self.names: List[Name] = []
        self._are_over = start.startswith((LOCAL, END, _SPANNED))

    def end(self, mark: bytes, stream: Stream) -> bool:
        """The stream is behind the mark, and stays there."""
        self._are_over = self._are_over or self._is_believed(mark, stream)
        return self._are_over

    def _is_believed(self, mark: bytes, stream: Stream) -> bool:
        if mark == END:
            ended = directory(stream.peek(END_SIZE))
            return bool(self.names) and ended is not None and ended.is_possible
        header, name = _read(mark, stream.peek(_HEAD))
        if header is not None and _is_believed(header, name):
            return True
        self.names.append((name, header is not None and header.is_utf8))
        return len(self.names) > MOST_DOUBTS


def _read(mark: bytes, octets: bytes) -> Tuple[Optional[Header], bytes]:
    """The header behind a mark, and its name as far as it counts."""
    size = LOCAL_SIZE if mark == LOCAL else CENTRAL_SIZE
    header = (local if mark == LOCAL else central)(octets[:size])
    length = 0 if header is None else min(header.name_size, LONGEST_NAME)
    return header, octets[size : size + length]


def _is_believed(header: Header, name: bytes) -> bool:
    return header.method in _METHODS and bool(name) and not _UNPRINTABLE.search(name)
