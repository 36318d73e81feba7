"""Files that uuencode wrote, and what is none."""

import binascii
import os

import pytest

from kernun_common.mail_doc.uuencode import BEGIN, decoded


def encoded(octets, name=b"a.bin"):
    lines = [binascii.b2a_uu(octets[at : at + 45]) for at in range(0, len(octets), 45)]
    return b"begin 644 " + name + b"\n" + b"".join(lines) + b"`\nend\n"


FILE = os.urandom(1000)
CASES = [
    (b"", b""),
    (b"begin of a text\n", b""),
    (encoded(b"abc"), b"abc"),
    (encoded(FILE), FILE),
    (encoded(FILE).replace(b"\n", b"\r\n"), FILE),
    (encoded(FILE).replace(b"\n", b"  \n"), FILE),
    (b"text\n" + encoded(FILE) + b"text\n" + encoded(b"more"), FILE + b"more"),
    (encoded(b"abc").replace(b"`\nend\n", b""), b"abc"),
    (b"begin 644 a\n\x80junk\n#86)C\nend\n", b"abc"),
    (b"begin 644 a\n!86)C\nend\n", b"a"),
    (b"begin 644 a\n#86)\nend\n", b"ab@"),
    (b"begin-base64 644 a\nYWJj\r\n====\n", b"abc"),
]


@pytest.mark.parametrize("data, expected", CASES)
def test_decoded(data, expected):
    for cut in range(min(len(data), 100) + 1):
        assert b"".join(decoded([data[:cut], data[cut:]])) == expected


@pytest.mark.parametrize(
    "line, name",
    [
        (b"begin 644 a b.exe\r\n", b"a b.exe"),
        (b"begin 0755 x", b"x"),
        (b"begin-base64 644 x", b"x"),
        (b"begin the day", None),
        (b"begin 644 ", None),
    ],
)
def test_begin(line, name):
    match = BEGIN.match(line)
    assert (match and match[2]) == name
