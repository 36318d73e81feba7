"""Files that uuencode wrote, and what is none."""

import binascii
import os
import re

import pytest

from kernun_common.mail_doc.uuencode import BEGIN, decoded, has_junk, loosely, masked


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


def with_bit_6(octets):
    """Without blanks, as sharutils and busybox take it: the last bits of what is 32 less count."""
    return re.sub(rb"(?<=[ -`])[!-?]", lambda found: bytes([found[0][0] + 64]), octets)


@pytest.mark.parametrize("size", [3, 45, 46, 1000])
def test_characters_with_bit_6(size):
    file = (b"abc" * 400)[:size]
    begin, *lines, zero, end, _ = encoded(file).split(b"\n")
    octets = b"\n".join([begin, *map(with_bit_6, lines), zero, end, b""])
    for cut in range(min(len(octets), 100) + 1):
        assert b"".join(masked([octets[:cut], octets[cut:]])) == file
    assert has_junk([octets]) and b"".join(loosely([octets])) == b""


def test_the_eighth_bit_does_not_count():
    octets = b"begin 644 a\n" + bytes(octet | 128 for octet in b"#86)C") + b"\nend\n"
    assert b"".join(masked([octets])) == b"abc" and has_junk([octets])


@pytest.mark.parametrize("data, expected", CASES)
def test_masked_is_the_same_where_there_is_no_junk(data, expected):
    if not has_junk([data]):
        assert b"".join(masked([data])) == b"".join(loosely([data])) == expected


@pytest.mark.parametrize("data", [
    *(b"", b"text\n", encoded(FILE), b"begin-base64 644 a\nYWJj\n====\n", b"#abcd\n"),
    *(b"begin 644 a\n#86)Cabc\nend\n", b"begin 644 a\n#86)C\nend\n#abcd\n", b"begin a\n\n`\n"),
])  # fmt: skip
def test_no_junk(data):
    assert not has_junk([data])


@pytest.mark.parametrize("word", [b"-base64", b"-base64-encoded", b"-encoded-base64"])
def test_base64_with_an_encoded_name(word):
    octets = b"begin%s 644 ZS56aXA=\nYWJj\n====\n" % word
    assert b"".join(loosely([octets])) == b"".join(masked([octets])) == b"abc"
