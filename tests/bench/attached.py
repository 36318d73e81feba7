"""attached - mails with attachments, in which nothing is found and nothing is to be corrected.

    mails(60, 100_000)          60 mails of about 100000 octets, always the same ones

A text of some paragraphs, a picture and a document; what is attached is random octets, in base64.
Unlike those of mailbox.py, no attachment is cut off within its base64.
"""

from __future__ import annotations

import random

from tests.support.mail_samples import mixed, part

_HEAD = (
    "Received: from mail.example.org (mail.example.org [192.0.2.1]) by mx.example.net with ESMTPS"
    " id {n:08x};\r\n Mon, 2 Mar 2026 10:00:00 +0000\r\n"
    "From: Ann <ann{n}@example.org>\r\nTo: alice@example.net\r\nSubject: Report {n}\r\n"
    "Date: Mon, 2 Mar 2026 10:00:00 +0000\r\nMessage-ID: <{n}@example.org>\r\n"
)
_WORDS = "the report of last week is attached please read it before we meet on Monday".split()
_PARAGRAPHS, _LINES = 8, 5
_PICTURE = 0.3  # how much of the attachments is the picture
_ENCODED = 78 / 57  # octets of base64, its line ends with it, for one octet


def mails(count: int, size: int) -> list[bytes]:
    return [_mail(number, size) for number in range(count)]


def _mail(number: int, size: int) -> bytes:
    rnd = random.Random(number)
    text = _text(rnd)
    octets = rnd.randbytes(max(0, int((size - len(text)) / _ENCODED)))
    picture = int(len(octets) * _PICTURE)
    return mixed(
        part("text/plain; charset=utf-8", text, encoding="7bit"),
        part("image/jpeg", b"\xff\xd8\xff\xe0" + octets[:picture], name=f"picture{number}.jpg"),
        part("application/pdf", b"%PDF-1.7\n" + octets[picture:], name=f"report{number}.pdf"),
        head=_HEAD.format(n=number).encode(),
    )


def _text(rnd: random.Random) -> bytes:
    lines = (" ".join(rnd.choices(_WORDS, k=12)) for _ in range(_PARAGRAPHS * _LINES))
    paragraphs = ("\r\n".join(group) for group in zip(*[lines] * _LINES))
    return "\r\n\r\n".join(paragraphs).encode()
