"""mails - mails for a mailbox, each of a kind that mail programs or proxies stumble over.

    mails(200) -> 200 mails in canonical form (CRLF), always the same ones
"""

from __future__ import annotations

import base64
import random

_TEXT = b"The quick brown fox jumps over the lazy dog, and the proxy lets it pass.\r\n"


def _attachment(rnd: random.Random, octets: int) -> bytes:
    return base64.encodebytes(rnd.randbytes(octets)).replace(b"\n", b"\r\n")


def _plain(rnd: random.Random) -> bytes:
    return b"\r\n" + _TEXT * rnd.randrange(1, 40)


def _no_body(rnd: random.Random) -> bytes:
    return b"\r\n"


def _dots_and_from(rnd: random.Random) -> bytes:
    """Lines that POP3 and mbox would change."""
    return b"\r\n.\r\n..\r\n>From me\r\n" + _TEXT + b". \r\n"


def _like_imap(rnd: random.Random) -> bytes:
    """Lines that look like the protocol."""
    return b"\r\na1 OK FETCH completed.\r\n* 1 EXPUNGE\r\nb2 LOGOUT {5}\r\n* BYE\r\n)\r\n"


def _eight_bit(rnd: random.Random) -> bytes:
    head = b"Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n"
    return head + b"\r\n" + "Příliš žluťoučký kůň\r\n".encode() * 20


def _long_lines(rnd: random.Random) -> bytes:
    return b"\r\n" + b"x" * 990 + b"\r\n" + b"y" * rnd.randrange(900, 990) + b"\r\n"


def _multipart(rnd: random.Random) -> bytes:
    return (
        b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n'
        b"--b\r\nContent-Type: text/plain\r\n\r\n" + _TEXT + b"--b\r\n"
        b'Content-Type: application/octet-stream; name="data.bin"\r\n'
        b"Content-Transfer-Encoding: base64\r\n\r\n"
        + _attachment(rnd, rnd.randrange(100, 60000))
        + b"--b--\r\n"
    )


_KINDS = (
    _plain,
    _no_body,
    _dots_and_from,
    _like_imap,
    _eight_bit,
    _long_lines,
    _multipart,
    _multipart,
)


def mail(number: int) -> bytes:
    """The mail of this number, its kind by turns."""
    rnd = random.Random(number)
    head = (
        f"From: sender{number}@example.org\r\n"
        "To: alice@example.net\r\n"
        f"Subject: mail {number}\r\n"
        f"Date: Mon, 2 Mar 2026 10:{number // 60 % 60:02}:{number % 60:02} +0000\r\n"
        f"Message-ID: <{number}@example.org>\r\n"
    )
    return head.encode() + _KINDS[number % len(_KINDS)](rnd)


def mails(count: int) -> list[bytes]:
    return [mail(number) for number in range(1, count + 1)]
