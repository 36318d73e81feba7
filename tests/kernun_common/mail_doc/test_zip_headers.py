from __future__ import annotations

import struct

import pytest

from kernun_common.mail_doc.stream import Stream
from kernun_common.mail_doc.zip_headers import (
    CENTRAL_SIZE,
    END_SIZE,
    LOCAL,
    LOCAL_SIZE,
    LONGEST_NAME,
    MARK,
    MOST_DOUBTS,
    START,
    Directory,
    Doubts,
    central,
    directory,
    local,
    names,
    unicode_paths,
)
from tests.kernun_common.mail_doc.test_archive import zip_of


def local_header(name=b"a", method=0, flags=0):
    return struct.pack("<4sHHH16xHH", b"PK\3\4", 20, flags, method, len(name), 0) + name


def central_header(name=b"a", method=0, flags=0):
    head = struct.pack("<4sHHHH16xHHH12x", b"PK\1\2", 20, 20, flags, method, len(name), 0, 0)
    return head + name


def end(size):
    return b"PK\5\6" + bytes(8) + size.to_bytes(4, "little") + bytes(6)


ZIP = zip_of({"a": b"x", "č": b"y"})
ODD = local_header(b"a\0")
FOUND = [
    # octets, the doubts; None: no zip
    (b"", None),
    (b"PK PK\3 PK\3\4", None),
    (local_header(), []),
    (central_header(b"a" * 65535), []),
    (local_header(method=8), []),
    (local_header(method=1000), None),
    (central_header(method=1000), None),
    (local_header(b""), None),
    (ODD, None),
    (local_header()[:-1], None),
    (ODD + central_header(), [(b"a\0", False)]),
    (central_header(b"\x7f", flags=0x800) + end(47), [(b"\x7f", True)]),
    (central_header(b"\x7f") + end(0xFFFFFFFF), [(b"\x7f", False)]),
    (central_header(b"\x7f") + end(45), None),
    (central_header(b"\x7f") + end(1 << 30), None),
    (central_header(b"\x7f") + end(47)[:-1], None),
    (end(47), None),
    (ODD * MOST_DOUBTS, None),
    (ODD * (MOST_DOUBTS + 1), [(b"a\0", False)] * (MOST_DOUBTS + 1)),
]


@pytest.mark.parametrize("size", [1, 7, 1 << 20])
@pytest.mark.parametrize("octets, doubts", FOUND)
def test_find(octets, doubts, size):
    octets = b"." + octets
    stream = Stream(octets[n : n + size] for n in range(0, len(octets), size))
    assert found_in(stream) == doubts


def found_in(stream):
    doubts = Doubts(stream.peek(START))
    while mark := stream.find(MARK):
        if doubts.end(mark[0], stream):
            return doubts.names
    return None


@pytest.mark.parametrize("octets, expected", [
    (ZIP, True), (end(0), True), (b"PK00" + ZIP, True), (b"PK01" + ZIP, False),
    (b"." + ZIP, False), (central_header(), False), (b"", False),
])  # fmt: skip
def test_what_begins_as_a_zip_is_one(octets, expected):
    assert Doubts(octets[:START]).end(LOCAL, Stream([])) is expected


def test_names():
    assert list(names(ZIP)) == [(b"a", False), ("č".encode(), True)] * 2
    assert list(names(local_header(b"a" * 2000))) == [(b"a" * LONGEST_NAME, False)]
    assert list(names(ZIP[:20])) == []


@pytest.mark.parametrize("read, made, size", [
    (local, local_header, LOCAL_SIZE), (central, central_header, CENTRAL_SIZE),
])
def test_headers(read, made, size):
    octets = made(b"abc", 8, 0x801)[4:]
    header = read(octets[:size])
    assert header[1:] == (8, 3, 0) and header.is_utf8 and header.is_encrypted
    assert read(octets[: size - 1]) is None


def field(kind, octets, size=None):
    return struct.pack("<HH", kind, len(octets) if size is None else size) + octets


PATH = field(0x7075, b"\1crc_a/b.txt")


@pytest.mark.parametrize("extra, paths", [
    (b"", []),
    (PATH, [b"a/b.txt"]),
    (field(0x5455, b"\1time") + PATH + b"\0", [b"a/b.txt"]),
    (PATH + field(0x7075, b"\1crc_c"), [b"a/b.txt", b"c"]),
    (field(0x7075, b"\1crc"), [b""]),
    (field(0x7075, b"\1crc_cut", 100), [b"cut"]),
    (field(0x5455, PATH), []),
    (PATH[:3], []),
    (field(1, b"") * 16_000 + PATH, [b"a/b.txt"]),
])  # fmt: skip
def test_unicode_paths(extra, paths):
    assert list(unicode_paths(extra)) == paths


def test_directory():
    ended = directory(end(77)[4:])
    assert ended is not None and ended.size == 77
    assert directory(end(77)[4 : 3 + END_SIZE]) is None


@pytest.mark.parametrize("fields, expected", [
    ((0, 0, 1, 1, 50, 40, 9), True), ((0, 0, 1, 1, 50, 50, 10), True),
    ((1, 0, 1, 1, 50, 40, 9), False), ((0, 1, 1, 1, 50, 40, 9), False),
    ((0, 0, 1, 2, 50, 40, 9), False), ((0, 0, 1, 1, 45, 40, 9), False),
    ((0, 0, 1, 1, 50, 51, 9), False), ((0, 0, 1, 1, 50, 40, 11), False),
])  # fmt: skip
def test_an_end_that_every_program_takes(fields, expected):
    assert Directory(*fields).is_taken(100, 10) is expected
