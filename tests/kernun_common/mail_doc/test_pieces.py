from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernun_common.mail_doc.octets import Span
from kernun_common.mail_doc.pieces import Edit, Made, Slack, chunks_of, edited, size_of

OCTETS = b"0123456789"
MADE = Made(lambda: iter([b"ab", b"c"]))

CASES = [
    # edits, the octets after them
    ([], b"0123456789"),
    ([Edit(Span(2, 4))], b"01456789"),
    ([Edit(Span(2, 4), (b"xyz",))], b"01xyz456789"),
    ([Edit(Span(2, 2), (b"x",)), Edit(Span(2, 2), (b"y",))], b"01xy23456789"),
    ([Edit(Span(2, 4), (b"x",)), Edit(Span(2, 2), (b"y",))], b"01yx456789"),
    ([Edit(Span(4, 6), (b"y",)), Edit(Span(2, 4), (b"x",))], b"01xy6789"),
    ([Edit(Span(3, 5), (b"in",)), Edit(Span(2, 8), (b"out",))], b"01out89"),
    ([Edit(Span(4, 4), (b"in",)), Edit(Span(2, 8), (b"out",))], b"01out89"),
    ([Edit(Span(10, 10), (b"x",))], b"0123456789x"),
    ([Edit(Span(0, 10), (Span(5, 7), MADE, Slack(), b"!"))], b"56abc!"),
]


@pytest.mark.parametrize("edits, result", CASES)
def test_edited(edits, result):
    pieces = edited(len(OCTETS), edits)
    assert b"".join(chunks_of(OCTETS, pieces)) == result
    assert size_of(pieces) == len(result)


def test_what_is_untouched_is_one_piece():
    assert edited(10, []) == (Span(0, 10),)
    assert edited(10, [Edit(Span(0, 5), (Span(0, 5),))]) == (Span(0, 10),)


def test_edits_that_overlap_are_our_error():
    with pytest.raises(AssertionError):
        edited(10, [Edit(Span(2, 5)), Edit(Span(4, 7))])


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 3), st.binary(max_size=3)), max_size=6))
def test_apart_edits_are_done_each_by_itself(rows):
    edits, expected, at = [], b"", 0
    for start, size, new in sorted(rows):
        if start < at or start + size > 10 or (edits and start == at):
            continue
        edits.append(Edit(Span(start, start + size), (new,)))
        expected += OCTETS[at:start] + new
        at = start + size
    expected += OCTETS[at:]
    assert b"".join(chunks_of(OCTETS, edited(10, reversed(edits)))) == expected
