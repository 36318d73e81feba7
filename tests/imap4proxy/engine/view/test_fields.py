"""Values of fields, and the forms in which they are shown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.fields import (
    for_people,
    nstring,
    string,
    unfolded,
    value,
)
from imap4proxy.engine.view.lexer import REPLACEMENT
from kernun_common.mail_doc.mime import parse

from ....support.fetch_values import String
from ....support.fetch_values import value as read

VALUES = [
    # behind the colon, value, for people, unfolded
    (b" a", b"a", b"a", b"a"),
    (b" \t a b ", b"a b ", b"a b", b"a b "),
    (b"", b"", b"", b""),
    (b"   ", b"  ", b"", b"  "),
    (b"\r\n a", b"\n a", b"a", b" a"),
    (b" \r\n a", b"\n a", b"a", b" a"),
    (b" a\r\n\t b\r\n c", b"a\n\t b\n c", b"a b c", b"a\t b c"),
    (b" a\r\n \r\n b", b"a \n b", b"a b", b"a  b"),
    (b" a\rb", b"a\rb", b"a b", b"a b"),
    (b" a\0b", b"a\0b", *[b"a" + REPLACEMENT + b"b"] * 2),
]


@pytest.mark.parametrize("behind, expected, people, one_line", VALUES)
def test_value(behind, expected, people, one_line):
    octets = b"Subject:" + behind + b"\r\n\r\n"
    found = value(octets, parse(octets).root.fields[0])
    assert (found, for_people(found), unfolded(found)) == (expected, people, one_line)


STRINGS = [
    (b"", b'""'),
    (b'a "b" \\', b'"a \\"b\\" \\\\"'),
    (b"a\nb", b"{3}\r\na\nb"),
    (b"\xe9", b"{1}\r\n\xe9"),
    (b"x" * 1025, b"{1025}\r\n" + b"x" * 1025),
]


@pytest.mark.parametrize("text, expected", STRINGS)
def test_string(text, expected):
    assert string(text) == nstring(text) == expected


def test_nil():
    assert nstring(None) == b"NIL"


@given(st.binary())
def test_every_string_can_be_read(text):
    written = string(text)
    assert read(written, 0) == (String(text), len(written))
