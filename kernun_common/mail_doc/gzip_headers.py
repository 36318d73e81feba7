"""gzip_headers - what stands before the deflated octets of a gzip; RFC 1952.

    is_gzip(stream.peek(MAGIC_SIZE))
    header = read(stream.peek(LONGEST))     None: it is longer, or cut off
    header.name                             of the file, empty where it has none
    header.octets                           all of it, in which programs may see another archive
"""

from __future__ import annotations

from typing import NamedTuple, Optional

MAGIC_SIZE = 3
LONGEST = 512  # octets

_MAGIC = b"\x1f\x8b\x08"
_AT_FLAGS, _SIZE = 3, 10
_EXTRA, _NAME, _COMMENT = 0x04, 0x08, 0x10


class Header(NamedTuple):
    """Without its checksum, which hides nothing."""

    octets: bytes
    name: bytes


def is_gzip(start: bytes) -> bool:
    return start.startswith(_MAGIC)


def read(start: bytes) -> Optional[Header]:
    if len(start) < _SIZE:
        return None
    flags, at, name = start[_AT_FLAGS], _SIZE, b""
    if flags & _EXTRA:
        at += 2 + int.from_bytes(start[at : at + 2], "little")
    for text in (_NAME, _COMMENT):
        if flags & text:
            end = start.find(b"\0", at)
            if end < 0:
                return None
            name = start[at:end] if text == _NAME else name
            at = end + 1
    return Header(start[:at], name) if at <= len(start) else None
