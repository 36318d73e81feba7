"""uuencode_in_text - does uuencode begin in a text that does not say so?

    PATTERN                a pattern, without groups: what begins such a line
    begins(text, at)       is it one, by itself or by the lines behind it?  In any case
    LINES_BEHIND, LONGEST  so many lines behind that one, and octets from `at` on, are enough

By itself a line counts with three or four octal digits and a name, or with -base64 or -encoded and
a mode, which no text has by chance.  Any other has to stand before a line of data: its first
character tells how many are behind it, and one or two more may be (some encoders add a checksum).
That is so of a line of text, too, now and then.  Therefore it must be a long one in the alphabet
of uuencode, or the two behind it must be such lines, too, or the file must end before.

Which decoders take what: uuencode.py.
"""

from __future__ import annotations

import re
from typing import Sequence

from .uuencode import data_size

_LINE = rb"[^\n]{0,600}+\n"
_MOST_BEHIND = 2  # characters behind the data
_LONG = 30  # octets

LINES_BEHIND = 4
LONGEST = 1000 + LINES_BEHIND * 601 + 100
PATTERN = rb"begin(?:-base64|-encoded){0,2}[ \t]"
_ALONE = re.compile(
    rb"(?i:begin)(?:(?:-base64|-encoded){0,2}[ \t]{1,1000}+[0-7]{3,4}[ \t]{1,1000}+[^ \t\r\n]"
    rb"|(?:-base64|-encoded){1,2}[ \t][ \t\v]{0,1000}+[-+]?[0-9])"
)
_BEFORE_DATA = re.compile(
    rb"(?i:begin)((?:-encoded)?-base64)?(?:-encoded)?[ \t][^\n]{0,1000}+\n"
    rb"(" + _LINE + rb")(" + _LINE + rb")?(" + _LINE + rb")?(" + _LINE + rb")?"
)
_PLAIN = re.compile(rb"[ -`]+")
_BASE64 = re.compile(rb"(?=.)(?:[a-z0-9+/]{4}){0,200}+(?:[a-z0-9+/]{2}(?:==|[a-z0-9+/]=))?", re.I)


def begins(text: bytes, at: int) -> bool:
    """At this offset of it; not as long as what is behind it in the text does not tell."""
    if _ALONE.match(text, at):
        return True
    found = _BEFORE_DATA.match(text, at)
    if not found:
        return False
    is_base64, first, *others = found.groups(b"")
    if is_base64:
        return bool(_BASE64.fullmatch(first.rstrip()))
    if not _fits(first):
        return False
    if data_size(first)[0] >= _LONG and _PLAIN.fullmatch(first.rstrip()):
        return True
    return _goes_on(others)


def _fits(line: bytes) -> bool:
    """Is it as long as its first character tells?  Blanks at its end may be data or not."""
    line = line.rstrip(b"\r\n")
    length, size = data_size(line) if line else (0, 0)
    least = (length * 4 + 2) // 3  # of encoders that leave out what is no octet
    return 0 < length and least < len(line) and len(line.rstrip()) <= 1 + size + _MOST_BEHIND


def _goes_on(others: Sequence[bytes]) -> bool:
    """Does the file do so behind its first line, or end?"""
    second, third, _ = others
    if _fits(second):
        return _fits(third) or _ends(others[1:])
    return _ends(others)


def _ends(others: Sequence[bytes]) -> bool:
    """Does a line without data, or with the last word, begin these?  A blank one says little."""
    word = others[0].rstrip()
    return word in (b"`", b"end") or not word and others[1].rstrip() == b"end"
