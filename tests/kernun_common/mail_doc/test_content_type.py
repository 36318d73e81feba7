"""Values of Content-Type and Content-Disposition, whole ones and broken ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc.content_type import disposition, parse

CASES = [
    # value, name, parameters after joining
    (b" text/plain", "text/plain", []),
    (b" Text/HTML; Charset=UTF-8", "text/html", [("charset", b"UTF-8")]),
    (b' text/plain; charset="utf-8"', "text/plain", [("charset", b"utf-8")]),
    (b" text / plain ;\r\n charset = a ; b=c", "text/plain", [("charset", b"a"), ("b", b"c")]),
    (b" (x) text/(y)plain(z); a=b (w)", "text/plain", [("a", b"b")]),
    (rb' a/b; n="x \"y\" \\z; q=r"', "a/b", [("n", rb'x "y" \z; q=r')]),
    (b' a/b; n="one\r\n two"', "a/b", [("n", b"one two")]),
    (b' a/b; n="open; m=1', "a/b", [("n", b"open; m=1")]),
    (b" a/b; n=x/y=z; m=1", "a/b", [("n", b"x/y=z"), ("m", b"1")]),
    (b" a/b; n=; m=1", "a/b", [("n", b""), ("m", b"1")]),
    (b" a/b; n; m=1", "a/b", [("m", b"1")]),
    (b" a/b;; m=1", "a/b", [("m", b"1")]),
    (b" a/b; n=x y; m=1", "a/b", [("n", b"x"), ("m", b"1")]),
    (b" a/b; n=1; N=2", "a/b", [("n", b"1"), ("n", b"2")]),
    (b" a/b junk; n=1", "/", []),
    (b" a/b/c; n=1", "/", []),
    (b" text", "text/", []),
    (b" text; n=1", "/", []),
    (b" text/; n=1", "/", []),
    (b"", "/", []),
    (b' "text/plain"', "/", []),
    (b" a/b; n*0=x; n*1=y", "a/b", [("n", b"xy")]),
    (b" a/b; n*1=y; m=1; n*0=x", "a/b", [("m", b"1"), ("n", b"xy")]),
    (b" a/b; n*0*=utf-8''%c5; n*1=y%", "a/b", [("n*", b"utf-8''%c5y%25")]),
    (b" a/b; n*0=x; n*2=y", "a/b", [("n*0", b"x"), ("n*2", b"y")]),
    (b" a/b; n*0=x; n*0=y", "a/b", [("n*0", b"x"), ("n*0", b"y")]),
    (b" a/b; n*=utf-8''x", "a/b", [("n*", b"utf-8''x")]),
    (b" a/b; n*9999999999=x", "a/b", [("n*9999999999", b"x")]),
    (b" a/b; \xff\xfe=\x80", "a/b", [("ÿþ", b"\x80")]),
]


@pytest.mark.parametrize("value, name, parameters", CASES)
def test_parse(value, name, parameters):
    found = parse(value)
    assert (found.name, list(found.joined)) == (name, parameters)


def test_as_written():
    found = parse(b" Text/HTML; NAME=x")
    assert found.written == (b"Text", b"HTML") and found.parameters == (("name", b"x"),)


def test_first():
    assert parse(b" a/b; n=1; n=2").first("n") == b"1"
    assert parse(b" a/b; n=1; n=2").first("m") is None


@pytest.mark.parametrize(
    "value, type, parameters",
    [
        (b" Attachment; filename=a.txt", "attachment", (("filename", b"a.txt"),)),
        (b" inline", "inline", ()),
        (b"; filename=a", "", (("filename", b"a"),)),
        (b"", "", ()),
    ],
)
def test_disposition(value, type, parameters):
    found = disposition(value)
    assert (found.type, found.subtype, found.parameters) == (type, "", parameters)


def test_a_hundred_thousand_pieces():
    pieces = range(100000)
    value = b" a/b" + b"".join(b"; n*%d=x" % number for number in reversed(pieces))
    assert parse(value).joined == (("n", b"x" * 100000),)


@given(some.binary() | some.text('ab/;="\\( )*01\r\n').map(str.encode))
def test_any_octets_have_a_value(value):
    for found in (parse(value), disposition(value)):
        assert all(isinstance(octets, bytes) for _, octets in found.joined)
