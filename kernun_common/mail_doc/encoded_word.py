"""encoded_word - characters in a header that are not ASCII; RFC 2047.

    decode(b"=?utf-8?q?Gr=C3=BCn?= tea")  ->  "Grün tea"        the value of a field, unfolded
    encode("Grün tea")                    ->  b"=?utf-8?q?Gr=C3=BCn_tea?="

Any octets have characters: a word that cannot be decoded stands for itself, 8-bit octets outside
of words are UTF-8 where they are it, else ISO 8859-1.  Takes time linear in the octets.
"""

from __future__ import annotations

import binascii
import re
from typing import List

from kernun_common import charsets

# A word has no blank and no question mark in it; RFC 2047 section 2.  Its length is not judged.
_WORD = re.compile(rb"=\?([!-<>@-~]{1,60})\?([QqBb])\?([!->@-~]*)\?=")
_BETWEEN_WORDS = re.compile(rb"[ \t\r\n]+")
_ESCAPE = re.compile(rb"=([0-9A-Fa-f]{2})")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")

_ROOM = 75  # octets of an encoded word, RFC 2047 section 2
_FRAME = len("=?utf-8?b??=")
_CHARACTERS = (_ROOM - _FRAME) // 4 * 3  # octets of UTF-8 that fit into a word


def decode(value: bytes) -> str:
    """The characters of an unfolded value; blanks between two encoded words fall away."""
    texts: List[str] = []
    end = 0
    for word in _WORD.finditer(value):
        between = value[end : word.start()]
        if not (end and _BETWEEN_WORDS.fullmatch(between)):
            texts.append(characters(between, "utf-8"))
        texts.append(_decoded(word))
        end = word.end()
    texts.append(characters(value[end:], "utf-8"))
    return "".join(texts)


def _decoded(word: re.Match[bytes]) -> str:
    charset = word[1].partition(b"*")[0].decode("ascii")  # RFC 2231 section 5: a language behind *
    octets = _base64(word[3]) if word[2] in b"Bb" else _quoted(word[3])
    return characters(octets, charset)


def _quoted(text: bytes) -> bytes:
    return _ESCAPE.sub(lambda found: bytes([int(found[1], 16)]), text.replace(b"_", b" "))


def _base64(text: bytes) -> bytes:
    """What can be decoded, whatever else stands there and however it is padded."""
    digits = _NOT_BASE64.sub(b"", text)
    whole = digits[: len(digits) // 4 * 4]
    rest = digits[len(whole) :]
    if len(rest) > 1:
        whole += rest + b"=" * (4 - len(rest))
    return binascii.a2b_base64(whole)


def characters(octets: bytes, charset: str) -> str:
    """Octets in a character set by its name in a mail; in UTF-8, else ISO 8859-1, if not known."""
    codec = charsets.find(charset) or charsets.find("utf-8")
    assert codec is not None
    try:
        return codec.decode(octets)[0]
    except ValueError:
        return octets.decode("iso-8859-1")


def encode(text: str) -> bytes:
    """Encoded words for `text`, with one blank between two; they stand for exactly it."""
    return b" ".join(_word(piece) for piece in _cut(text))


def _cut(text: str) -> List[bytes]:
    """UTF-8 in pieces that fit into a word, none of which ends within a character."""
    pieces: List[bytes] = [b""]
    for character in text:
        octets = character.encode("utf-8", "replace")
        if len(pieces[-1]) + len(octets) > _CHARACTERS:
            pieces.append(b"")
        pieces[-1] += octets
    return pieces


def _word(octets: bytes) -> bytes:
    """In the shorter of the two encodings."""
    quoted = b"".join(_quote(octet) for octet in octets)
    base64 = binascii.b2a_base64(octets, newline=False)
    if len(quoted) <= len(base64):
        return b"=?utf-8?q?" + quoted + b"?="
    return b"=?utf-8?b?" + base64 + b"?="


def _quote(octet: int) -> bytes:
    """RFC 2047 section 5 (3): what may stand in a word wherever it is, a phrase included."""
    character = bytes([octet])
    if character.isalnum() or character in b"!*+-/":
        return character
    return b"_" if octet == 32 else b"=%02X" % octet
