r"""codes - has a response code the form that its RFC gives it?

    expected(b"UIDNEXT", b"42")    True
    expected(b"UIDNEXT", b"many")  False: it may pass all the same, as an unknown one may

A code that is known and is not in FORMS has no argument.
Sources: the RFC of each code in names.py.
"""

from __future__ import annotations

import re

from . import abnf
from .names import RESPONSE_CODES

_NZ = b"[1-9][0-9]{0,9}"
_RANGE = _NZ + b"(?::" + _NZ + b")?"
_SET = _RANGE + b"(?:," + _RANGE + b")*"
_WORD = b"[" + abnf.ATOM_CHAR + b"]+"
_FLAG = rb"(?:\\\*|\\?" + _WORD + b")"

FORMS = {
    b"BADCHARSET": rb"(?:\(.+\))?",
    b"CAPABILITY": _WORD + b"(?: " + _WORD + b")*",
    b"PERMANENTFLAGS": rb"\((?:" + _FLAG + b"(?: " + _FLAG + rb")*)?\)",
    b"UIDNEXT": _NZ,
    b"UIDVALIDITY": _NZ,
    b"UNSEEN": _NZ,
    b"APPENDUID": _NZ + b" " + _SET,
    b"COPYUID": _NZ + b" " + _SET + b" " + _SET,
    b"HIGHESTMODSEQ": b"[1-9][0-9]{0,18}",
    b"MODIFIED": _SET,
    b"METADATA": b"(?i:LONGENTRIES|MAXSIZE) [0-9]{1,10}|(?i:TOOMANY|NOPRIVATE)",
    b"MAILBOXID": rb"\([A-Za-z0-9_-]{1,255}\)",
    b"INPROGRESS": rb"(?:\(.+\))?",
}
_matchers = {
    name: re.compile(FORMS.get(name, b""), re.DOTALL).fullmatch for name in RESPONSE_CODES
}


def expected(name: bytes, argument: bytes) -> bool:
    """`name` in upper case."""
    matcher = _matchers.get(name)
    return matcher is not None and matcher(argument) is not None
