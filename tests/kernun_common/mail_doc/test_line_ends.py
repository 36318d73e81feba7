"""CR and LF alone, and NUL, wherever chunks end."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc import octets as places
from kernun_common.mail_doc.line_ends import line_end_checks, mended
from kernun_common.mail_doc.octets import Span

CASES = [
    # octets, where each is
    (b"", {}),
    (b"a\r\n\r\nb\r\n", {}),
    (b"a\nb\n", {"bare-lf": 1}),
    (b"\n", {"bare-lf": 0}),
    (b"a\r", {"bare-cr": 1}),
    (b"a\r\r\n", {"bare-cr": 1}),
    (b"a\n\r", {"bare-lf": 1, "bare-cr": 2}),
    (b"\r\n\0\r\n", {"nul": 2}),
    (b"a\r\nb\nc\r\rd\0\0", {"bare-lf": 4, "bare-cr": 6, "nul": 9}),
]


@pytest.mark.parametrize("octets, expected", CASES)
@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_checks(octets, expected, size, monkeypatch):
    monkeypatch.setattr(places.chunks, "__defaults__", (size,))
    found = {name: span.start for name, span in line_end_checks(octets, [])}
    assert found == expected


def test_binary_bodies_are_left_out():
    octets = b"a\r\n\0\n\r\nb\r"
    assert list(line_end_checks(octets, [Span(3, 5)])) == [("bare-cr", Span(8, 9))]


@given(some.text("a\r\n\0").map(str.encode), some.integers(1, 5))
def test_mended(octets, size):
    default = places.chunks.__defaults__
    places.chunks.__defaults__ = (size,)
    try:
        found = b"".join(mended(octets, Span(0, len(octets))))
    finally:
        places.chunks.__defaults__ = default
    assert found == re.sub(rb"\r\n|\r|\n", b"\r\n", octets.replace(b"\0", b""))
    assert not list(line_end_checks(found, []))
