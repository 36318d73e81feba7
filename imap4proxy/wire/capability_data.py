"""capability_data - the list of words in `* CAPABILITY`, in its response code, in `* ENABLED`.

    words(b"IMAP4rev1 IDLE", limits)   -> ((b"IMAP4rev1", b"IDLE"), ())
    words(b"IMAP4rev1 ", limits)       -> ((b"IMAP4rev1",), (Leniency.TRAILING_BLANK,))

    capability-data = "CAPABILITY" *(SP capability)     capability = atom

PeerError: these are no words, or over a bound.  Source: RFC 3501 section 9.
"""

from __future__ import annotations

import re

from kernun_common.errors import PeerError, Side

from .abnf import ATOM_CHAR
from .data import Forgiven
from .leniencies import Leniency
from .response_limits import ResponseLimits

_WORD = b"[" + ATOM_CHAR + b"]++"
_WORDS = re.compile(b"(" + _WORD + b"(?: " + _WORD + b")*)( *)").fullmatch


def words(octets: bytes, limits: ResponseLimits) -> tuple[tuple[bytes, ...], Forgiven]:
    """The words of `octets`, which begin with the first; at least one."""
    found = _WORDS(octets)
    if found is None:
        raise PeerError(Side.SERVER, "not a list of capabilities")
    listed = tuple(found[1].split(b" "))
    if len(listed) > limits.capabilities or max(map(len, listed)) > limits.capability:
        raise PeerError(Side.SERVER, "a list of capabilities too long")
    return listed, (Leniency.TRAILING_BLANK,) if found[2] else ()
