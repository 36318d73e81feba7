from __future__ import annotations

import pytest

from kernun_common.mail_doc.tar_headers import (
    BLOCK,
    find,
    is_header,
    is_long_name,
    long_name,
    name,
    size,
)
from tests.kernun_common.mail_doc.test_archive import LONG, NOISE, TABLE, tar_of, v7

HEAD = tar_of({"a/b.txt": b"text"})[:BLOCK]
OLD = v7(b"a.txt")[:BLOCK]


def summed(head, signed=False):
    """With the right checksum for what was written into it."""
    made = bytearray(head)
    made[148:156] = b" " * 8
    made[148:156] = b"%06o\0 " % (sum(made) - 256 * signed * sum(octet > 127 for octet in made))
    return bytes(made)


BLOCKS = [
    (HEAD, True),
    (OLD, True),
    (HEAD[:-1], False),
    (bytes(BLOCK), False),
    (HEAD.replace(b"a/", b"b/"), False),
    (summed(b"\xe8\xe9" + HEAD[2:]), True),
    (summed(b"\xe8\xe9" + HEAD[2:], signed=True), True),
    (summed(b"\xff" * 100 + HEAD[100:]), True),
    (summed(b"\xff" * 300 + HEAD[300:]), True),
    (HEAD[:148] + b"%07o\0" % (int(HEAD[148:154], 8) + 65521) + HEAD[156:], False),
    (HEAD[:148] + b" " * 8 + HEAD[156:], False),
]


@pytest.mark.parametrize("block, expected", BLOCKS)
def test_is_header(block, expected):
    assert is_header(block) is expected


@pytest.mark.parametrize("octets, position, at", [
    (HEAD, 0, 0),
    (HEAD, 7, 0),
    (OLD, 0, 0),
    (OLD, 1024, 0),
    (OLD, 7, None),
    (b"junk" + HEAD, 0, 4),
    (b"junk" + OLD, 0, None),
    (b"junk" + OLD, 508, 4),
    (b"ustar" + HEAD, 0, 5),
    (bytes(BLOCK) + OLD + b"junk" + HEAD, 0, BLOCK),
    (bytes(3) + HEAD + bytes(509) + OLD, 0, 3),
    (HEAD[:-1], 0, None),
    (NOISE, 0, None),
    (TABLE, 0, None),
    (summed(b" 0000000" * 64), BLOCK, None),  # without NUL, as in a table
])  # fmt: skip
def test_find(octets, position, at):
    assert find(octets, 0, len(octets), position) == at
    assert find(octets, 0, at or 0, position) is None


def test_find_goes_on_from_there():
    octets = HEAD + bytes(BLOCK) + OLD
    assert find(octets, 0, len(octets), 0) == 0
    assert find(octets, 1, len(octets), 0) == 2 * BLOCK
    assert find(octets, 1, 2 * BLOCK, 0) is None


def test_fields():
    assert (name(HEAD), size(HEAD), is_long_name(HEAD)) == (b"a/b.txt", 4, False)
    assert name(HEAD[:345] + b"folder\0" + HEAD[352:]) == b"folder/a/b.txt"
    assert name(OLD[:345] + b"folder\0" + OLD[352:]) == b"a.txt"
    assert size(HEAD[:124] + b"\x80" + bytes(9) + b"\1\0" + HEAD[136:]) == 256
    assert size(HEAD[:124] + b"x" * 12 + HEAD[136:]) == 0


def test_long_names():
    made = tar_of({LONG: b""})
    assert is_long_name(made[:BLOCK])
    assert long_name(made[:BLOCK], made[BLOCK : 2 * BLOCK]) == LONG.encode()
    assert long_name(made[:BLOCK], b"12 mtime=1\n") == b""
    gnu = made[:156] + b"L" + made[157:BLOCK]
    assert is_long_name(gnu) and long_name(gnu, b"a/b\0\0") == b"a/b"
