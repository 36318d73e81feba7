"""subject - a text before or behind the subject of a mail.

    with_text(b" Hello\\r\\n", "[SPAM] ", suffix=False)  ->  b"Subject: [SPAM] Hello\\r\\n"
    with_text(...)                                       ->  None where the text is there already

A reader shows the text and the subject, character for character.  The octets of the subject stay
as they are where the text can stand beside them; else all of it is written in encoded words.
RFC 2047.
"""

from __future__ import annotations

import re

from . import encoded_word
from .encode import CRLF
from .header import unfolded
from .header_draft import field

SUBJECT = b"Subject"

_PLAIN = re.compile(r"(?!.*=\?)[ -~]*")  # what needs no encoded words
_LINE = 900  # octets of a line that are not folded; RFC 5322 section 2.1.1 allows 998


def added(text: str) -> bytes:
    """The field of a mail that has none."""
    bare = text.strip()
    return field(SUBJECT, bare.encode("ascii") if _is_plain(bare) else encoded_word.encode(bare))


def with_text(value: bytes, text: str, suffix: bool) -> bytes | None:
    """The field with `text`; None where a reader shows it there already.

    `value`: what stands behind the colon, with folds; the result is the field with its line end.
    """
    bare = value.strip()
    if not bare:
        return added(text)
    shown = encoded_word.decode(unfolded(bare)).strip()
    if shown.endswith(text.strip()) if suffix else shown.startswith(text.strip()):
        return None
    if _is_plain(text) and _can_stand_beside(bare, text, suffix):
        return _joined(bare, text.encode("ascii"), suffix)
    return field(SUBJECT, encoded_word.encode((shown + text if suffix else text + shown).strip()))


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None


def _can_stand_beside(bare: bytes, text: str, suffix: bool) -> bool:
    """An encoded word is one only with a blank beside it."""
    words = bare.split()
    if suffix:
        return text.startswith(" ") or b"?=" not in words[-1]
    return text.endswith(" ") or b"=?" not in words[0]


def _joined(bare: bytes, text: bytes, suffix: bool) -> bytes:
    if suffix:
        text = text.rstrip()
        last = len(bare) - bare.rfind(b"\n")
        fold = CRLF if text.startswith(b" ") and last + len(text) > _LINE else b""
        return SUBJECT + b": " + bare + fold + text + CRLF
    text = text.lstrip()
    first = len(bare.partition(b"\n")[0])
    fold = CRLF if text.endswith(b" ") and first + len(text) > _LINE else b""
    folded = text[:-1] + fold + b" " if fold else text
    return SUBJECT + b": " + folded + bare + CRLF
