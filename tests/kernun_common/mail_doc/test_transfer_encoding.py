import pytest

from kernun_common.mail_doc.transfer_encoding import parse


@pytest.mark.parametrize(
    "value, expected",
    [
        (b" base64", "base64"),
        (b"BASE64 ", "base64"),
        (b"\r\n Quoted-Printable (by me)", "quoted-printable"),
        (b" (a) base64", "base64"),
        (b" x-uuencode", "x-uuencode"),
        (b"", "7bit"),
        (b' "base64"', "7bit"),
        (b" base64 base64", "7bit"),
        (b" base64;", "7bit"),
        (b" base64, 7bit", "7bit"),
    ],
)
def test_parse(value, expected):
    assert parse(value) == expected
