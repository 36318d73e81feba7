"""uuencode - what `uuencode` makes of a file, in a stream; POSIX, uuencode.

    for octets in decoded(chunks)     the files in it, one behind the other
    for octets in loosely(chunks)     ... as decoders read them that ask less of the first line
    IN_TEXT                           a pattern, without groups: where a file begins in a text

A file goes from a line `begin 644 name` (or `begin-base64 644 name`) to a line `end`
(or `====`), or to where the stream ends.  Lines that can be no part of it are left out.

What decoders take for the first line (tried with what they print): a tab before the name GNU
sharutils, busybox, UUDeview and MIME-tools; one, two, five or more digits, a digit that is not
octal, or no name, most of these and Python; no mode busybox and UUDeview; MIME-tools, where the
encoding is declared, any line with `begin`.  BEGIN is a line that no text has by chance if the
encoding is declared; in a text it counts alone with three or four digits and a name, and otherwise
if data follow.
"""

from __future__ import annotations

import binascii
import re
from typing import Iterable, Iterator

from . import base64_text
from .text_lines import lines

BEGIN = re.compile(rb"begin(-base64)?[ \t]+[0-7]{1,7}(?![^ \t\r\n])[ \t]*([^\r\n]*)")
IN_TEXT = (
    rb"begin(?:(?:-base64)?[ \t]{1,1000}+[0-7]{3,4}[ \t]{1,1000}+[^ \t\r\n]"
    rb"|-base64[ \t]{1,1000}+[0-7]"
    rb"|[ \t][^\r\n]{0,1000}+(?=\r?\n(?:"
    rb"M[ -`]{60,62}[ \t]*\r?\n"  # 45 octets, as all lines but the last have
    rb"|[!-L][ -`]{4,60}[ \t]*\r?\n(?:[ `]?[ \t]*\r?\n)?end[ \t\r\n])))"
)
_ANY = re.compile(rb"begin(-base64)?")
_ENDS = (b"end", b"====")
_CHARACTERS = bytes(range(0x20, 0x61))
_TO_BASE64 = bytes.maketrans(_CHARACTERS, base64_text.ALPHABET + b"A")  # ` is a blank, and 0


def decoded(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Any octets; nothing where no file begins."""
    return _from(BEGIN, chunks)


def loosely(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The same from the first line that begins with the word."""
    return _from(_ANY, chunks)


def _from(first: re.Pattern[bytes], chunks: Iterable[bytes]) -> Iterator[bytes]:
    left = lines(chunks)
    for line in left:
        begin = first.match(line)
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
