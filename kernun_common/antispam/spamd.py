"""spamd - what is said to SpamAssassin's spamd, or to rspamd in its place; a script without I/O.

    check(pieces, size, user)  ->  the score in thousandths: 5000 is 5.0

The command CHECK of SPAMC/1.5, which is answered by headers alone:

    SPAMD/1.1 0 EX_OK
    Spam: True ; 1000.0 / 5.0

Anything else raises Unavailable.
See also: spamd/PROTOCOL of SpamAssassin.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Iterable, Optional
from urllib.parse import quote

from ..errors import Unavailable
from ..netio.script import Script, more_in, put

LONGEST = 65536  # octets of the answer's headers; rspamd may add some
LARGEST = 2**31 - 1  # thousandths, either way: what a configuration can be compared with

_STATUS = re.compile(rb"SPAMD/[0-9]{1,3}\.[0-9]{1,3} ([0-9]{1,3})(?: [^\r\n]*)?")
_SPAM = re.compile(
    rb"spam:[ \t]*(?:true|false|yes|no)[ \t]*;[ \t]*(-?[0-9]{1,9}(?:\.[0-9]{1,9})?)[ \t]*/[^\r\n]*",
    re.IGNORECASE,
)
_SAFE = "".join(map(chr, range(0x21, 0x7F))).replace("%", "")


def check(pieces: Iterable[bytes], size: int, user: Optional[str] = None) -> Script[int]:
    """`size` octets in all; a user's blanks and all but printable ASCII are %-encoded."""
    answer = bytearray()
    put((yield _head(size, user)), answer, LONGEST)
    for piece in pieces:
        if _is_whole(answer):
            break
        put((yield piece), answer, LONGEST)
    while not _is_whole(answer):
        yield from more_in(answer, LONGEST)
    return score(bytes(answer))


def _head(size: int, user: Optional[str]) -> bytes:
    lines = ["CHECK SPAMC/1.5", f"Content-length: {size}"]
    if user is not None:
        encoded = quote(user.encode("utf-8", "surrogateescape"), safe=_SAFE)
        lines.append(f"User: {encoded}")
    return "".join(f"{line}\r\n" for line in (*lines, "")).encode("ascii")


def _is_whole(answer: bytearray) -> bool:
    return b"\r\n\r\n" in answer


def score(answer: bytes) -> int:
    """What the headers say; Unavailable where they say nothing."""
    status, *headers = answer.partition(b"\r\n\r\n")[0].split(b"\r\n")
    told = _STATUS.fullmatch(status)
    if told is None or int(told[1]) != 0:
        raise Unavailable(f"it answered {status[:200]!r}")
    scores = [found[1] for found in map(_SPAM.fullmatch, headers) if found is not None]
    if len(scores) != 1:
        raise Unavailable("it told no score" if not scores else "it told several scores")
    thousandths = int((Decimal(scores[0].decode("ascii")) * 1000).to_integral(ROUND_HALF_EVEN))
    return max(-LARGEST, min(thousandths, LARGEST))
