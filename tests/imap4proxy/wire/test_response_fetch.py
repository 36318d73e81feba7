"""FETCH responses: in a row, with literals, with literals that flow."""

import pytest

from imap4proxy.wire.data import Data
from imap4proxy.wire.fetch_run import Flow
from tests.support.cuts import every_cut
from tests.support.reading import Collector, Response, make, read


def test_pieces_of_a_fetch_with_a_literal():
    reader = make()
    reader.feed(b"* 12 FETCH (UID 5 BODY[] {7}\r\nab")
    first = reader.next()
    announced = b"* 12 FETCH (UID 5 BODY[] {7}\r\n"
    assert first == Data("FETCH", 12, announced, True, False, 7, item=b"BODY[] ")
    assert reader.next() is None and reader.midway and reader.buffered == 2
    assert reader.take(1) == b"a" and reader.take(100) == b"b" and reader.take(100) == b""
    reader.passed(4)
    assert reader.next() is None
    reader.feed(b"c)\r\n* 1")
    assert reader.next() is None
    assert reader.take(100) == b"c"
    assert reader.next() == Data("FETCH", 12, b")\r\n", False, True)
    assert reader.next() is None and reader.midway and reader.buffered == 3


def test_fetch_responses_without_literals_come_together():
    reader = make()
    reader.feed(b"* 3 FETCH (UID 5)\r\n" * 3 + b"* 4 FETCH (BODY[] {0}\r\n)\r\n* 5 EXISTS\r\n* 6")
    assert reader.next() == Data("FETCH", 3, b"* 3 FETCH (UID 5)\r\n" * 3, True, True, count=3)
    announced = b"* 4 FETCH (BODY[] {0}\r\n"
    assert reader.next() == Data("FETCH", 4, announced, True, False, item=b"BODY[] ")
    assert reader.next() == Data("FETCH", 4, b")\r\n", False, True)
    assert reader.next() == Data("EXISTS", 5, b"* 5 EXISTS\r\n", True, True)
    assert reader.next() is None


ITEMS = [
    (b"* 4 FETCH (BODY[] {0}\r\n", b"BODY[] "),
    (b"* 4 FETCH (UID 5 body[1.MIME]<5> {0}\r\n", b"body[1.MIME]<5> "),
    (b"* 4 FETCH (BINARY[1] ~{0}\r\n", b"BINARY[1] "),
    (b"* 4 FETCH (RFC822.TEXT {0}\r\n", b"RFC822.TEXT "),
    (b'* 4 FETCH (ENVELOPE ("a BODY[ \\" x" NIL) BODY[2] {0}\r\n', b"BODY[2] "),
    (b'* 4 FETCH (BODY[1] "\xff" BODY[2] {0}\r\n', b"BODY[2] "),
    (b"* 4 FETCH (ENVELOPE ({0}\r\n", b""),
    (b"* 4 FETCH (X-NEW ({0}\r\n", b""),
    (b"* LIST () NIL {0}\r\n", b""),
]  # fmt: skip


@pytest.mark.parametrize("octets, item", ITEMS)
def test_the_item_of_a_literal(octets, item):
    """Whatever stands before it: mail programs' users choose what is in an ENVELOPE."""
    for parts in every_cut(octets):
        collector = Collector(make())
        for part in parts:
            collector.feed(part)
        last = collector.pieces[-1]
        assert last.item == item and last.octets.endswith(octets[octets.rindex(item or b"{"):])


def test_literals_that_look_like_responses():
    inside = b")\r\nk1 OK done\r\n+ go\r\n* BYE\r\n"
    octets = b"* 1 FETCH (BODY[] {%d}\r\n%b)\r\n" % (len(inside), inside)
    for parts in every_cut(octets):
        assert read(parts) == [Response("FETCH", octets)]


def test_a_literal_that_flows():
    reader = make()
    reader.flow = Flow(100)
    reader.feed(b"* 1 FETCH (BODY[] {5}\r\nab")
    piece = reader.next()
    assert piece.octets == b"* 1 FETCH (BODY[] {5}\r\nab" and piece.flows and not piece.literal
    assert reader.flowing
    reader.feed(b"cde)\r\n* 2 FETCH (BODY[] {101}\r\n")
    piece = reader.next()
    assert (piece.octets, piece.last) == (b"cde)\r\n", True)
    assert not reader.flowing
    piece = reader.next()
    assert (piece.literal, piece.item) == (101, b"BODY[] ")


def test_what_flows_is_for_nobody_else():
    """Neither take() nor passed() is for the octets of a literal that flows."""
    reader = make()
    reader.flow = Flow(100)
    reader.feed(b"* 1 FETCH (BODY[] {5}\r\nab")
    assert reader.next().octets.endswith(b"ab") and reader.flowing
    reader.feed(b"cde)\r\n")
    assert reader.take(5) == b"" and reader.flowing
    assert reader.next().octets == b"cde)\r\n" and not reader.flowing


ROWS = [b"", b"* 1 FETCH (UID 1)\r\n", b"* 1 FETCH (BODY[] {3}\r\nabc)\r\n"]


@pytest.mark.parametrize("before", ROWS)
def test_a_literal_that_does_not_flow_behind_one_that_does(before):
    reader = make()
    reader.flow = Flow(3)
    reader.feed(before + b"* 2 FETCH (BODY[] {4}\r\n")
    while not (piece := reader.next()).literal:
        assert piece.octets == before
    reader.feed(b"* 3 FETCH (UID 1)\r\n")
    assert reader.next() is None and not reader.flowing
    assert reader.take(9) == b"* 3 "
