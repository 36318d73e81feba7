"""What Content- fields say: the first of a name, and nothing without MIME."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.content import Content, Shape
from imap4proxy.engine.view.parameters import Disposition, Media
from kernun_common.mail_doc.mime import parse

TYPED = b"Content-Type: text/plain\r\n"


def content(header, body=b""):
    octets = header + b"\r\n" + body
    return Content.of(octets, parse(octets).root)


CASES = [
    # header, the accessor, value
    (TYPED, "media", Media(b"text", b"plain")),
    (TYPED + b"Content-Type: text/html\r\n", "media", Media(b"text", b"plain")),
    (b"MIME-Version: 1.0\r\n", "media", None),
    (TYPED + b"Content-Transfer-Encoding: Base64\r\n", "encoding", b"Base64"),
    (b"Content-Transfer-Encoding: base64\r\n", "encoding", None),
    (b"MIME-Version: 1.0\r\nContent-Transfer-Encoding: 8bit\r\n", "encoding", b"8bit"),
    (TYPED + b"Content-Transfer-Encoding: a b\r\nContent-Transfer-Encoding: c\r\n", "encoding",
     b"c"),
    (TYPED, "disposition", None),
    (TYPED + b"Content-Disposition: a\r\nContent-Disposition: b\r\n", "disposition",
     Disposition(b"b", ())),
    (TYPED + b"Content-Disposition: a; x=y\r\nContent-Disposition: b\r\n", "disposition",
     Disposition(b"a", ((b"x", b"y"),))),
    (TYPED + b"Content-Language: ,\r\nContent-Language: en, cs\r\n", "languages", (b"en", b"cs")),
    (TYPED, "languages", ()),
]  # fmt: skip


@pytest.mark.parametrize("header, accessor, expected", CASES)
def test_content(header, accessor, expected):
    assert getattr(content(header), accessor) == expected


def test_text():
    found = content(TYPED + b"Content-ID: <a>\r\n <b>\r\nContent-ID: c\r\nContent-MD5:\r\n")
    texts = [found.text(name) for name in ("id", "md5", "location")]
    assert texts == [b"<a> <b>", b"", None]


SHAPES = [
    (b"", Shape.LEAF),
    (TYPED, Shape.LEAF),
    (b"Content-Type: multipart/mixed; boundary=b\r\n", Shape.MULTIPART),
    (b"Content-Type: multipart/mixed\r\n", Shape.MULTIPART),
    (b"Content-Type: multipart\r\n", Shape.LEAF),
    (b"Content-Type: message/rfc822\r\n", Shape.MESSAGE),
    (b"Content-Type: message/partial\r\n", Shape.LEAF),
]


@pytest.mark.parametrize("header, expected", SHAPES)
def test_shape(header, expected):
    assert content(header, b"\r\n").shape is expected
