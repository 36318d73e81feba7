from __future__ import annotations

import gzip
import io
import tarfile
import tracemalloc
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc import archive
from kernun_common.mail_doc.archive import INCOMPLETE, members


def zip_of(files, method=zipfile.ZIP_DEFLATED, before=b""):
    buffer = io.BytesIO()
    buffer.write(before)
    with zipfile.ZipFile(buffer, "w", method) as made:
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


INNER = {"setup.exe": b"MZ" * 100, "žluť.txt": b"text"}
LONG = "d" * 80 + "/" + "n" * 120 + ".exe"
NOISE = bytes(range(256)) * 40

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
]


@pytest.mark.parametrize("size", [1, 100, 1 << 16])
@pytest.mark.parametrize("octets, names", FOUND)
def test_members(octets, names, size):
    found = members(octets[n : n + size] for n in range(0, len(octets), size))
    assert names <= set(found)
    assert INCOMPLETE not in found


@pytest.mark.parametrize("octets", [b"", b"text", b"PK", NOISE, b"\x89PNG" + NOISE, b"\0" * 1024])
def test_no_archive(octets):
    assert members([octets]) == ()


def deep(levels):
    octets = zip_of(INNER)
    for _ in range(levels):
        octets = zip_of({"in.zip": octets})
    return octets


BROKEN = zip_of(INNER)
MORE = [
    deep(archive.DEPTH),
    BROKEN[:20],
    tar_of(INNER)[:700],
    tar_of(INNER, "w:gz")[:60],
    zip_of({f"{n}.txt": b"" for n in range(archive.MEMBERS + 1)}),
]


@pytest.mark.parametrize("octets", MORE)
def test_more_may_be_in_it(octets):
    assert INCOMPLETE in members(octets[n : n + 65536] for n in range(0, len(octets), 65536))


def test_a_directory_that_differs_from_the_headers():
    octets = zip_of({"good.txt": b"x"})
    swapped = octets.replace(b"good.txt", b"evil.exe", 1)
    assert {"good.txt", "evil.exe"} <= set(members([swapped]))


def bomb(octets_inside):
    """A gzip of a zip whose one file inflates to so many zeroes."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, 31)
    head = zip_of({"x": b""}, zipfile.ZIP_STORED)[:31]
    parts = [deflate.compress(head)]
    parts += [deflate.compress(b"\0" * (1 << 20)) for _ in range(octets_inside >> 20)]
    return b"".join(parts) + deflate.flush()


def test_a_bomb_is_left_after_its_bound_in_little_memory():
    octets = bomb(archive.INFLATED * 2)
    tracemalloc.start()
    try:
        assert INCOMPLETE in members(octets[n : n + 65536] for n in range(0, len(octets), 65536))
        assert tracemalloc.get_traced_memory()[1] < 2 << 20
    finally:
        tracemalloc.stop()


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
