"""Places in octets, which may be bytes or a mapped file."""

import mmap

import pytest

from kernun_common.mail_doc.octets import Span, chunks, lines_before, without_line_end

TEXT = b"one\r\ntwo\n\r\nthree"


def mapped(octets):
    area = mmap.mmap(-1, len(octets))
    area.write(octets)
    return area


@pytest.fixture(params=[bytes, mapped])
def octets(request):
    return request.param(TEXT)


@pytest.mark.parametrize("size", range(1, 20))
def test_chunks_are_the_span(octets, size):
    pieces = list(chunks(octets, Span(2, 14), size))
    assert b"".join(pieces) == TEXT[2:14] and all(0 < len(piece) <= size for piece in pieces)


@pytest.mark.parametrize(
    "start, end, left",
    [(0, 5, 3), (0, 4, 4), (0, 9, 8), (0, 3, 3), (4, 5, 4), (9, 11, 9), (10, 11, 10), (7, 7, 7)],
)
def test_without_line_end(octets, start, end, left):
    assert without_line_end(octets, Span(start, end)) == Span(start, left)


def test_lines_before(octets):
    places = range(len(TEXT) + 1)
    assert lines_before(octets, places) == {at: TEXT[:at].count(b"\n") for at in places}
