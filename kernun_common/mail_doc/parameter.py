"""parameter - one parameter of Content-Type or Content-Disposition, as all programs read it.

    parameter("filename", "a b.txt")   ->  b'filename="a b.txt"'
    parameter("filename", "žluť.txt")  ->  b"filename*=utf-8''%C5%BElu%C5%A5.txt"
    written("name", b"a;b")            ->  b'name="a;b"'        octets, in quotation marks
    characters("name*", b"utf-8''%C5%BE")  ->  "ž"              what they stand for

RFC 2045 section 5.1 and RFC 2231 section 4.  A long one is cut into pieces, RFC 2231 section 3.
"""

from __future__ import annotations

import re
from typing import List
from urllib.parse import unquote_to_bytes

from . import encoded_word

_TOKEN = re.compile(rb"[!#$%&'*+.0-9A-Z^_`a-z{|}~-]+")  # RFC 2045: tspecials and blanks are out
_TO_ESCAPE = re.compile(rb'[\\"]')
_NOT_QUOTABLE = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
_PIECE = 60  # octets of a value in one piece


def parameter(name: str, value: str) -> bytes:
    """`value` in any characters."""
    if value.isascii() and value.isprintable():
        octets = value.encode("ascii")
        if len(octets) <= _PIECE:
            return written(name, octets)
    encoded = [_encoded(character) for character in value]
    pieces = _cut(encoded)
    if len(pieces) == 1:
        return f"{name}*=utf-8''".encode() + pieces[0]
    pieces[0] = b"utf-8''" + pieces[0]
    return b"; ".join(b"%s*%d*=%s" % (name.encode(), n, each) for n, each in enumerate(pieces))


def written(name: str, value: bytes) -> bytes:
    """`value` as it is, in quotation marks unless it is a token; without control characters."""
    clean = _NOT_QUOTABLE.sub(b"", value)
    if _TOKEN.fullmatch(clean):
        return name.encode("latin-1") + b"=" + clean
    escaped = _TO_ESCAPE.sub(rb"\\\g<0>", clean)
    return name.encode("latin-1") + b'="' + escaped + b'"'


def characters(name: str, value: bytes) -> str:
    """Of a value as content_type.py gives it; RFC 2231 section 4 where the name ends in `*`."""
    if not name.endswith("*"):
        return encoded_word.characters(value, "utf-8")
    charset, _, rest = value.partition(b"'")
    _, _, text = rest.partition(b"'")
    octets = unquote_to_bytes(text or value)
    return encoded_word.characters(octets, charset.decode("latin-1"))


def _encoded(character: str) -> bytes:
    octets = character.encode("utf-8", "replace")
    if character.isascii() and (character.isalnum() or character in ".-_"):
        return octets
    return b"".join(b"%%%02X" % octet for octet in octets)


def _cut(encoded: List[bytes]) -> List[bytes]:
    pieces = [b""]
    for each in encoded:
        if len(pieces[-1]) + len(each) > _PIECE:
            pieces.append(b"")
        pieces[-1] += each
    return pieces
