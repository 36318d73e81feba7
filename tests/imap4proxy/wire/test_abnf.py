"""Every class of octets over all 256 values, against what RFC 3501 section 9 lists."""

from __future__ import annotations

import re

import pytest

from imap4proxy.wire import abnf

OCTETS = [bytes([octet]) for octet in range(256)]
PRINTABLE = set(range(0x21, 0x7F))
ATOM_SPECIALS = set(b'(){ %*"\\]')

CLASSES = [
    # class, octets of it as the grammar describes them
    (abnf.ATOM_CHAR, PRINTABLE - ATOM_SPECIALS),
    (abnf.ASTRING_CHAR, PRINTABLE - ATOM_SPECIALS | set(b"]")),
    (abnf.LIST_CHAR, PRINTABLE - ATOM_SPECIALS | set(b"]%*")),
    (abnf.TAG_CHAR, PRINTABLE - ATOM_SPECIALS - set(b"+") | set(b"]")),
    (abnf.TEXT_CHAR, set(range(1, 0x80)) - set(b"\r\n")),
    (abnf.QUOTED_CHAR, set(range(1, 0x80)) - set(b'\r\n"\\')),
    (abnf.QUOTED_CHAR_UTF8, set(range(1, 0x100)) - set(b'\r\n"\\')),
    (abnf.BASE64_CHAR, {o for o in range(0x80) if chr(o).isalnum()} | set(b"+/")),
]


@pytest.mark.parametrize("members, expected", CLASSES)
def test_class(members: bytes, expected: set[int]) -> None:
    pattern = re.compile(b"[" + members + b"]")
    assert {octet[0] for octet in OCTETS if pattern.fullmatch(octet)} == expected


PATTERNS = [(abnf.ATOM, CLASSES[0][1]), (abnf.TAG, CLASSES[3][1])]


@pytest.mark.parametrize("pattern, members", PATTERNS)
def test_pattern(pattern: re.Pattern[bytes], members: set[int]) -> None:
    assert {octet[0] for octet in OCTETS if pattern.fullmatch(octet)} == members
    assert pattern.fullmatch(b"") is None


def test_numbers() -> None:
    assert (abnf.NUMBER, abnf.NUMBER64) == (4294967295, 9223372036854775807)
