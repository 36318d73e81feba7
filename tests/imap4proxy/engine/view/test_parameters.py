"""Types, dispositions, encodings and languages; more of them are compared with Dovecot."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.parameters import (
    MOST,
    Disposition,
    Media,
    content_type,
    disposition,
    encoding,
    languages,
)

TYPES = [
    (b"text/plain", Media(b"text", b"plain")),
    (b"Text/HTML; Charset=UTF-8", Media(b"Text", b"HTML", ((b"Charset", b"UTF-8"),))),
    (b"text (c) / plain", Media(b"text", b"plain")),
    (b"text", Media(b"text", b"")),
    (b"text/", Media(b"", b"")),
    (b"text/plain junk", Media(b"", b"")),
    (b"/plain", Media(b"", b"")),
    (b"", Media(b"", b"")),
]

PARAMETERS = [
    (b"a=1; b=2", ((b"a", b"1"), (b"b", b"2"))),
    (b'a="x;y"', ((b"a", b"x;y"),)),
    (b"a=", ((b"a", b""),)),
    (b"a==?utf-8?q?b?= c; d=1", ((b"a", b"=?utf-8?q?b?="), (b"d", b"1"))),
    (b"a=1 2; b=3", ((b"a", b"1"), (b"b", b"3"))),
    (b"a; b=3; c=4", ((b"c", b"4"),)),
    (b'a="1', ()),
    (b"n*0=a; n*1=b", ((b"n", b"ab"),)),
    (b"n*1=b; x=y; n*0=a", ((b"x", b"y"), (b"n", b"ab"))),
    (b"n*0*=u''%41; n*1=5%", ((b"n*", b"u''%415%25"),)),
    (b"n*0=a; n*1*=%41", ((b"n*", b"''a%41"),)),
    (b"n*=u''%41", ((b"n*", b"u''%41"),)),
    (b"n*0=a; n*2=c", ((b"n*0", b"a"), (b"n*2", b"c"))),
    (b"n*0=a; m*=b", ((b"m*", b"b"), (b"n", b"a"))),
    (b"n*" + b"9" * 5000 + b"=a", ((b"n*%d" % (int("9" * 40) % 2**32), b"a"),)),
    (b"n*x=a", ((b"n*x", b"a"),)),
]


@pytest.mark.parametrize("value, expected", TYPES)
def test_content_type(value, expected):
    assert content_type(value) == expected


@pytest.mark.parametrize("text, expected", PARAMETERS)
def test_parameters(text, expected):
    assert content_type(b"a/b; " + text).parameters == expected
    assert disposition(b"a ; " + text) == Disposition(b"a", expected)


def test_is_a():
    media = Media(b"Message", b"RFC822")
    assert media.is_a(b"message") and media.is_a(b"message", b"rfc822")
    assert not media.is_a(b"message", b"partial")


OTHERS = [
    (disposition, b"", Disposition(b"", ())),
    (disposition, b"inline (c", None),
    (encoding, b"(c) Base64 (d)", b"Base64"),
    (encoding, b"base64 junk", None),
    (encoding, b"", None),
    (languages, b"en, cs (x),de-AT,", (b"en", b"cs", b"de-AT")),
    (languages, b",", ()),
    (languages, b"en, (x", (b"en",)),
]


@pytest.mark.parametrize("read, value, expected", OTHERS)
def test_others(read, value, expected):
    assert read(value) == expected


@pytest.mark.parametrize("text", [b"; a=b", b";a*%d=b", b"; ", b"; a", b'; a="', b"(", b";a=("])
def test_long_values(text):
    value = b"".join(text.replace(b"%d", b"%d" % at) for at in range(20_000))
    assert len(content_type(b"a/b" + value).parameters) <= MOST


def test_most():
    whole = b"; ".join(b"a%d=b" % at for at in range(200))
    assert len(content_type(b"a/b; " + whole).parameters) == MOST
    assert content_type(b"a/b; a=b c" + b"-" * 124 + b"; d=e").parameters[1:] == ((b"d", b"e"),)
    assert content_type(b"a/b; a=b c" + b"-" * 126 + b"; d=e").parameters[1:] == ()
