"""Texts in which uuencode begins, and those in which none does."""

import binascii
import re

import pytest

from kernun_common.mail_doc.uuencode import loosely, masked
from kernun_common.mail_doc.uuencode_in_text import LINES_BEHIND, LONGEST, PATTERN, begins

from .test_uuencode import FILE, encoded, with_bit_6


def is_file(octets):
    """Both as it is and with CRLF, at the beginning."""
    found = {
        bool(re.match(PATTERN, each)) and begins(each, 0)
        for each in (octets, octets.replace(b"\n", b"\r\n"))
    }
    assert len(found) == 1
    return found.pop()


def in_lines(octets, size, behind=b"", change=bytes):
    """Without the line that begins it."""
    rows = [binascii.b2a_uu(octets[at : at + size])[:-1] for at in range(0, len(octets), size)]
    return b"".join(change(row) + behind + b"\n" for row in rows) + b"`\nend\n"


# What one or another program decodes; see uuencode.py.
FIRST_LINES = [
    *(b"begin 644\ta", b"begin\t644\ta", b"begin 64 a", b"begin 6 a", b"begin 100644 a"),
    *(b"begin 888 a", b"begin 644", b"begin 644 ", b"begin 644a", b"begin 0o644 a", b"begin a"),
    *(b"begin 6 e.zip", b"begin 00644 e.zip", b"begin -644 e.zip", b"begin +644 e.zip"),
    *(b"begin \x0b644\x0be.zip", b"begin-encoded 644 ZS56aXA=", b"begin-encoded a"),
]


@pytest.mark.parametrize("line", FIRST_LINES)
def test_first_lines(line):
    for size in (3, 44, 45, 46, 200):
        octets = encoded(FILE[:size]).replace(b"begin 644 a.bin", line)
        assert b"".join(loosely([octets])) == FILE[:size]
        assert is_file(octets)


@pytest.mark.parametrize("size", [3, 29, 30, 44, 45])
@pytest.mark.parametrize("behind", [b"", b"x", b"xy", b"\xe9\xe9", b"   "])
@pytest.mark.parametrize("change", [bytes, with_bit_6])
def test_lines_of_data(size, behind, change):
    octets = b"begin 6 a\n" + in_lines(FILE[:200], size, behind, change)
    assert b"".join(masked([octets])) == FILE[:200]
    assert is_file(octets)


@pytest.mark.parametrize("word", [b"-base64", b"-base64-encoded", b"-encoded-base64"])
@pytest.mark.parametrize("mode", [b"644 a", b"6 a", b"-6 a", b"\x0b+6 a", b"a"])
def test_base64(word, mode):
    assert is_file(b"begin%s %s\nYWJj\n====\n" % (word, mode))
    assert is_file(b"begin%s %s\nYWI=  \n====\n" % (word, mode))


def test_what_is_looked_at():
    text = b"begin" + b" " * 1000 + b"\n"
    data = b"#86)C" + b" " * 595 + b"\n"
    blank = b" " * 600 + b"\n"
    octets = text + data * 2 + blank + b"end" + b" " * 597 + b"\n"
    assert begins(octets, 0) and len(octets) <= LONGEST and octets.count(b"\n") == 1 + LINES_BEHIND
    assert not begins(octets[:-1], 0)


TEXTS = [
    *(b"begin the day\n", b"begin 10 minutes early\nor late\n", b"begin 5\n\nend\n"),
    *(b"begin\nX := 1;\nend\n", b"begin x\nX := Y;\nend;\n", b"begin 7 DAYS\nMONDAY TO SUNDAY\n"),
    *(b"begin transaction;\nDELETE FROM T;\nEND;\n", b"begin 1990\nMCMXC\n", b"begins 644 a\n"),
    *(b"begin : BLOCK\nA <= B;\nend\n", b"begin -- start\nCALL PROC_A;\nend\n"),
    *(b"begin x\nA := B;\n`\nend\n", b"begin-base64 is a word\nof it\n", b"begin-encoded x\n"),
    b"begin of a text\n" + b"T" + b"his line" * 9 + b"\nis as long as its letter says\nend\n",
    b"begin x\n#DEF\n#DEFI\nend\n",
    b"begin x\nimport logging\nimport os.path\nimport re\n",
    b"begin x\nis_py3 = True\nis_py2 = False\n\n\n",
    b"begin x\n" + b"M" * 64 + b"\nend\n",
    b"begin x\n" + b"M" * 59 + b"\nend\n",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_none(text):
    assert not is_file(text)
    assert not is_file(text + b"M" * 40 + b"\n")
