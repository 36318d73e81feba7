"""continuation - the command continuation request.

    read(buffer, at, utf8)     the Continuation that begins at `at`, its line being whole

    continue-req = "+" SP (resp-text / base64) CRLF     (RFC 3501, section 9)

PeerError: it is none.  A plus alone, as Exchange sends it, is forgiven, and so is
text with octets above 127 that are not UTF-8 or not allowed (`utf8`).
"""

from __future__ import annotations

import re

from kernun_common.errors import PeerError, Side

from . import status
from .data import Continuation
from .leniencies import Leniency

_LINE = re.compile(rb"\+(?: ([^\r\n\x00]*+))?\r\n").match


def read(buffer: bytes, at: int, utf8: bool) -> Continuation:
    found = _LINE(buffer, at)
    if found is None:
        raise PeerError(Side.SERVER, "a malformed continuation request")
    text = found[1]
    if text is None:
        return Continuation(b"", (Leniency.BARE_PLUS,))
    allowed = status.is_text(text, utf8)
    return Continuation(text, () if allowed else (Leniency.EIGHT_BIT_TEXT,))
