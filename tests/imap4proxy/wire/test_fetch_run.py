"""Runs of FETCH responses: where they end, and that what goes on is the same as piece by piece."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from imap4proxy.wire.data import Data
from imap4proxy.wire.fetch_data import Fetch
from imap4proxy.wire.fetch_run import ALL, NONE, STILL, Flow, Place, Run, walk
from imap4proxy.wire.response_fetch import FLOOD
from kernun_common.errors import PeerError
from tests.support.cuts import every_cut
from tests.support.reading import make

UID = b"* 1 FETCH (UID 5)\r\n"
HEAD, TAIL = b"* 2 FETCH (UID 6 BODY[] {3}\r\n", b")\r\n"
MAIL = HEAD + b"a)\r" + TAIL
TWO = b"* 3 FETCH (BODY[1] {1}\r\nx BODY[2] {2}\r\nyz FLAGS ())\r\n"
PART = b"* 4 FETCH (BODY[]<7> {1}\r\nx)\r\n"
WRONG = b"* 5 FETCH (UID 6 BODY[] {3x}\r\nabc)\r\n"  # this is not for a run to judge

RUNS = [
    # octets, largest literal; the run
    (UID + UID, NONE, Run(len(UID + UID), 0, 0, 2)),
    (UID + MAIL, NONE, Run(len(UID), 0, 0, 1)),
    (MAIL, NONE, Run(0, 0, 0, 0)),
    (MAIL + UID + MAIL + b"k1 OK\r\n", ALL, Run(len(MAIL + UID + MAIL), 0, 0, 3)),
    (MAIL + TWO, 3, Run(len(MAIL + TWO), 0, 0, 2)),
    (MAIL + TWO, 2, Run(0, 0, 0, 0)),
    (TWO + MAIL, 1, Run(len(b"* 3 FETCH (BODY[1] {1}\r\nx"), 24, 0, 0)),
    (UID + HEAD, ALL, Run(len(UID + HEAD), len(HEAD), 3, 1)),
    (UID + HEAD + b"ab", ALL, Run(len(UID + HEAD) + 2, len(HEAD), 1, 1)),
    (UID + HEAD + b"abc", ALL, Run(len(UID + HEAD) + 3, len(HEAD), 0, 1)),
    (UID + HEAD + b"abc)\r", ALL, Run(len(UID + HEAD) + 3, len(HEAD), 0, 1)),
    (UID + HEAD[:-1], ALL, Run(len(UID), 0, 0, 1)),
    (PART, ALL, Run(len(PART), 0, 0, 1)),
    (UID + PART, 100, Run(len(UID), 0, 0, 1)),
    (UID + WRONG, NONE, Run(len(UID), 0, 0, 1)),
    (MAIL + WRONG, ALL, Run(len(MAIL), 0, 0, 1)),
    (TWO[:25] + WRONG[16:], ALL, Run(25, 24, 0, 0)),
]  # fmt: skip


@pytest.mark.parametrize("octets, most, run", RUNS)
def test_where_a_run_ends(octets, most, run):
    fetch = Fetch.of(False)
    assert walk(fetch, octets, fetch.whole(octets, 0), Place(0, 0), 1000, most) == run


def test_pieces_where_literals_flow():
    reader = make()
    reader.flow = Flow(ALL)
    reader.feed(UID + HEAD + b"a")
    assert reader.next() == Data("FETCH", 1, UID + HEAD + b"a", True, False, flows=True)
    assert reader.next() is None and reader.midway and reader.flowing
    reader.feed(b")")
    assert reader.next() == Data("FETCH", 1, b")", False, False, count=0, flows=True)
    reader.feed(b"b" + TAIL + MAIL + HEAD[:5])
    assert reader.next() == Data("FETCH", 1, b"b" + TAIL + MAIL, False, True, count=2, flows=True)
    assert reader.next() is None and reader.buffered == 5 and not reader.flowing


def test_a_flood_goes_past_the_reader():
    reader = make()
    reader.flow = Flow(ALL)
    head = b"* 2 FETCH (BODY[] {%d}\r\n" % (FLOOD + 1)
    reader.feed(head + b"a")
    assert reader.next() == Data("FETCH", 2, head + b"a", True, False, FLOOD, flows=True, count=0)
    assert reader.next() is None and not reader.flowing
    reader.passed(FLOOD)
    reader.feed(TAIL + UID)
    assert reader.next().octets == TAIL
    assert reader.next().octets == UID


def passed(parts, flow, flown=None, **limits):
    """What goes on, and how it ended; `flown`: the pieces that flow."""
    reader, octets, literal = make(**limits), b"", 0
    reader.flow = flow
    try:
        for part in parts:
            reader.feed(part)
            while True:
                taken = reader.take(literal)
                literal -= len(taken)
                octets += taken
                piece = reader.next()
                if piece is None:
                    break
                if isinstance(piece, Data):
                    octets += piece.octets
                    literal = piece.literal
                    if piece.flows and flown is not None:
                        flown.append(piece.octets)
                else:
                    octets += repr(piece).encode()
    except PeerError:
        return octets, "failed"
    return octets, "midway" if reader.midway else "whole"


FLOWS = [STILL, Flow(1), Flow(ALL), Flow(1, headers=True), Flow(ALL, headers=True)]
BITS = [
    UID, MAIL, TWO, PART, HEAD, TAIL, b"abc", b"* 3 EXISTS\r\n", b"k1 OK done\r\n", b"\r\n", b")",
    b"* 9 FETCH (BODY[1] {0}\r\n)\r\n",
    b"* 9 FETCH (X-NEW (a {2}\r\nbc) RFC822 {1}\r\nd UID 7)\r\n",
    b'* 9 FETCH (BODY[] "\xe9" BODY[1] {1}\r\na)\r\n', b"* 9 FETCH (ENVELOPE ({1}\r\na) UID 1)\r\n",
]  # fmt: skip


CONTENT = re.compile(rb"BODY\[(?!HEADER)|RFC822(?!\.(?:HEADER|SIZE))|BINARY|PREVIEW")
EVIL = [
    *BITS, b"* 1 FETCH (BODY[HEADER] {3}\r\nabc)\r\n", b" BODY[HEADER.FIELDS (A)]<2> {1}\r\na",
    b'* 2 FETCH (BODY[HEADER] "BODY [1]" BODY[TEXT] "a")\r\n', b" RFC822.HEADER {2}\r\nab",
    b"* 3 FETCH (BODY[HEADER.FIELDS (A B)] {2}\r\nab BODY[] {3}\r\nabc BODY[HEADER] NIL)\r\n",
    b"* 4 FETCH (BODY[HEADER] NIL BODY[1.HEADER] {1}\r\na)\r\n", b" BINARY.SIZE[1] 5",
    b" BODY[1] {2}\r\nab", b' RFC822.TEXT "a"', b" BODY[MIME] NIL", b" PREVIEW NIL", b" UID 5",
    b"* 5 FETCH (body[text] {1}\r\na)\r\n", b"* 6 FETCH (FLAGS (\\Seen) binary[] ~{1}\r\na)\r\n",
]  # fmt: skip


@given(
    bits=st.lists(st.sampled_from(EVIL), max_size=8),
    most=st.sampled_from([0, 1, 2, 3, ALL]),
    size=st.integers(1, 60),
)
def test_no_content_flows_with_headers(bits, most, size):
    """Whatever a server answers in their place; and the same goes on as where nothing flows."""
    octets = b"".join(bits)
    expected, end = passed([octets], STILL)
    parts = [octets[at:at + size] for at in range(0, len(octets), size)]
    for cut in (parts, [octets]):
        flown: list[bytes] = []
        found, ended = passed(cut, Flow(most, headers=True), flown)
        assert ended == end
        assert found == expected or end == "failed" and found == expected[:len(found)]
        assert not any(CONTENT.search(piece.upper()) for piece in flown)


@given(size=st.integers(1, 60), still=st.integers(0, 200))
def test_from_a_moment_on_nothing_flows(size, still):
    octets = MAIL + UID + TWO + MAIL + TWO + UID
    reader, found, literal = make(), b"", 0
    reader.flow = Flow(ALL)
    for at in range(0, len(octets), size):
        if at >= still:
            reader.flow = STILL
        reader.feed(octets[at:at + size])
        while True:
            taken = reader.take(literal)
            literal, found = literal - len(taken), found + taken
            if (piece := reader.next()) is None:
                break
            if reader.flow == STILL:
                assert not (piece.flows and piece.last) and (piece.count < 2 or piece.first)
            literal, found = piece.literal, found + piece.octets
    assert found == octets and not reader.midway


@given(
    bits=st.lists(st.sampled_from(BITS), max_size=6),
    most=st.sampled_from([0, 1, 2, 3, ALL]),
    size=st.integers(1, 60),
)
def test_the_same_goes_on_whether_literals_flow(bits, most, size):
    octets = b"".join(bits)
    expected, end = passed([octets], STILL)
    parts = [octets[at:at + size] for at in range(0, len(octets), size)]
    for whole_line in (7, 16384):
        for cut in (parts, [octets]):
            found, ended = passed(cut, Flow(most), whole_line=whole_line)
            assert ended == end
            if end == "failed":  # told early or late
                found = found[:len(expected)]
                assert found == expected[:len(found)]
            else:
                assert found == expected


@pytest.mark.parametrize("octets", [UID, MAIL, UID + MAIL + TWO])
def test_what_stands_before_a_malformed_literal_goes_on(octets):
    """Whether it came in one segment with that, or not."""
    for parts in ([octets + WRONG], [octets, WRONG]):
        for flow in FLOWS:
            assert passed(parts, flow) == (octets, "failed")


@pytest.mark.parametrize("octets", [MAIL + TWO + PART + UID])
def test_in_every_cut(octets):
    for parts in every_cut(octets):
        for flow in FLOWS:
            assert passed(parts, flow) == (octets, "whole")
