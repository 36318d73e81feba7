"""What we tell of a mail: an independent grammar and our own reader take it, and it agrees with the
structure that Python's email finds in a clear mail."""

from __future__ import annotations

from email import message_from_bytes
from email.message import Message
from typing import Any, Sequence

import imap_codec

from imap4proxy.engine.view.pieces import chunks
from imap4proxy.engine.view.view import View
from imap4proxy.wire.fetch_items import Item
from kernun_common.mail_doc.mime import parse
from tests.support.fetch_values import items
from tests.support.reading import Response, read

from ..target import Target, same
from .mime import FORWARD, LIMITS, WORDS, ascii_of, mails

ASKED = ("BODYSTRUCTURE", "BODY", "ENVELOPE", "RFC822.SIZE")


def _told(octets: bytes) -> bytes:
    view = View(octets, parse(octets, LIMITS))
    answer = view.answer([Item(name) for name in ASKED])
    assert not answer.refusals
    return b"".join(chunks(octets, answer.pieces))


def check(octets: bytes) -> None:
    told = _told(octets)
    response = b"* 1 FETCH (" + told + b")\r\n"
    same(read([response], response=1 << 30), [Response("FETCH", response)], "our own reader")
    rest, _ = imap_codec.ResponseCodec.decode(response)
    assert not rest, rest
    structure = parse(octets, LIMITS)
    message = message_from_bytes(octets)
    guessed = any(part.defects for part in message.walk())
    if not (structure.ambiguities or structure.exceeded or guessed):
        same(_ours(items(told)[b"BODYSTRUCTURE"]), _theirs(message), "Python's email")


def _ours(value: Any) -> Any:
    """Types, as deep as they are nested."""
    if isinstance(value[0], list):
        parts = [one for one in value[:_count(value)]]
        return f"multipart/{_word(value[len(parts)])}", [_ours(one) for one in parts]
    kind = f"{_word(value[0])}/{_word(value[1])}"
    return (kind, [_ours(value[8])]) if kind == FORWARD else kind


def _count(value: Any) -> int:
    """How many parts a multipart has: what stands before its subtype."""
    return next(at for at, one in enumerate(value) if not isinstance(one, list))


def _word(value: bytes) -> str:
    return ascii_of(value.decode("latin-1").lower())


def _theirs(message: Message) -> Any:
    kind = ascii_of(message.get_content_type())
    if message.is_multipart() and (kind == FORWARD or kind.startswith("multipart/")):
        return kind, [_theirs(part) for part in message.get_payload()]
    return kind


def _seeds() -> Sequence[bytes]:
    return mails()


TARGET = Target(check, _seeds, WORDS, rounds=500, longest=3000, work=_told)
