"""uuencode - what `uuencode` makes of a file, in a stream; POSIX, uuencode.

    for octets in decoded(chunks)     the files in it, one behind the other

A file goes from a line `begin 644 name` (or `begin-base64 644 name`) to a line `end`
(or `====`), or to where the stream ends.  Lines that can be no part of it are left out.
"""

from __future__ import annotations

import binascii
import re
from typing import Iterable, Iterator

from . import base64_text
from .text_lines import lines

BEGIN = re.compile(rb"begin(-base64)? +[0-7]{3,4} +(\S[^\r\n]*)")
_ENDS = (b"end", b"====")
_CHARACTERS = bytes(range(0x20, 0x61))
_TO_BASE64 = bytes.maketrans(_CHARACTERS, base64_text.ALPHABET + b"A")  # ` is a blank, and 0


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; nothing where no file begins."""
    left = lines(chunks)
    for line in left:
        begin = BEGIN.match(line)
        if begin:
            content = _content(left)
            yield from base64_text.tolerant(content) if begin[1] else _decoded(content)


def _content(left: Iterator[bytes]) -> Iterator[bytes]:
    for line in left:
        if line.rstrip() in _ENDS:
            return
        yield line


def _decoded(content: Iterable[bytes]) -> Iterator[bytes]:
    for line in content:
        octets = _line(line)
        if octets:
            yield octets


def _line(line: bytes) -> bytes:
    """A length, then four characters for each three octets; missing ones are blanks."""
    length = (line[0] - 32) & 63 if line else 0
    size = (length + 2) // 3 * 4
    characters = line[1 : 1 + size].ljust(size)
    if characters.translate(None, _CHARACTERS):
        return b""
    return binascii.a2b_base64(characters.translate(_TO_BASE64))[:length]
