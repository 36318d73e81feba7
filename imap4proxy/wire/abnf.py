r"""abnf - the classes of octets of the IMAP grammar, under the names it gives them.

    fullmatch = re.compile(b"[" + ATOM_CHAR + b"]+").fullmatch

A class is the inside of a character set of a regular expression, made from the
octets themselves, so that a range too many is not a thing that can happen.
Numbers are here too, as the grammar bounds them.

Sources: RFC 3501 section 9, RFC 9051 section 9, RFC 5234 appendix B.1.
"""

from __future__ import annotations

import re

NUMBER = 2**32 - 1     # number, nz-number: an unsigned 32-bit integer
NUMBER64 = 2**63 - 1   # number64, mod-sequence-value: unsigned, 63 bits (RFC 9051, RFC 7162)


def octets(members: bytes) -> bytes:
    """`members` as the inside of a character set: the fewest ranges, which compile the fastest."""
    taken = set(members)
    firsts = sorted(octet for octet in taken if octet - 1 not in taken)
    lasts = sorted(octet for octet in taken if octet + 1 not in taken)
    return b"".join(b"\\x%02x-\\x%02x" % ends for ends in zip(firsts, lasts))


def _without(members: bytes, taken: bytes) -> bytes:
    return bytes(octet for octet in members if octet not in taken)


CHAR = bytes(range(0x01, 0x80))
CTL = bytes(range(0x20)) + b"\x7f"
PRINTABLE = _without(CHAR, CTL)

LIST_WILDCARDS = b"%*"
QUOTED_SPECIALS = b'"\\'
RESP_SPECIALS = b"]"
ATOM_SPECIALS = b"(){ " + CTL + LIST_WILDCARDS + QUOTED_SPECIALS + RESP_SPECIALS

ATOM_CHAR = octets(_without(CHAR, ATOM_SPECIALS))
ASTRING_CHAR = octets(_without(CHAR, ATOM_SPECIALS) + RESP_SPECIALS)
LIST_CHAR = octets(_without(CHAR, ATOM_SPECIALS) + RESP_SPECIALS + LIST_WILDCARDS)
TAG_CHAR = octets(_without(_without(CHAR, ATOM_SPECIALS) + RESP_SPECIALS, b"+"))
TEXT_CHAR = octets(_without(CHAR, b"\r\n"))
QUOTED_CHAR = octets(_without(CHAR, b"\r\n" + QUOTED_SPECIALS))  # but for the escaped two
QUOTED_CHAR_UTF8 = QUOTED_CHAR + octets(bytes(range(0x80, 0x100)))  # RFC 6855; to be decoded
# In the name of a header field: a bracket would end the section for who reads no further than that.
FIELD_CHAR = octets(_without(CHAR, ATOM_SPECIALS + b"["))
QUOTED_FIELD_CHAR = octets(_without(CHAR, b"\r\n[]" + QUOTED_SPECIALS))
BASE64_CHAR = octets(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")

ATOM = re.compile(b"[" + ATOM_CHAR + b"]+")
TAG = re.compile(b"[" + TAG_CHAR + b"]+")
