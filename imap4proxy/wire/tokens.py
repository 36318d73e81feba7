r"""tokens - what a server's data are made of: patterns of whole tokens.

Each ends with a look-ahead for what may follow a token (END), so that none is
taken for whole before all of it has come.  They hold no groups, and repeat
nothing but sets of octets, so that matching is linear.

    number(2**32 - 1)     a decimal number up to there; leading zeros within its length
    Strings.of(utf8)      quoted strings as the session allows them, and those that it does not
    as_literal(quoted)    {n} CRLF octets, for a quoted string

Sources: RFC 3501 section 9, RFC 9051 section 9, RFC 6855 section 3.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from kernun_common.errors import PeerError, Side

from . import abnf
from .abnf import NUMBER, NUMBER64, octets
from .fragments import Literal, NotAHeader, header, literal_at

END = rb"(?=[ )\r])"
CRLF = rb"\r\n"


def number(limit: int, end: bytes = END) -> bytes:
    """Decimal numbers from 0 to `limit` (10 or more), of no more digits than `limit` has."""
    digits = str(limit).encode()
    ways = [b"[0-9]{1,%d}" % (len(digits) - 1)]
    for at, digit in enumerate(digits):
        if digit > ord("0"):
            rest = len(digits) - at - 1
            ways.append(digits[:at] + b"[0-%c][0-9]{%d}" % (digit - 1, rest))
    return b"(?:" + b"|".join(way + end for way in [*ways, digits]) + b")"


def nz_number(limit: int, end: bytes = END) -> bytes:
    return b"(?!0)" + number(limit, end)


def word(text: bytes) -> bytes:
    """`text` in any case (every keyword of IMAP is without case)."""
    return b"(?i:" + re.escape(text) + b")"


def words(*texts: bytes) -> bytes:
    return b"(?i:" + b"|".join(map(re.escape, texts)) + b")"


N = number(NUMBER)
NZ = nz_number(NUMBER)
N64 = number(2 * NUMBER64 + 1)  # Gmail's and others' identifiers use the 64th bit as well
NIL = word(b"NIL")

ATOM = b"[" + abnf.ATOM_CHAR + b"]++" + END
ASTRING_WORD = b"[" + abnf.ASTRING_CHAR + b"]++" + END
FLAG = rb"\\?" + ATOM
MAILBOX_FLAG = rb"\\" + ATOM

# Any run of printing octets that is no other token: what a value that we have no
# grammar for may consist of.  `"` and `{` begin strings, and nothing else does.
WORD = b"[" + octets(bytes(o for o in abnf.PRINTABLE if o not in b'(){" ')) + b"]++" + END

_UTF8 = (
    rb"[\xc2-\xdf][\x80-\xbf]"
    rb"|\xe0[\xa0-\xbf][\x80-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]{2}|\xed[\x80-\x9f][\x80-\xbf]"
    rb"|\xf0[\x90-\xbf][\x80-\xbf]{2}|[\xf1-\xf3][\x80-\xbf]{3}|\xf4[\x80-\x8f][\x80-\xbf]{2}"
)
_PLAIN = b"[" + abnf.QUOTED_CHAR + b"]*+"
_ESCAPED = rb'\\["\\]'


class Strings(NamedTuple):
    """`quoted` is valid, `raw` holds octets above 127 that may not stand in it."""

    quoted: bytes
    raw: bytes

    @classmethod
    def of(cls, utf8: bool) -> Strings:
        """As the session allows; `utf8`: the client enabled UTF8=ACCEPT or IMAP4rev2."""
        special = _ESCAPED + (b"|" + _UTF8 if utf8 else b"")
        return cls(
            b'"' + _PLAIN + b"(?:(?:" + special + b")" + _PLAIN + b')*"' + END,
            rb'"(?:[^"\\\r\n\x00]|' + _ESCAPED + b')*"' + END,
        )


def announced(buffer: bytes, at: int) -> tuple[int, int] | None:
    """The size of the literal announced at `at`, where its octets begin; None: not whole yet."""
    try:
        found = literal_at(buffer, at)
    except NotAHeader:
        raise PeerError(Side.SERVER, "a malformed literal") from None
    return None if found is None else (found[0].size, found[1])


def is_utf8(value: bytes) -> bool:
    try:
        value.decode()
    except UnicodeDecodeError:
        return False
    return True


_ESCAPE = re.compile(rb'\\(["\\])')


def as_literal(quoted: bytes) -> bytes:
    """The quoted string `quoted` (quotes and escapes included) as a literal."""
    value = _ESCAPE.sub(rb"\1", quoted[1:-1])
    return header(Literal(len(value))) + value
