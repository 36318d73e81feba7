"""tar_headers - the headers of a tar archive, and where in other octets one stands; POSIX.1, ustar.

    is_header(block)                       a block of BLOCK octets, by its checksum
    size(head)   name(head)                of the file behind it
    is_long_name(head)                     the file is the name of the next one, or holds it:
    long_names(head, octets)               ... all that it holds
    find(octets, start, stop, position)    where the first header begins, or None

GNU tar passes over blocks at the beginning that are no header, and so does `find`: any header at
a multiple of BLOCK octets, if it could be one, and elsewhere those that have the word of ustar.
"""

from __future__ import annotations

import re
import zlib
from typing import Dict, List, Optional

from .archive_budget import LONGEST_NAME

BLOCK = 512
LONGEST_LONG_NAME = 64 << 10  # octets

_CHECKSUM = slice(148, 156)
# As lenient as programs are: octal, with anything behind a blank or NUL, or binary.
_DIGITS = re.compile(rb"[\s\0]*\+?([0-7]{1,8})(?:[\s\0].*)?|[\x80\xff](.*)", re.S)
_MODE = re.compile(rb"[ \0]*[0-7]+[ \0]*|[ \0]*[0-7]*\0.*|[-\x80\xff].*", re.S)
_SIZE = re.compile(rb"[ \0]*([0-7]+)")
_PAX_PATH = re.compile(rb"(?<!\d)(\d+)[ \t]+(?:path|GNU\.sparse\.name)=")
_MAGIC, _AT_MAGIC = b"ustar", 257
_HIGH = bytes(range(128, 256))
_ADLER = 65521  # zlib.adler32 has the sum modulo this


def is_header(block: bytes) -> bool:
    """Its checksum is the sum of the octets; there were programs to which they had signs."""
    wanted = _checksum(block) if len(block) >= BLOCK else None
    if wanted is None:
        return False
    summed = block[: _CHECKSUM.start] + b" " * 8 + block[_CHECKSUM.stop : BLOCK]
    rest = (zlib.adler32(summed) & 0xFFFF) - 1 - wanted
    if rest % 256 and (rest + _ADLER) % 256:
        return False  # as most often: the two sums differ by 256 for each octet with a sign
    negative = 256 * (BLOCK - len(summed.translate(None, _HIGH)))
    if rest % _ADLER and (rest - negative) % _ADLER:
        return False  # the sum itself takes ten times as long
    return wanted in (sum(summed), sum(summed) - negative)


def _checksum(block: bytes) -> Optional[int]:
    digits = _DIGITS.fullmatch(block, _CHECKSUM.start, _CHECKSUM.stop)
    if digits is None:
        return None
    if digits[1]:
        return int(digits[1], 8)
    negative = block[_CHECKSUM.start] == 0xFF
    return int.from_bytes(digits[2], "big") - (negative << 56)


def find(octets: bytes, start: int, stop: int, position: int) -> Optional[int]:
    """The first that begins from `start` on and before `stop`; `position`: where octets[0] is."""
    named = _find_named(octets, start, stop)
    last = min(stop if named is None else named, len(octets) - BLOCK + 1)
    for at in range(start + -(position + start) % BLOCK, last, BLOCK):
        if _DIGITS.fullmatch(octets, at + _CHECKSUM.start, at + _CHECKSUM.stop):
            block = octets[at : at + BLOCK]
            if is_header(block) and (position + at == 0 or _is_believed(block)):
                return at
    return named


def _find_named(octets: bytes, start: int, stop: int) -> Optional[int]:
    at = start
    while True:
        at = octets.find(_MAGIC, at + _AT_MAGIC, stop + _AT_MAGIC + len(_MAGIC) - 1) - _AT_MAGIC
        if at < 0:
            return None
        if is_header(octets[at : at + BLOCK]):
            return at
        at += 1


def _is_believed(block: bytes) -> bool:
    """Not by chance, as in a table of numbers: it has a mode, a size, and somewhere a NUL."""
    return (
        b"\0" in block
        and _MODE.fullmatch(block, 100, 108) is not None
        and (_SIZE.match(block, 124, 136) is not None or block[124] & 0x80 > 0)
    )


def size(head: bytes) -> int:
    octets = head[124:136]
    if octets[0] & 0x80:  # GNU: a binary number
        return int.from_bytes(octets[1:], "big")
    digits = _SIZE.match(octets)
    return int(digits[1], 8) if digits else 0


def name(head: bytes) -> bytes:
    found = head[:100].partition(b"\0")[0]
    is_ustar = head.startswith(_MAGIC, _AT_MAGIC)
    prefix = head[345:500].partition(b"\0")[0] if is_ustar else b""
    return prefix + b"/" + found if prefix else found


def is_long_name(head: bytes) -> bool:
    return head[156:157] in (b"L", b"x", b"g", b"X")


def long_names(head: bytes, octets: bytes) -> List[bytes]:
    """All that there may be, each at most so long that it can be seen to be too long.

    A record ends by the length at its beginning, and for some programs with its line.
    """
    if head[156:157] == b"L":  # GNU
        return [octets.partition(b"\0")[0]]
    found: Dict[bytes, None] = {}
    for key in _PAX_PATH.finditer(octets):
        value = octets[key.end() : key.end() + LONGEST_NAME + 1]
        length = key.start() + int(key[1][-9:]) - 1 - key.end()
        found[value[: max(length, 0)]] = found[value.partition(b"\n")[0]] = None
    return [name for name in found if name]
