"""Pieces: however they are cut, their octets are those of the whole."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.engine.view.pieces import SHORT, Stream, chunks, cut, merged, size
from kernun_common.mail_doc.octets import Span

MAIL = bytes(range(256)) * 100


def stream(octets):
    """In chunks of seven."""
    return Stream(
        len(octets), lambda at: (octets[start : start + 7] for start in range(at, len(octets), 7))
    )


PIECES = (b"begin ", Span(3, 500), b"", stream(MAIL[:60]), Span(700, 700), Span(1000, 25000), b")")
WHOLE = b"begin " + MAIL[3:500] + MAIL[:60] + MAIL[1000:25000] + b")"


def joined(pieces):
    return b"".join(chunks(MAIL, pieces))


def test_whole():
    assert size(PIECES) == len(WHOLE)
    assert joined(PIECES) == WHOLE


@given(st.integers(0, 30000), st.integers(1, 30000))
def test_cut(offset, most):
    part = list(cut(PIECES, offset, most))
    assert joined(part) == WHOLE[offset : offset + most]
    assert size(part) == len(WHOLE[offset : offset + most])


@pytest.mark.parametrize("start, end", [(0, 60), (0, 1), (7, 14), (8, 59), (59, 60)])
def test_part_of_a_stream(start, end):
    part = stream(MAIL[:60]).part(start, end)
    assert len(part) == end - start
    for _ in range(2):
        assert b"".join(part) == MAIL[start:end]
    assert b"".join(part.part(0, 1)) == MAIL[start : start + 1]


def test_merged():
    begin, streamed, large, end = merged(MAIL, PIECES)
    assert begin == b"begin " + MAIL[3:500]
    assert (b"".join(streamed), large, end) == (MAIL[:60], Span(1000, 25000), b")")
    assert large.size > SHORT
