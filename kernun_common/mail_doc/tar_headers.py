"""tar_headers - the headers of a tar archive, and where in other octets one stands; POSIX.1, ustar.

    is_header(block)                       a block of BLOCK octets, by its checksum
    size(head)   name(head)                of the file behind it
    is_long_name(head)                     the file is the name of the next one, or holds it:
    long_name(head, octets)
    find(octets, start, stop, position)    where the first header begins, or None

GNU tar passes over blocks at the beginning that are no header, and so does `find`: any header at
a multiple of BLOCK octets, if it could be one, and elsewhere those that have the word of ustar.
"""

from __future__ import annotations

import re
import zlib
from typing import Optional

BLOCK = 512
LONGEST_LONG_NAME = 64 << 10  # octets

_CHECKSUM = slice(148, 156)
_DIGITS = re.compile(rb"[ \0]*[0-7]{1,7}[ \0]*")
_NUMBER = re.compile(rb"[ \0]*[0-7]+[ \0]*")
_PAX_PATH = re.compile(rb"\d+ path=([^\n]*)\n")
_MAGIC, _AT_MAGIC = b"ustar", 257
_HIGH = bytes(range(128, 256))
_ADLER = 65521  # zlib.adler32 has the sum modulo this


def is_header(block: bytes) -> bool:
    """Its checksum is the sum of the octets; there were programs to which they had signs."""
    if len(block) < BLOCK or not _DIGITS.fullmatch(block, _CHECKSUM.start, _CHECKSUM.stop):
        return False
    wanted = int(block[_CHECKSUM].strip(b" \0"), 8)
    summed = block[: _CHECKSUM.start] + b" " * 8 + block[_CHECKSUM.stop : BLOCK]
    negative = 256 * (BLOCK - len(summed.translate(None, _HIGH)))
    rest = (zlib.adler32(summed) & 0xFFFF) - 1 - wanted
    if rest % _ADLER and (rest - negative) % _ADLER:
        return False  # as most often; the sum itself takes ten times as long
    return wanted in (sum(summed), sum(summed) - negative)


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
        and _NUMBER.fullmatch(block, 100, 108) is not None
        and (_NUMBER.fullmatch(block, 124, 136) is not None or block[124] & 0x80 > 0)
    )


def size(head: bytes) -> int:
    octets = head[124:136]
    if octets[0] & 0x80:  # GNU: a binary number
        return int.from_bytes(octets[1:], "big")
    digits = octets.strip(b" \0")
    return int(digits, 8) if re.fullmatch(rb"[0-7]+", digits) else 0


def name(head: bytes) -> bytes:
    found = head[:100].partition(b"\0")[0]
    is_ustar = head.startswith(_MAGIC, _AT_MAGIC)
    prefix = head[345:500].partition(b"\0")[0] if is_ustar else b""
    return prefix + b"/" + found if prefix else found


def is_long_name(head: bytes) -> bool:
    return head[156:157] in (b"L", b"x", b"g")


def long_name(head: bytes, octets: bytes) -> bytes:
    """Empty where there is none."""
    if head[156:157] == b"L":  # GNU
        return octets.partition(b"\0")[0]
    path = _PAX_PATH.search(octets)
    return path[1] if path else b""
