from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.stream import LONGEST_MATCH, Stream

CHUNKS = st.lists(st.binary(max_size=100))


@given(CHUNKS, st.lists(st.integers(0, 150)))
def test_read_and_skip(chunks, sizes):
    whole, stream, at = b"".join(chunks), Stream(chunks), 0
    for n, size in enumerate(sizes):
        assert stream.peek(size) == whole[at : at + size]
        if n % 2:
            stream.skip(size)
        else:
            assert stream.read(size) == whole[at : at + size]
        at += size
    rest = b"".join(iter(stream.chunk, b""))
    assert rest == whole[at:]


def test_give_back():
    stream = Stream([b"abc", b"def"])
    assert stream.read(4) == b"abcd"
    stream.give_back(b"cd")
    assert stream.read(9) == b"cdef"


def test_what_was_just_read_is_given_back_without_a_copy():
    stream = Stream([b"abcdef"])
    stream.read(4)
    held = stream._held
    stream.give_back(b"cd")
    assert stream._held is held and stream.read(3) == b"cde"
    stream.give_back(b"xy")
    assert stream.read(9) == b"xyf"


@pytest.mark.parametrize("at", range(0, 200, 7))
@pytest.mark.parametrize("size", [1, 3, 64, 300])
def test_find(at, size):
    octets = b"." * at + b"MARK" + b"." * 100 + b"MARK" + b"end"
    stream = Stream(octets[n : n + size] for n in range(0, len(octets), size))
    pattern = re.compile(rb"MARK")
    assert stream.find(pattern) and stream.read(2) == b".."
    assert stream.find(pattern) and stream.read(9) == b"end"
    assert stream.find(pattern) is None and stream.chunk() == b""


def test_no_more_than_a_chunk_is_held_while_searching():
    stream = Stream(b"." * 1000 for _ in range(1000))
    seen = []
    stream._chunks = (seen.append(len(stream._held)) or chunk for chunk in stream._chunks)
    assert stream.find(re.compile(rb"MARK")) is None
    assert max(seen) <= 1000 + LONGEST_MATCH


@pytest.mark.parametrize("size", [1, 3, 64, 600, 5000])
def test_seek(size):
    """The first of two things, though the other is seen before, and where both are."""
    octets = b"." * 700 + b"LONG" + b"." * 100 + b"SHORT" + b"." * 300 + b"END" + b"." * 9
    both = re.compile(rb"LONG.{400,}?END|SHORT", re.S)
    stream = Stream(octets[n : n + size] for n in range(0, len(octets), size))
    places = []

    def search(held, start, position):
        first = [found for found in (both.search(held, start),) if found is not None]
        if not first:
            return None
        places.append((position + first[0].start(), first[0][0][:4]))
        return first[0].start() + 4, first[0][0][:4]

    assert stream.seek(search) == b"LONG" and stream.position == 704
    assert places[-1] == (700, b"LONG")
    assert stream.seek(search) == b"SHOR" and stream.position == 808
    assert stream.seek(search) is None and stream.position == len(octets)


def test_position():
    stream = Stream([b"abc", b"def", b"ghi"])
    assert stream.position == 0 and stream.read(4) == b"abcd" and stream.position == 4
    stream.give_back(b"cd")
    assert stream.position == 2
    stream.give_back(b"XY")
    assert stream.position == 0 and stream.chunk() == b"XYcdef" and stream.position == 6
    stream.skip(2)
    assert stream.position == 8
