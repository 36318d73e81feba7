from __future__ import annotations

import re
from email.header import decode_header, make_header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.encoded_word import characters, decode, encode

WORD = re.compile(rb"=\?utf-8\?[qb]\?[!->@-~]*\?=")

DECODED = [
    (b"Hello", "Hello"),
    (b"=?utf-8?q?Gr=C3=BCn?= tea", "Grün tea"),
    (b"=?UTF-8?B?R3LDvG4=?=", "Grün"),
    (b"=?utf-8?b?R3LDvG4?=", "Grün"),  # without padding
    (b"=?utf-8?b?R3 LDvG4=?=", "=?utf-8?b?R3 LDvG4=?="),  # a blank: no word
    (b"=?utf-8?q?a?= =?utf-8?q?b?=", "ab"),
    (b"=?utf-8?q?a?=\r\n =?utf-8?q?b?=", "ab"),
    (b"=?utf-8?q?a?= x =?utf-8?q?b?=", "a x b"),
    (b"=?utf-8?q?a_b=20c?=", "a b c"),
    (b"=?iso-8859-2?q?=BE?=", "ž"),
    (b"=?utf-8*cs?q?a?=", "a"),
    (b"=?x-unknown?q?=E9?=", "é"),
    (b"=?idna?q?xn--a?=", "xn--a"),
    (b"=?utf-8?q?=FF?=", "ÿ"),
    (b"Gr\xc3\xbcn", "Grün"),
    (b"Gr\xfcn", "Grün"),
    (b"=?utf-8?x?a?=", "=?utf-8?x?a?="),
    (b"a =?utf-8?q?b?=c", "a bc"),
]


@pytest.mark.parametrize("value, text", DECODED)
def test_decode(value, text):
    assert decode(value) == text


@given(st.binary() | st.lists(st.sampled_from([b"=?", b"utf-8", b"?q?", b"?b?", b"?=", b"=C3"]))
       .map(b"".join))
def test_any_octets_have_characters(value):
    assert isinstance(decode(value), str)


@given(st.text(st.characters(exclude_categories=["Cs"]), min_size=1))
def test_encoded_words_stand_for_the_text(text):
    written = encode(text)
    assert decode(written) == text
    assert str(make_header(decode_header(written.decode("ascii")))) == text
    assert all(WORD.fullmatch(word) and len(word) <= 75 for word in written.split(b" "))


@pytest.mark.parametrize("octets, charset, text", [
    (b"\xbe", "windows-1250", "ľ"),
    (b"a", "undefined", "a"),
    (b"a", "hex", "a"),
    (b"\xff", "no such thing", "ÿ"),
])
def test_characters(octets, charset, text):
    assert characters(octets, charset) == text
