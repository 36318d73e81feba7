from __future__ import annotations

import gzip
import io
import random
import sys
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc import archive, archive_budget, zip_headers
from kernun_common.mail_doc.archive_budget import INCOMPLETE, Allowance
from kernun_common.mail_doc.decode import decoded
from kernun_common.mail_doc.mime import parse
from tests.corpus.clear_mails import CLEAR_MAILS
from tests.support import hidden
from tests.support.hidden import record, tar_file


def members(chunks):
    return archive.members(chunks, Allowance())


def zip_of(files, method=zipfile.ZIP_DEFLATED, before=b"", level=None):
    buffer = io.BytesIO()
    buffer.write(before)
    with zipfile.ZipFile(buffer, "w", method, compresslevel=level) as made:
        for name, octets in files.items():
            made.writestr(name, octets)
    return buffer.getvalue()


def tar_of(files, mode="w", form=tarfile.PAX_FORMAT):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode, format=form) as made:
        for name, octets in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(octets)
            made.addfile(info, io.BytesIO(octets))
    return buffer.getvalue()


def gzip_of(name, octets):
    buffer = io.BytesIO()
    with gzip.GzipFile(name, "wb", fileobj=buffer) as made:
        made.write(octets)
    return buffer.getvalue()


def v7(name, octets=b"MZ" * 99):
    """As before POSIX.1: without the word of ustar, and the checksum anywhere in its field."""
    head = bytearray(tar_of({"x": octets}, form=tarfile.USTAR_FORMAT)[:512])
    head[:100], head[257:] = name.ljust(100, b"\0"), bytes(255)
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    return bytes(head) + octets + bytes(-len(octets) % 512 + 1024)


INNER = {"setup.exe": b"MZ" * 100, "žluť.txt": b"text"}
LONG = "d" * 80 + "/" + "n" * 120 + ".exe"
NOISE = bytes(range(256)) * 40
GIF = b"GIF89a" + NOISE
ZIPPED = zip_of(INNER)
TAR = tar_of({"a.txt": b"text"})
PATHS = hidden.unicode_path("a.txt", b"b/evil.exe")
PATH = PATHS[30 + 5 : 30 + 9]  # how its extra field begins
OK, EVIL = record(b"path", b"ok.txt"), record(b"path", b"evil.exe")

CODES = hidden.in_codes(hidden.without_ones("evil.exe"))


def behind(*before):
    """A tar with a file behind what tells of its name."""
    return b"".join(before) + tar_file(b"a.txt", b"abc") + bytes(1024)


FOUND = [
    # octets, the names that must be among the members
    (zip_of({"a/b.exe": b"x", "c.txt": b"y" * 999}), {"a/b.exe", "b.exe", "c.txt"}),
    (zip_of({"a/b.exe": NOISE}, zipfile.ZIP_STORED), {"a/b.exe", "b.exe"}),
    (zip_of(INNER), {"setup.exe", "žluť.txt"}),
    (zip_of(INNER, before=b"MZ" + NOISE), {"setup.exe"}),
    (zip_of({"in.zip": zip_of(INNER)}), {"in.zip", "setup.exe"}),
    (zip_of({"in.zip": zip_of(INNER)}, zipfile.ZIP_STORED), {"in.zip", "setup.exe"}),
    (zip_of({"in.dat": zip_of({"x.dat": zip_of(INNER)})}), {"setup.exe"}),
    (zip_of({"in.tgz": tar_of(INNER, "w:gz")}), {"in.tgz", "setup.exe"}),
    (zip_of({"in.tgz": tar_of(INNER, "w:gz")}, zipfile.ZIP_STORED), {"in.tgz", "setup.exe"}),
    (zip_of({"a.txt": NOISE, "in.zip": zip_of(INNER), "z.txt": b"z"}), {"setup.exe", "z.txt"}),
    (tar_of(INNER), {"setup.exe", "žluť.txt"}),
    (tar_of(INNER, form=tarfile.GNU_FORMAT), {"setup.exe"}),
    (tar_of({LONG: b""}), {LONG}),
    (tar_of({LONG: b""}, form=tarfile.GNU_FORMAT), {LONG}),
    (tar_of({"x" * 50 + "/" + "y" * 90: b"a"}, form=tarfile.USTAR_FORMAT), {"y" * 90}),
    (tar_of({"in.zip": zip_of(INNER), "last": b"1" * 513}), {"in.zip", "setup.exe", "last"}),
    (tar_of(INNER, "w:gz"), {"setup.exe"}),
    (gzip_of("setup.exe", b"MZ"), {"setup.exe"}),
    (gzip_of("", zip_of(INNER)), {"setup.exe"}),
    # a zip that something else stands in front of
    (b"junk" + ZIPPED, {"setup.exe"}),
    (zip_of(INNER, before=GIF), {"setup.exe"}),
    (b"%PDF-1.7\n" + b"1 0 obj\n" * 9999 + ZIPPED + b"%%EOF\n", {"setup.exe"}),
    (b"#!/bin/sh\n" + ZIPPED, {"setup.exe"}),
    (b"PK\x07\x08" + ZIPPED, {"setup.exe"}),
    (b"PK\x03" + ZIPPED, {"setup.exe"}),
    (GIF + zip_of({"in.zip": b"junk" + ZIPPED}), {"in.zip", "setup.exe"}),
    (zip_of({"in.txt": b"junk" + ZIPPED}), {"in.txt", "setup.exe"}),
    (gzip_of("a.txt", b"text") + ZIPPED, {"a.txt", "setup.exe"}),
    (gzip_of("", b"junk" + ZIPPED), {"setup.exe"}),
    (gzip_of("", b"") + gzip_of("b", ZIPPED), {"b", "setup.exe"}),
    (TAR + ZIPPED, {"a.txt", "setup.exe"}),
    (TAR + tar_of(INNER), {"a.txt", "setup.exe"}),
    (tar_of({"in.gif": GIF + ZIPPED}), {"in.gif", "setup.exe"}),
    (zip_of({"in.tar": tar_of(INNER), "z": b""}, zipfile.ZIP_STORED), {"in.tar", "setup.exe", "z"}),
    # a tar that something else stands in front of
    (b"junk" + tar_of(INNER), {"setup.exe", "žluť.txt"}),
    (b"\xff" * 512 + tar_of(INNER), {"setup.exe"}),
    (b"\xff" * 512 * 200 + v7(b"setup.exe"), {"setup.exe"}),
    (GIF + bytes(-len(GIF) % 512) + v7(b"setup.exe"), {"setup.exe"}),
    (gzip_of("", b"\xff" * 512 + v7(b"setup.exe")), {"setup.exe"}),
    (gzip_of("a", b"") + tar_of(INNER), {"a", "setup.exe"}),
    (zip_of({"in.tar": b"\xff" * 512 + v7(b"setup.exe")}), {"in.tar", "setup.exe"}),
    (zip_of({"in.tar": GIF + tar_of(INNER)}, zipfile.ZIP_STORED), {"in.tar", "setup.exe"}),
    (ZIPPED + tar_of({"b.exe": b"x"}), {"setup.exe", "b.exe"}),
    (GIF + ZIPPED + GIF + tar_of({"b.exe": b"x"}) + ZIPPED, {"setup.exe", "b.exe"}),
    (tar_of({"in.tar": b"junk" + tar_of(INNER)}), {"in.tar", "setup.exe"}),
    (b"PK" + tar_of({"K\x05\x06.exe": b""}), {"K\x05\x06.exe"}),
    # names of which programs take another part, or one of several
    (zip_of({"b/evil.exeX.txt": b""}).replace(b"X", b"\0"), {"b/evil.exe\0.txt", "evil.exe"}),
    (PATHS.replace(PATH, b"\1\0" + PATH[2:], 1), {"a.txt", "b/evil.exe", "evil.exe"}),
    (PATHS[::-1].replace(PATH[::-1], PATH[:1:-1] + b"\0\1", 1)[::-1], {"a.txt", "evil.exe"}),
    (behind(tar_file(b"x", EVIL, b"X")), {"evil.exe", "a.txt"}),
    (behind(tar_file(b"x", OK + EVIL, b"x")), {"ok.txt", "evil.exe", "a.txt"}),
    (behind(tar_file(b"x", OK, b"x"), tar_file(b"g", EVIL, b"g")), {"ok.txt", "evil.exe"}),
    (behind(tar_file(b"L", b"evil.exe\0", b"L"), tar_file(b"x", OK, b"x")), {"ok.txt", "evil.exe"}),
    (behind(tar_file(b"x", EVIL, b"x"), tar_file(b"L", b"ok.txt\0", b"L")), {"ok.txt", "evil.exe"}),
    (behind(tar_file(b"L", b"evil.exe\0", b"L"), tar_file(b"L", b"b\0", b"L")), {"evil.exe", "b"}),
    (behind(tar_file(b"x", record(b"GNU.sparse.name", b"evil.exe"), b"x")), {"evil.exe"}),
    (b"\xff" * 512 + hidden.tar_header(b"b.exe", mode=bytes(8), magic=b"") + TAR, {"b.exe"}),
    # zeroes behind a gzip: another one is behind them, or they are of a tar
    (gzip_of("", b"") + bytes(20_000) + gzip_of("", ZIPPED), {"setup.exe"}),
    (gzip_of("", b"") + hidden.tar_header(b"", prefix=b"b.exe") + TAR, {"b.exe/", "a.txt"}),
    (gzip_of("", ZIPPED) + bytes(20_000), {"setup.exe"}),
    # the end of a zip in deflated octets, and behind them that of the zip which they are in
    (zip_of({"in.zip": ZIPPED}, level=0), {"in.zip", "setup.exe"}),
    (hidden.gzip(CODES) + ZIPPED, {"setup.exe"}),
    (hidden.gzip(CODES) + ZIPPED[:-2] + b"\4\0more", {"setup.exe"}),
]


@pytest.mark.parametrize("size", [1, 100, 1 << 16])
@pytest.mark.parametrize("octets, names", FOUND)
def test_members(octets, names, size):
    found = members(octets[n : n + size] for n in range(0, len(octets), size))
    assert names <= set(found)
    assert INCOMPLETE not in found


# Programs that work with zips hold the marks of their headers.
MARKS = b"\x90PK\x03\x04\x0f\x85\xc0\0\x90PK\x01\x02\0\0\0PK\x05\x06" + bytes(99)
TABLE = b"".join(b"%07o\n" % number for number in range(0, 1 << 21, 7))
NONE = [
    *(b"", b"text", b"PK", NOISE, b"\x89PNG" + NOISE, bytes(1024), MARKS, b"MZ" + MARKS),
    *(TABLE, b"ustar" * 999, bytes(512) + b"0000000\0" * 999),
]


@pytest.mark.parametrize("octets", NONE)
def test_no_archive(octets):
    assert members([octets]) == ()


@pytest.mark.parametrize("octets", CLEAR_MAILS.values(), ids=CLEAR_MAILS)
def test_nothing_is_seen_in_a_clear_mail_that_is_not_there(octets):
    for part in parse(octets).leaves():
        found = members(decoded(octets, part.body, part.encoding))
        assert found in ((), ("export.csv",))


def deep(levels, before=b""):
    octets = zip_of(INNER)
    for _ in range(levels):
        octets = zip_of({"in.zip": before + octets})
    return octets


def zip_with(at, octets, **files):
    """A stored zip with something before it, in whose first header something is written anew."""
    made = bytearray(b"junk" + zip_of(files, zipfile.ZIP_STORED))
    made[4 + at : 4 + at + len(octets)] = octets
    return bytes(made)


def flagged(flags, directory, local=True):
    """A stored zip whose general purpose bits say so, in the directory or in the header."""
    made = bytearray(zip_of({"a.zip": b"random"}, zipfile.ZIP_STORED))
    for mark, at, wanted in ((b"PK\x03\x04", 6, local), (b"PK\x01\x02", 8, directory)):
        if wanted:
            where = made.index(mark) + at
            made[where : where + 2] = flags.to_bytes(2, "little")
    return bytes(made)


def passed_over(header):
    """A tar of which a header of a zip would take the beginning, for who reads that as a zip."""
    return ZIPPED + bytes(-len(ZIPPED + header) % 512) + header + v7(b"b.exe") + ZIPPED


BROKEN = zip_of(INNER)
ENDLESS = hidden.in_codes(hidden.without_end(hidden.without_ones("evil.exe")))
TEXT = zlib.compressobj(wbits=-15).flush()
FAR = "./" * 600 + "evil.exe"
UNKNOWN = (1000).to_bytes(2, "little")
IN_LOCAL_HEADER = 8  # the offset of the method
MORE = [
    zip_with(IN_LOCAL_HEADER, UNKNOWN, a=b"a"),  # programs take the method from the directory
    zip_with(IN_LOCAL_HEADER, b"\x0e", a=b"a"),
    b"junk" + zip_of({"a\x01.exe": b"x"}),
    b"junk" + deep(archive.DEPTH),
    deep(archive.DEPTH, b"junk"),
    zip_of({"in.dat": b"junk" + deep(archive.DEPTH - 1)}),
    b"junk" + BROKEN[:40],
    b"junk" + zip_with(IN_LOCAL_HEADER, UNKNOWN, a=b"a")[:36] + tar_of({"in.zip": ZIPPED}),
    b"PK\x03\x04" * (zip_headers.MOST_DOUBTS + 1),
    zip_of({"a": b"a"})[:-22] * archive_budget.HEADERS,
    deep(archive.DEPTH),
    BROKEN[:20],
    tar_of(INNER)[:700],
    tar_of(INNER, "w:gz")[:60],
    zip_of({f"{n}.txt": b"" for n in range(archive_budget.MEMBERS + 1)}),
    # encrypted: in the usual way, strongly, and with the directory
    *(flagged(flags, directory) for flags in (0x1, 0x41, 0x2001) for directory in (True, False)),
    flagged(0x1, True, local=False),
    flagged(0x40, True),
    gzip_of("", flagged(0x1, True)),
    b"junk" + flagged(0x1, True),
    tar_of({"in.zip": flagged(0x1, True)}),
    b"junk" + tar_of(INNER)[:700],
    passed_over(b"PK\x03\x04" + bytes(22) + b"\x20\0\xff\x07" + b"a" * 32),
    b"MZ" + tar_of({"PK\x05\x06.exe": b""}),
    passed_over(b"PK\x01\x02" + bytes(24) + b"\x01\0"),
    # names that are longer than what is looked at
    *(zip_of({FAR: b""}), tar_of({FAR: b""}), tar_of({FAR: b""}, form=tarfile.GNU_FORMAT)),
    hidden.unicode_path("a.txt", FAR.encode()),
    hidden.unicode_path("a.txt", b"a" * 2500)[30:],
    # in the header of a gzip
    hidden.gzip(TEXT, 4, hidden.extra_field(hidden.without_end(ZIPPED))),
    hidden.gzip(TEXT, 4 + 8, hidden.extra_field(bytes(600)) + b"evil.exe\0"),
    hidden.gzip(TEXT, 16, b"PK\3\4 is how it begins\0"),
    # in deflated octets, as they are
    *(hidden.deflated(CODES), hidden.gzip(CODES), ZIPPED + hidden.deflated(CODES)),
    tar_of({"a.gz": hidden.gzip(CODES)}),
    hidden.gzip(CODES) + b"PK\5\6" + bytes(18),
    hidden.gzip(CODES) + ZIPPED[:-2] + b"\1\0",  # a comment that is cut off
    hidden.ended_behind(hidden.deflated(ENDLESS)),
    hidden.ended_behind(hidden.gzip(ENDLESS)),
    hidden.ended_behind(tar_of({"a.gz": hidden.gzip(ENDLESS)})),
]


@pytest.mark.parametrize("octets", MORE)
def test_more_may_be_in_it(octets):
    assert INCOMPLETE in members(octets[n : n + 65536] for n in range(0, len(octets), 65536))


def test_a_directory_that_differs_from_the_headers():
    octets = zip_of({"good.txt": b"x"})
    swapped = octets.replace(b"good.txt", b"evil.exe", 1)
    assert {"good.txt", "evil.exe"} <= set(members([swapped]))


HIDDEN = [
    # a name that is listed, though INCOMPLETE says that there may be more
    b"junk" + zip_of({"\x01.exe": b"x"}),
    zip_with(IN_LOCAL_HEADER, b"\x08", a=b"\xff" * 9) + zip_of({"\x01.exe": b"x"}),
    b"junk" + BROKEN[:30] + b"\xff\xff" + zip_of({"\x01.exe": b"x"}),
    b"PK\x03\x04" + bytes(24) + b"\xff\xff" + zip_of({"\x01.exe": b"x"}),
    # in a tar: for the name of a file, for its padding, for a name that is too long
    v7(b"PK\x01\x02" + b"\x7f" * 24 + b"\x05\0" + b"\x7f" * 16 + b"\x01.exe"),
    v7(b"a", b"x").replace(b"x\0", b"x" + zip_of({"\x01.exe": b""}, zipfile.ZIP_STORED), 1),
    tar_of({LONG.replace("d" * 60, zip_of({"\x01.exe": b""})[:51].decode("latin-1")): b""}),
]


@pytest.mark.parametrize("octets", HIDDEN)
def test_what_stands_behind_something_broken_is_named(octets):
    assert {"\x01.exe", INCOMPLETE} <= set(members([octets]))


def test_what_shrinks_to_a_tenth_is_read_whole():
    block = random.Random(1).randbytes(4 << 10) + bytes(36 << 10)  # farther than deflate looks back
    octets = zip_of({"table.csv": block * (archive_budget.INFLATED // len(block) + 1)})
    assert len(octets) > archive_budget.INFLATED // 15
    found = members(octets[n : n + 65536] for n in range(0, len(octets), 65536))
    assert INCOMPLETE not in found


def bomb(octets_inside):
    """A gzip of a zip whose one file inflates to so many zeroes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = zip_of({"x": b""}, zipfile.ZIP_STORED)[:31]
    parts = [deflate.compress(head)]
    parts += [deflate.compress(b"\0" * (1 << 20)) for _ in range(octets_inside >> 20)]
    return b"".join(parts) + deflate.flush()


def test_a_bomb_is_left_after_its_bound_in_little_memory():
    octets = bomb(archive_budget.INFLATED * 2)
    tracemalloc.start()
    try:
        assert INCOMPLETE in members(octets[n : n + 65536] for n in range(0, len(octets), 65536))
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


@pytest.mark.parametrize("unit", [
    b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06", BROKEN[:31], gzip_of("", b""),
    b"PK\x03\x04" + bytes(22) + b"\1\0\xff\xff" + b"a", b"ustar00\0" * 2, v7(b"a", b""),
    TABLE[:512], b"junk" + TAR[:512], v7(b"a", b"")[:512],
    gzip_of("", b"") + b"\0", hidden.gzip(CODES) + ZIPPED[-22:], PATHS,
    tar_file(b"x", OK, b"x") + tar_file(b"a"),
    b"PK\x03\x04" + bytes(4) + b"\x08" + bytes(17) + b"\1\0\0\0" + b"a\xff\xff",
])  # fmt: skip
def test_the_time_is_linear(unit):
    """In calls, which are what it would take to read something again."""
    small, large = (calls(unit * (size // len(unit))) for size in (1 << 15, 1 << 18))
    assert large < 10 * small


def calls(octets):
    count = 0

    def count_calls(frame, event, argument):
        nonlocal count
        count += 1

    before = sys.getprofile()
    sys.setprofile(count_calls)
    try:
        members(octets[n : n + 65536] for n in range(0, len(octets), 65536))
    finally:
        sys.setprofile(before)
    return count


PIECES = [BROKEN, BROKEN[:30], b"PK\x03\x04", b"PK\x01\x02", tar_of(INNER)[:600], b"\x1f\x8b\x08"]


@given(st.binary() | st.lists(st.sampled_from(PIECES) | st.binary(max_size=40)).map(b"".join))
def test_any_octets_have_members(octets):
    assert all(isinstance(name, str) for name in members([octets]))


@pytest.mark.parametrize("at, length", [(26, 0xFFFF), (28, 0xFFFF), (28, 60)])
def test_lengths_that_pass_over_other_headers(at, length):
    """Programs find the other members by the directory all the same."""
    octets = bytearray(zip_of({"a.txt": b"a" * 40, "evil.exe": b"b"}, zipfile.ZIP_STORED))
    octets[at : at + 2] = length.to_bytes(2, "little")
    assert INCOMPLETE in members([bytes(octets)])


def test_the_documents_of_a_mail_share_what_they_may_inflate_to():
    allowance = Allowance()
    large = bomb(archive_budget.INFLATED * 3 // 4)
    found = [INCOMPLETE in archive.members([large], allowance) for _ in range(3)]
    assert found == [False, True, True]
    assert archive.members([gzip_of("a.txt", b"text")], allowance) == ("a.txt",)  # has its own


def test_an_encrypted_member_is_named():
    assert set(members([flagged(0x1, True)])) == {"a.zip", INCOMPLETE}
