"""Documents without their encoding: what is decoded, what is refused, and partials of it."""

from __future__ import annotations

import base64
import quopri
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.binary import Document, Documents, Refused
from imap4proxy.engine.view.pieces import chunks, cut, size
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.octets import Span

REFUSED = "refused"

BASE64 = [
    (b"", b""),
    (b"YQ==", b"a"),
    (b" Y W\r\nI =\r\n", b"ab"),
    (b"YWJj\r\nZGVm", b"abcdef"),
    (b"YWJ", REFUSED),
    (b"YWJj=", REFUSED),
    (b"YQ===", REFUSED),
    (b"YQ==YQ==", REFUSED),
    (b"Y=Q=", REFUSED),
    (b"YW!j", REFUSED),
    (b"====", REFUSED),
    (b"Y===", REFUSED),
    (b"YWJj\x00", REFUSED),
    (b"Y" * 65534 + b"Q=" + b"\r\n" * 40000 + b"=\r\n", REFUSED),
    (b"Y" * 65533 + b"Q=" + b"\r\n" * 40000 + b"=", base64.b64decode(b"Y" * 65533 + b"Q==")),
    (b"YQ" + b" " * 70000 + b"==", b"a"),
]

QUOTED_PRINTABLE = [
    (b"", b""),
    (b"a=3Db=c3=A9", b"a=b\xc3\xa9"),
    (b"soft=\r\nend", b"softend"),
    (b"soft= \t\r\nend", b"softend"),
    (b"blanks \t\r\nat end  ", b"blanks\r\nat end"),
    (b"inner  blanks", b"inner  blanks"),
    (b"bare\nLF", b"bare\r\nLF"),
    (b"not ended=", b"not ended"),
    (b"not ended= ", b"not ended"),
    (b"encoded=20\r\n", b"encoded \r\n"),
    (b"=zz", REFUSED),
    (b"=4", REFUSED),
    (b"a==", REFUSED),
    (b"bare\rCR", REFUSED),
    (b"x" * 65535 + b"=41", b"x" * 65535 + b"A"),
    (b"x" * 65500 + b" " * 36 + b"\r\ny", b"x" * 65500 + b"\r\ny"),
    (b" " * 200_000 + b"x", REFUSED),
]


def decoded(octets, encoding):
    try:
        stream = Document(octets, Span(0, len(octets)), encoding).stream
    except Refused as refused:
        assert refused.code == "PARSE"
        return REFUSED
    found = b"".join(stream)
    assert len(stream) == len(found)
    return found


@pytest.mark.parametrize("octets, expected", BASE64, ids=lambda octets: repr(octets[:9]))
def test_base64(octets, expected):
    assert decoded(octets, b"base64") == expected


@pytest.mark.parametrize("octets, expected", QUOTED_PRINTABLE, ids=lambda octets: repr(octets[:9]))
def test_quoted_printable(octets, expected):
    assert decoded(octets, b"quoted-printable") == expected


LARGE = random.Random(1).randbytes(500_000).translate(None, b"\r\n")
FORMS = [
    ("lines", b"base64", base64.encodebytes(LARGE).replace(b"\n", b"\r\n")),
    ("one line", b"base64", base64.b64encode(LARGE)),
    ("odd lines", b"base64", b"\r\n".join(base64.b64encode(LARGE)[at : at + 71]
                                          for at in range(0, 700_000, 71))),
    ("quoted-printable", b"quoted-printable",
     quopri.encodestring(LARGE, quotetabs=True).replace(b"\n", b"\r\n")),
]  # fmt: skip


@pytest.mark.parametrize("encoding, octets", [form[1:] for form in FORMS],
                         ids=[form[0] for form in FORMS])  # fmt: skip
def test_large_documents(encoding, octets):
    stream = Document(octets, Span(0, len(octets)), encoding).stream
    assert len(stream) == len(LARGE)
    assert b"".join(stream) == LARGE
    assert max(map(len, stream)) <= 1 << 16
    for start in range(0, len(LARGE), 70_001):
        (part,) = cut([stream], start, 70_001)
        assert b"".join(part) == LARGE[start : start + 70_001]


@given(st.binary(max_size=300), st.integers(1, 80))
def test_what_was_encoded_is_decoded(document, width):
    encoded = base64.b64encode(document)
    lines = b"\r\n".join(encoded[at : at + width] for at in range(0, len(encoded), width))
    assert decoded(lines, b"base64") == document


@given(st.text("=AZ0 \t\r\ng").map(str.encode), st.sampled_from([b"base64", b"quoted-printable"]))
def test_any_octets(octets, encoding):
    decoded(octets, encoding)


PART = b"X: y\r\nContent-Transfer-Encoding: base64\r\nZ: z\r\n\r\nYWI=\r\n"
MULTIPART = (
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\npreamble\r\n"
    b"--b\r\n" + PART + b"--b\r\n\r\nplain\r\n--b--\r\nepilogue"
)


def whole(octets, with_header=True):
    found = list(Documents(octets).pieces(parse(octets).root, with_header))
    joined = b"".join(chunks(octets, found))
    assert size(found) == len(joined)
    return joined


def test_header_of_what_is_decoded():
    decoded = b"X: y\r\nZ: z\r\nContent-Transfer-Encoding: binary\r\n\r\nab"
    assert whole(PART) == decoded
    assert whole(PART, with_header=False) == b"ab"
    assert whole(MULTIPART) == MULTIPART.replace(PART, decoded + b"\r\n")


def test_header_of_what_is_not():
    encoded = MULTIPART.replace(b"base64", b"7bit")
    assert whole(encoded) == encoded
    assert whole(PART.removesuffix(b"YWI=\r\n")) == PART.removesuffix(b"YWI=\r\n")
    assert whole(PART.replace(b"YWI=", b" "), with_header=False) == b""


UNKNOWN = [
    b"Content-Transfer-Encoding: x-uuencode\r\n",
    b"Content-Transfer-Encoding: base64 or so\r\n",
    b"Content-Transfer-Encoding:\r\n",
    b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: 7bit\r\n",
]


@pytest.mark.parametrize("header", UNKNOWN)
def test_unknown_encodings(header):
    with pytest.raises(Refused, match="UNKNOWN-CTE"):
        whole(header + b"\r\nYQ==")


def test_two_fields_that_agree_are_none_too_many():
    header = b"Content-Transfer-Encoding: base64\r\nContent-Transfer-Encoding: BASE64\r\n"
    assert whole(header + b"\r\nYQ==", with_header=False) == b"a"
