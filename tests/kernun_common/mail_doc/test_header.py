"""Fields of headers, where they begin and end."""

import pytest

from kernun_common.mail_doc.header import fields, first, unfolded
from kernun_common.mail_doc.octets import Span

CASES = [
    # header, (name, value) of each field
    (b"", []),
    (b"\r\n", []),
    (b"\n", []),
    (b"a: b\r\n\r\nc: d\r\n", [(b"a", b" b")]),
    (b"a: b\n\nc: d\n", [(b"a", b" b")]),
    (b"a: b\r\nC:d", [(b"a", b" b"), (b"C", b"d")]),
    (b"a: b\r\n c\r\n\td\r\ne: f\r\n\r\n", [(b"a", b" b\r\n c\r\n\td"), (b"e", b" f")]),
    (b"a:\r\n b\r\n", [(b"a", b"\r\n b")]),
    (b"a:\r\n \r\n\r\n", [(b"a", b"\r\n ")]),
    (b"a \t: b\r\n", [(b"a", b" b")]),
    (b"a b: c:d\r\n", [(b"a b", b" c:d")]),
    (b": b\r\n", [(b"", b" b")]),
    (b"no colon\r\n : fold\r\nx: y\r\n", [(b"", b"no colon\r\n : fold"), (b"x", b" y")]),
    (b" first: b\r\n", [(b" first", b" b")]),
    (b"a: b\rc: d\r\n", [(b"a", b" b\rc: d")]),
    (b"a: b\r\r\n\r\n", [(b"a", b" b\r")]),
    (b"\x00\xff: \x00\r\n", [(b"\x00\xff", b" \x00")]),
]


@pytest.mark.parametrize("header, expected", CASES)
def test_fields(header, expected):
    found = list(fields(header, Span(0, len(header))))
    assert [(field.name, field.value.of(header)) for field in found] == expected


@pytest.mark.parametrize("header, expected", CASES)
def test_they_lie_behind_one_another(header, expected):
    at = 7
    for field in fields(b"x: y\r\n " + header, Span(7, 7 + len(header))):
        assert field.span.start == at and at <= field.value.start <= field.value.end
        at = field.span.end
    assert (b"x: y\r\n " + header)[at:].startswith((b"\r\n", b"\n")) or at == 7 + len(header)


def test_first():
    found = list(fields(b"a: 1\r\nB: 2\r\nb: 3\r\n", Span(0, 18)))
    assert first(found, "b") == found[1]
    assert first(found, "c") is None


@pytest.mark.parametrize(
    "value, expected",
    [(b" a\r\n b", b" a b"), (b"a\n\tb", b"a\tb"), (b"a\r\nb", b"a\r\nb"), (b"a\r b", b"a\r b")],
)
def test_unfolded(value, expected):
    assert unfolded(value) == expected
