"""capability_data - the list of words in `* CAPABILITY`, in its response code, in `* ENABLED`.

    words(b"IMAP4rev1 IDLE")   -> ((b"IMAP4rev1", b"IDLE"), ())
    words(b"IMAP4rev1 ")       -> ((b"IMAP4rev1",), (Leniency.TRAILING_BLANK,))

    capability-data = "CAPABILITY" *(SP capability)     capability = atom

PeerError: these are no words.  Source: RFC 3501 section 9.
"""

from __future__ import annotations

import re

from kernun_common.errors import PeerError, Side

from .abnf import ATOM_CHAR
from .data import Forgiven
from .leniencies import Leniency

_WORD = b"[" + ATOM_CHAR + b"]++"
_WORDS = re.compile(b"(" + _WORD + b"(?: " + _WORD + b")*)( *)").fullmatch


def words(octets: bytes) -> tuple[tuple[bytes, ...], Forgiven]:
    """The words of `octets`, which begin with the first; at least one."""
    found = _WORDS(octets)
    if found is None:
        raise PeerError(Side.SERVER, "not a list of capabilities")
    return tuple(found[1].split(b" ")), (Leniency.TRAILING_BLANK,) if found[2] else ()
