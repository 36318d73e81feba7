from __future__ import annotations

import pytest

from kernun_common.mail_doc.archive_budget import LONGEST_NAME
from kernun_common.mail_doc.tar_headers import (
    BLOCK,
    LONGEST_LONG_NAME,
    find,
    is_header,
    is_long_name,
    long_names,
    name,
    size,
)
from tests.kernun_common.mail_doc.test_archive import LONG, NOISE, TABLE, tar_of, v7
from tests.support.hidden import record, tar_file, tar_header

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


PAX = tar_file(b"x", kind=b"x")
GNU = tar_file(b"L", kind=b"L")
MANY = [
    # the header, what stands behind it, the names
    (PAX, record(b"path", LONG.encode()), [LONG.encode()]),
    (PAX, b"12 mtime=1\n", []),
    (PAX, b"", []),
    (PAX, record(b"path", b"a") + record(b"mtime", b"1") + record(b"path", b"b"), [b"a", b"b"]),
    (PAX, record(b"GNU.sparse.name", b"a"), [b"a"]),
    (PAX, b"13\t path=abc\n", [b"abc"]),
    (PAX, record(b"path", b"a\nb"), [b"a\nb", b"a"]),
    (PAX, record(b"comment", b"12 path=abc\n") + record(b"path", b"b"), [b"abc", b"b"]),
    (PAX, b"0 path=abc\n", [b"abc"]),
    (PAX, b"9" * 5000 + b" path=abc", [b"abc"]),
    (PAX, record(b"path", b"a" * 3000), [b"a" * (LONGEST_NAME + 1)]),
    (tar_file(b"x", kind=b"X"), record(b"path", b"a"), [b"a"]),
    (tar_file(b"x", kind=b"g"), record(b"path", b"a"), [b"a"]),
    (GNU, b"a/b\0\0", [b"a/b"]),
    (GNU, record(b"path", b"a"), [record(b"path", b"a")]),
]


@pytest.mark.parametrize("head, octets, names", MANY)
def test_long_names(head, octets, names):
    assert is_long_name(head)
    assert long_names(head, octets) == names


def test_digits_without_end_are_read_once():
    assert long_names(PAX, b"1" * LONGEST_LONG_NAME * 16) == []


LENIENT = [
    # as programs take the checksum, of which this is the number
    *(b"%08o", b"%07o ", b"%06o\0z", b"%06o z", b"\t%06o ", b"+%05o\0 ", b" %06o\n", b"\0%06o\0"),
]


@pytest.mark.parametrize("written", LENIENT)
def test_checksum(written):
    number = int(HEAD[148:154], 8)
    for wanted, expected in ((number, True), (number + 1, False), (number + 256, False)):
        field = (written % wanted).ljust(8, b" ")
        assert is_header(HEAD[:148] + field + HEAD[156:]) is expected


def test_binary_checksum():
    number = int(HEAD[148:154], 8)
    assert is_header(HEAD[:148] + b"\x80" + number.to_bytes(7, "big") + HEAD[156:])
    assert not is_header(HEAD[:148] + b"\x80" + (number + 256).to_bytes(7, "big") + HEAD[156:])
    below = b"\x80" * 100 + OLD[100:148] + b" " * 8 + OLD[156:157] + b"\x80" * 355
    number = sum(below) - 256 * 455
    assert number < 0
    assert is_header(below[:148] + number.to_bytes(8, "big", signed=True) + below[156:])


@pytest.mark.parametrize("field", [
    {"mode": bytes(8)}, {"mode": b"\x80" + bytes(6) + b"\1"}, {"mode": b"000644\0z"},
    {"mode": b"-0000644"}, {"digits": b"00003\0zzzzzz"}, {"digits": b"00000000003z"},
])  # fmt: skip
def test_a_header_behind_junk_is_believed(field):
    old = tar_header(b"a.txt", magic=b"", **field)
    assert find(b"\xff" * BLOCK + old, 0, 2 * BLOCK, 0) == BLOCK


@pytest.mark.parametrize("field", [{"mode": b"junkjunk"}, {"digits": b" " * 12}])
def test_a_header_behind_junk_that_no_program_takes(field):
    old = tar_header(b"a.txt", magic=b"", **field)
    assert find(b"\xff" * BLOCK + old, 0, 2 * BLOCK, 0) is None


@pytest.mark.parametrize("digits, expected", [
    (b"00000000017\0", 15), (b"00017\0zzzzzz", 15), (b" 17 ", 15), (b"zz", 0), (b" " * 12, 0),
])  # fmt: skip
def test_size(digits, expected):
    assert size(tar_header(b"a", digits=digits)) == expected
