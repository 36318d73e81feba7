from __future__ import annotations

import gzip
import zlib

import pytest

from kernun_common.mail_doc import inflated
from kernun_common.mail_doc.archive_budget import INCOMPLETE, Allowance, Budget
from kernun_common.mail_doc.stream import Stream
from tests.support import hidden

TEXT = b"text " * 999
SIZES = [1, 7, 1 << 20]


def raw(octets, level=-1):
    made = zlib.compressobj(level, wbits=-15)
    return made.compress(octets) + made.flush()


def streamed(octets, size=1 << 20):
    return Stream(octets[n : n + size] for n in range(0, len(octets), size))


def read(reading, stream):
    """What is inflated, and whether all is."""
    budget = Budget(Allowance())
    return b"".join(reading(stream, budget)), INCOMPLETE not in budget.names


@pytest.mark.parametrize("size", SIZES)
def test_deflated(size):
    octets = raw(TEXT)
    stream = streamed(octets + b"rest", size)
    assert read(inflated.deflated, stream) == (TEXT, True)
    assert stream.inflated_to == len(octets) == stream.position
    assert stream.read(9) == b"rest" and not stream.hides_an_end


@pytest.mark.parametrize("octets", [raw(TEXT)[:-3], b"\xff" * 9])
def test_broken(octets):
    assert not read(inflated.deflated, streamed(octets))[1]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("between", [b"", b"\0", bytes(1000)])
def test_gzipped(size, between):
    """With zeroes in between; those behind are left, as many as a tar may begin with."""
    octets = gzip.compress(TEXT) + between + gzip.compress(b"more")
    stream = streamed(octets + bytes(900) + b"rest", size)
    assert read(inflated.gzipped, stream) == (TEXT + b"more", True)
    assert stream.position == len(octets) + 900 - 512
    assert stream.read(999) == bytes(512) + b"rest"


@pytest.mark.parametrize("size", SIZES)
def test_zeroes_at_the_end(size):
    octets = gzip.compress(TEXT) + bytes(9)
    stream = streamed(octets, size)
    assert read(inflated.gzipped, stream) == (TEXT, True)
    assert stream.position == len(octets) - 9 and stream.read(99) == bytes(9)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("octets", [
    hidden.in_codes(hidden.without_ones("a")), raw(b"PK\5\6", level=0),
    hidden.in_codes(bytes((1 << 13) - 162) + b"PK\5\6" + bytes(99)),
    *(hidden.in_codes(bytes((1 << 13) - n) + b"PK\5\6" + bytes(99)) for n in (101, 102, 103)),
])  # fmt: skip
def test_an_end_in_the_octets(octets, size):
    assert b"PK\5\6" in octets
    stream = streamed(octets, size)
    assert read(inflated.deflated, stream)[1] and stream.hides_an_end


def test_a_name_in_the_header():
    budget = Budget(Allowance())
    stream = streamed(hidden.gzip(raw(b""), 4 + 8, hidden.extra_field(b"PK\3\4") + b"a.exe\0"))
    assert list(inflated.gzipped(stream, budget)) == []
    assert list(budget.names) == [INCOMPLETE, "a.exe"]
