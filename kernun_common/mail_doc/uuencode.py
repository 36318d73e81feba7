"""uuencode - what `uuencode` makes of a file, in a stream; POSIX, uuencode.

    for octets in decoded(chunks)     the files in it, one behind the other
    for octets in loosely(chunks)     ... as decoders read them that ask less of the first line
    for octets in masked(chunks)      ... and take every octet for a character of the data
    has_junk(chunks)                  is there a line of data that `masked` alone decodes?

A file goes from a line `begin 644 name` (or `begin-base64 644 name`) to a line `end`
(or `====`), or to where the stream ends.  Lines that can be no part of it are left out.

What decoders take for the first line (tried with what they print): a tab before the name GNU
sharutils, busybox, UUDeview and MIME-tools; one, two, five or more digits, a digit that is not
octal, or no name, most of these and Python; a sign before the digits, and -encoded behind the
word (the name is in base64 then), sharutils; no mode busybox and UUDeview; MIME-tools, where the
encoding is declared, any line with `begin`.  BEGIN is a line that no text has by chance if the
encoding is declared.  Of a text see uuencode_in_text.py.

A character stands for six bits.  Python leaves out a line with one outside of the alphabet;
sharutils and busybox take the lower six bits of what is 32 less.
"""

from __future__ import annotations

import binascii
import re
from collections import deque
from typing import Callable, Iterable, Iterator

from . import base64_text
from .text_lines import lines

BEGIN = re.compile(rb"begin(-base64)?[ \t]+[0-7]{1,7}(?![^ \t\r\n])[ \t]*([^\r\n]*)")
_ANY = re.compile(rb"begin((?:-encoded)?-base64)?")
_ENDS = (b"end", b"====")
_CHARACTERS = bytes(range(0x20, 0x61))
_TO_BASE64 = bytes(base64_text.ALPHABET[octet - 32 & 63] for octet in range(256))

_Decoder = Callable[[bytes], bytes]  # of a line


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; nothing where no file begins."""
    return _from(BEGIN, chunks, _line)


def loosely(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same from the first line that begins with the word."""
    return _from(_ANY, chunks, _line)


def masked(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same from there, of whatever octets the lines are."""
    return _from(_ANY, chunks, _any_line)


def has_junk(chunks: Iterable[bytes]) -> bool:
    """Would `loosely` leave out a line of data for an octet that is in it?"""
    return any(_from(_ANY, chunks, _left_out, with_base64=False))


def _from(
    first: re.Pattern[bytes], chunks: Iterable[bytes], decoder: _Decoder, with_base64: bool = True
) -> Iterator[bytes]:
    """Files in base64 are passed over if they are not asked for."""
    left = lines(chunks)
    for line in left:
        begin = first.match(line)
        if begin:
            content = _content(left)
            if not begin[1]:
                yield from filter(None, map(decoder, content))
            elif with_base64:
                yield from base64_text.tolerant(content)
            else:
                deque(content, maxlen=0)


def _content(left: Iterator[bytes]) -> Iterator[bytes]:
    for line in left:
        if line.rstrip() in _ENDS:
            return
        yield line


def data_size(line: bytes) -> tuple[int, int]:
    """Of a line of data that is not empty: how many octets it holds, in how many characters."""
    length = (line[0] - 32) & 63
    return length, (length + 2) // 3 * 4


def _is_plain(line: bytes) -> bool:
    """Are the characters of the data in the alphabet?"""
    size = data_size(line)[1] if line else 0
    return not line[1 : 1 + size].translate(None, _CHARACTERS)


def _left_out(line: bytes) -> bytes:
    return b"" if _is_plain(line) else _any_line(line)


def _line(line: bytes) -> bytes:
    return _any_line(line) if _is_plain(line) else b""


def _any_line(line: bytes) -> bytes:
    """A length, then four characters for each three octets; missing ones are blanks."""
    if not line:
        return b""
    length, size = data_size(line)
    characters = line[1 : 1 + size].ljust(size)
    return binascii.a2b_base64(characters.translate(_TO_BASE64))[:length]
