"""Files that uuencode wrote, and what is none."""

import binascii
import os
import re

import pytest

from kernun_common.mail_doc.uuencode import BEGIN, IN_TEXT, decoded, loosely


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
        (b"begin 644\ta.exe\r\n", b"a.exe"),
        (b"begin\t64 \ta.exe", b"a.exe"),
        (b"begin 0100644 x", b"x"),
        (b"begin 644 ", b""),
        (b"begin 644\r\n", b""),
        (b"begin 644x", None),
        (b"begin 899 x", None),
        (b"begins 644 x", None),
    ],
)
def test_begin(line, name):
    match = BEGIN.match(line)
    assert (match and match[2]) == name


# What one or another program decodes; see uuencode.py.
FIRST_LINES = [
    *(b"begin 644\ta", b"begin\t644\ta", b"begin 64 a", b"begin 6 a", b"begin 100644 a"),
    *(b"begin 888 a", b"begin 644", b"begin 644 ", b"begin 644a", b"begin 0o644 a", b"begin a"),
]


@pytest.mark.parametrize("line", FIRST_LINES)
def test_other_first_lines(line):
    for size in (3, 44, 45, 46, 200):
        octets = encoded(FILE[:size]).replace(b"begin 644 a.bin", line)
        assert b"".join(loosely([octets])) == FILE[:size]
        assert re.match(IN_TEXT, octets) and re.match(IN_TEXT, octets.replace(b"\n", b"\r\n"))


TEXTS = [
    *(b"begin the day\n", b"begin 10 minutes early\nor late\n", b"begin 5\n\nend\n"),
    *(b"begin\nX := 1;\nend\n", b"begin x\nX := Y;\nend;\n", b"begin 7 DAYS\nMONDAY TO SUNDAY\n"),
    *(b"begin transaction;\nDELETE FROM T;\nEND;\n", b"begin 1990\nMCMXC\n", b"begins 644 a\n"),
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_none(text):
    assert not re.search(IN_TEXT, text) and not re.search(IN_TEXT, text + b"M" * 40 + b"\n")
