"""mailbox - a maildir of mails that are all of one size.

    fill(folder / "alice", mails=200, size=100_000)

The contents are the same in every run: a short text and an attachment of random
octets in base64, CRLF at the line ends, as most mails of that size are.
"""

from __future__ import annotations

import base64
import random
from pathlib import Path

_HEAD = """\
From: a{n}@example.org
To: alice@example.net
Subject: mail {n}
Date: Mon, 2 Mar 2026 10:00:00 +0000
Message-ID: <{n}@example.org>
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="b{n}"

--b{n}
Content-Type: text/plain; charset=utf-8

Hello {n}
--b{n}
Content-Type: application/octet-stream
Content-Disposition: attachment; filename="f{n}.bin"
Content-Transfer-Encoding: base64

"""
_END = "\n--b{n}--\n"
_LINE = 76  # octets of base64 in a line, RFC 2045 section 6.8


def mail(number: int, size: int) -> bytes:
    """Mail `number` of exactly `size` octets, or as few as head and end need."""
    head = _crlf(_HEAD.format(n=number))
    end = _crlf(_END.format(n=number))
    return head + _attachment(number, size - len(head) - len(end)) + end


def fill(folder: Path, mails: int, size: int) -> None:
    """Make `folder` a maildir of `mails` mails, all of them seen."""
    for part in ("cur", "new", "tmp"):
        (folder / part).mkdir(parents=True)
    for number in range(mails):
        octets = mail(number, size)
        name = f"1700000000.M{number}P1.h,S={len(octets)},W={len(octets)}:2,S"
        (folder / "cur" / name).write_bytes(octets)


def _attachment(number: int, size: int) -> bytes:
    octets = base64.b64encode(random.Random(number).randbytes(max(size, 0)))
    lines = (octets[at:at + _LINE] for at in range(0, len(octets), _LINE))
    return b"\r\n".join(lines)[:max(size, 0)]


def _crlf(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode("ascii")
