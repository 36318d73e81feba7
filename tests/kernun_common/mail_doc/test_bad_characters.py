from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc import octets as places
from kernun_common.mail_doc.bad_characters import are_in, corrected
from kernun_common.mail_doc.octets import Span

CASES = [
    (b"", b""),
    (b"a\r\nb\r\n", b"a\r\nb\r\n"),
    (b"a\nb", b"a\r\nb"),
    (b"a\rb", b"a\r\nb"),
    (b"a\r", b"a\r\n"),
    (b"\n", b"\r\n"),
    (b"a\0b", b"ab"),
    (b"a\r\0\nb", b"a\r\nb"),
    (b"a\r\r\nb", b"a\r\n\r\nb"),
]


@pytest.mark.parametrize("size", [1, 2, 3, 1000])
@pytest.mark.parametrize("octets, then", CASES)
def test_corrected(octets, then, size, monkeypatch):
    monkeypatch.setattr(places.chunks, "__defaults__", (size,))
    span = Span(0, len(octets))
    assert are_in(octets, span) is (octets != then)
    assert b"".join(corrected(octets, span).make()) == then


PIECES = st.lists(st.sampled_from([b"\r", b"\n", b"\r\n", b"\0", b"a"])).map(b"".join)


@given(PIECES, st.integers(1, 5))
def test_what_was_corrected_has_none(octets, size):
    default = places.chunks.__defaults__
    places.chunks.__defaults__ = (size,)
    try:
        span = Span(0, len(octets))
        made = corrected(octets, span)
        then = b"".join(made.make())
        assert are_in(octets, span) is bool(re.search(rb"\0|\r(?!\n)|(?<!\r)\n", octets))
        assert not are_in(then, Span(0, len(then))) and made.size == len(then)
    finally:
        places.chunks.__defaults__ = default
