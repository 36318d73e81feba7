"""BinHex, with runs of octets."""

import base64
import os
import struct

import pytest

from kernun_common.mail_doc.binhex import decoded

PLAIN = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
BINHEX = b"!\"#$%&'()*+,-012345689@ABCDEFGHIJKLMNPQRSTUVXYZ[`abcdefhijklmpqr"


def encoded(packed):
    """`packed`: a data fork as it is with its runs."""
    head = b"\x05a.bin\0TEXTttxt\0\0" + struct.pack(">LLH", 9, 0, 1)
    data = base64.b64encode(head + packed).rstrip(b"=").translate(bytes.maketrans(PLAIN, BINHEX))
    lines = [data[at : at + 64] for at in range(0, len(data), 64)]
    head = b"(This file must be converted with BinHex 4.0)\r\n\r\n:"
    return head + b"\r\n".join(lines) + b":\r\ntext"


FILE = os.urandom(2000).replace(b"\x90", b"")
CASES = [
    (b"", b""),
    (b"text: more", b""),
    (encoded(b"abc"), b"abc"),
    (encoded(FILE), FILE),
    (encoded(b"a\x90\x05b"), b"aaaaab"),
    (encoded(b"a\x90\x00b\x90\x00"), b"a\x90b\x90"),
    (encoded(b"\x90\x00\x90\x03"), b"\x90\x90\x90"),
    (encoded(b"a\x90\x90b"), b"a" * 144 + b"b"),
    (encoded(b"a\x90\x01b"), b"ab"),
    (encoded(b"abc").split(b"!")[0], b""),
]


@pytest.mark.parametrize("data, expected", CASES)
def test_decoded(data, expected):
    for cut in range(min(len(data), 150) + 1):
        assert b"".join(decoded([data[:cut], data[cut:]])) == expected


def test_a_bomb_comes_in_pieces():
    bomb = encoded(b"a" + b"\x90\xff" * 100000)
    pieces = [bomb[at : at + 65536] for at in range(0, len(bomb), 65536)]
    sizes = list(map(len, decoded(pieces)))
    assert sum(sizes) == 100000 * 254 + 1 and max(sizes) < 500000
