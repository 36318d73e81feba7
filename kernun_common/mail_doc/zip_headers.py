"""zip_headers - the headers of a zip archive, and where in other octets one begins; APPNOTE 4.3.

    header = local(stream.read(LOCAL_SIZE))         behind a mark; None: it is cut off
    header = central(stream.read(CENTRAL_SIZE))
    for name, is_utf8 in names(octets): ...         of all headers in them
    doubts = find(stream)                           goes on to before the first mark of a zip

`find` is for what is not known to be a zip, in which the four octets of a mark may stand by
chance, or because a program looks for them.  A header is believed if its method is one that there
is and its name could be one.  Names of headers that are not come out as doubts where a zip follows
all the same: a believed header, the end of a directory, or more than MOST_DOUBTS of the like.
None: there is no zip.
"""

from __future__ import annotations

import re
import struct
from typing import Iterator, List, NamedTuple, Optional, Tuple

from .stream import Stream

Name = Tuple[bytes, bool]  # its octets, at most LONGEST_NAME, and whether they are UTF-8

LOCAL, CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
MARK = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)")
STORED, DEFLATED = 0, 8
LONGEST_NAME = 1024
MOST_DOUBTS = 1000

_LOCAL = struct.Struct("<2xHH16xHH")  # flags, method; lengths of name and extra
_CENTRAL = struct.Struct("<4xHH16xHHH12x")  # flags, method; lengths of name, extra, comment
_DIRECTORY = struct.Struct("<8xI6x")  # octets of the directory
LOCAL_SIZE, CENTRAL_SIZE = _LOCAL.size, _CENTRAL.size  # without the mark
_ENCRYPTED, _UTF8 = 0x1, 0x800
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


def local(octets: bytes) -> Optional[Header]:
    return Header(*_LOCAL.unpack(octets)) if len(octets) == LOCAL_SIZE else None


def central(octets: bytes) -> Optional[Header]:
    return Header(*_CENTRAL.unpack(octets)[:4]) if len(octets) == CENTRAL_SIZE else None


def names(octets: bytes) -> Iterator[Name]:
    """Whatever else their headers say."""
    for mark in MARK.finditer(octets):
        if mark[0] != _END:
            header, name = _read(mark[0], octets[mark.end() : mark.end() + _HEAD])
            if header is not None:
                yield name, header.is_utf8


def find(stream: Stream) -> Optional[List[Name]]:
    """See the file's first lines."""
    doubts: List[Name] = []
    while True:
        mark = stream.find(MARK)
        if mark is None:
            return None
        if mark[0] == _END:
            found = bool(doubts) and _ends_a_directory(stream.peek(_DIRECTORY.size))
        else:
            header, name = _read(mark[0], stream.peek(_HEAD))
            found = header is not None and _is_believed(header, name)
            if not found:
                doubts.append((name, header is not None and header.is_utf8))
        if found or len(doubts) > MOST_DOUBTS:
            stream.give_back(mark[0])
            return doubts


_HEAD = CENTRAL_SIZE + LONGEST_NAME


def _read(mark: bytes, octets: bytes) -> Tuple[Optional[Header], bytes]:
    """The header behind a mark, and its name as far as it counts."""
    size = LOCAL_SIZE if mark == LOCAL else CENTRAL_SIZE
    header = (local if mark == LOCAL else central)(octets[:size])
    length = 0 if header is None else min(header.name_size, LONGEST_NAME)
    return header, octets[size : size + length]


def _is_believed(header: Header, name: bytes) -> bool:
    return header.method in _METHODS and bool(name) and not _UNPRINTABLE.search(name)


def _ends_a_directory(octets: bytes) -> bool:
    """Has it one, of a size that there could be?"""
    if len(octets) < _DIRECTORY.size:
        return False
    size: int = _DIRECTORY.unpack(octets)[0]
    return size == _IN_ZIP64 or len(CENTRAL) + CENTRAL_SIZE <= size <= _LARGEST_DIRECTORY
