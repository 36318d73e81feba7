"""Words in values of MIME fields, whatever stands around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from kernun_common.mail_doc.loose import content_type, encoding


@pytest.mark.parametrize(
    "value, name, boundary",
    [
        (b" multipart/mixed; boundary=b", "multipart/mixed", b"b"),
        (b" (x)Multipart / Mixed junk BOUNDARY = b;", "multipart/mixed", b"b"),
        (b' multipart/mixed; boundary="a;b ', "multipart/mixed", b"a;b"),
        (b' multipart/mixed boundary="b\r\n "', "multipart/mixed", b"b"),
        (b" multipart/mixed; boundary*=us-ascii''%62", "multipart/mixed", b"b"),
        (b" multipart/mixed; boundary*0=b", "multipart/mixed", b"b"),
        (b" multipart/mixed", "multipart/mixed", None),
        (b" multipart/mixed; boundary=", "multipart/mixed", None),
        (b"", "text/plain", None),
    ],
)
def test_content_type(value, name, boundary):
    found = content_type(value)
    assert (found.name, found.first("boundary")) == (name, boundary)


@pytest.mark.parametrize(
    "value, name",
    [
        (b' "BASE64"', "base64"),
        (b" 7bit, base64", "base64"),
        (b" (quoted-printable) x", "quoted-printable"),
        (b" xbase64", "7bit"),
        (b"", "7bit"),
    ],
)
def test_encoding(value, name):
    assert encoding(value) == name


@given(some.binary())
def test_any_octets_have_a_meaning(value):
    assert content_type(value).name and encoding(value)
