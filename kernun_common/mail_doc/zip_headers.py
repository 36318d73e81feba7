"""zip_headers - the headers of a zip archive, and where in other octets one begins; APPNOTE 4.3.

    header = local(stream.read(LOCAL_SIZE))         behind a mark; None: it is cut off
    header = central(stream.read(CENTRAL_SIZE))
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

LOCAL, CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_SPANNED = b"PK00" + LOCAL  # APPNOTE 8.5
START = len(_SPANNED)  # octets that tell whether they begin a zip
MARK = re.compile(rb"PK(?:\x03\x04|\x01\x02|\x05\x06)")
STORED, DEFLATED = 0, 8
LONGEST_NAME = 1024
MOST_DOUBTS = 1000

_LOCAL = struct.Struct("<2xHH16xHH")  # flags, method; lengths of name and extra
_CENTRAL = struct.Struct("<4xHH16xHHH12x")  # flags, method; lengths of name, extra, comment
_DIRECTORY = struct.Struct("<8xI6x")  # octets of the directory
LOCAL_SIZE, CENTRAL_SIZE = _LOCAL.size, _CENTRAL.size  # without the mark
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


class Doubts:
    """See the file's first lines; `start` are the first octets."""

    def __init__(self, start: bytes) -> None:
        self.names: List[Name] = []
        self._are_over = start.startswith((LOCAL, _END, _SPANNED))

    def end(self, mark: bytes, stream: Stream) -> bool:
        """The stream is behind the mark, and stays there."""
        self._are_over = self._are_over or self._is_believed(mark, stream)
        return self._are_over

    def _is_believed(self, mark: bytes, stream: Stream) -> bool:
        if mark == _END:
            return bool(self.names) and _ends_a_directory(stream.peek(_DIRECTORY.size))
        header, name = _read(mark, stream.peek(_HEAD))
        if header is not None and _is_believed(header, name):
            return True
        self.names.append((name, header is not None and header.is_utf8))
        return len(self.names) > MOST_DOUBTS


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
