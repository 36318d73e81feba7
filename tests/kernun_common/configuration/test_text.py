"""Quotes and escapes there and back; the nearest word; keywords and attributes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.configuration.text import (
    BadEscape,
    attribute_of,
    hint,
    keyword_of,
    nearest,
    quoted,
    unquoted,
)

WORDS = ("session-acl", "command-acl", "listen-on", "IDLE")


@pytest.mark.parametrize(
    "inside, characters",
    [
        ("", ""),
        ("plain # ; {", "plain # ; {"),
        (r"\"\\\n\r\t", '"\\\n\r\t'),
        (r"\x41\xfF\x00", "A\xff\0"),
        (r"\\n", r"\n"),
    ],
)
def test_unquoted(inside, characters):
    assert unquoted(inside) == characters


@pytest.mark.parametrize(
    "inside, offset", [(r"a\q", 1), (r"\x4", 0), (r"\xg0", 0), (r"ab\\\ ", 4), (r"\X41", 0)]
)
def test_an_unknown_escape_is_an_error_at_its_place(inside, offset):
    with pytest.raises(BadEscape) as bad:
        unquoted(inside)
    assert bad.value.offset == offset


@given(st.text())
def test_quoted_is_the_inverse(text):
    shown = quoted(text)
    assert unquoted(shown[1:-1]) == text and "\n" not in shown and "\r" not in shown


def test_every_character_of_one_octet():
    for number in range(256):
        assert unquoted(quoted(chr(number))[1:-1]) == chr(number)
        assert unquoted(f"\\x{number:02X}") == chr(number)


@pytest.mark.parametrize(
    "word, near",
    [
        ("sesion-acl", "session-acl"),
        ("COMMAND-ACLS", "command-acl"),
        ("idel", "IDLE"),
        ("xyzzy", None),
        ("session-acl" * 100, None),
    ],
)
def test_nearest(word, near):
    assert nearest(word, WORDS) == near
    assert hint(word, WORDS) == (f"; did you mean `{near}`?" if near else "")


@pytest.mark.parametrize(
    "keyword, attribute", [("from", "from_"), ("ip-tos", "ip_tos"), ("x", "x"), ("class", "class_")]
)
def test_attributes_and_keywords(keyword, attribute):
    assert attribute_of(keyword) == attribute and keyword_of(attribute) == keyword
