"""What a literal in a FETCH response is of, how far it reaches, and how it is taken out."""

import pytest

from imap4proxy.engine.mail_size import Items, extent
from imap4proxy.wire.data import Data
from tests.support.cuts import every_cut
from tests.support.reading import make
from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_size")

EXTENTS = [
    (b"BODY[] ", 100, 100),
    (b"BODY[]<1000> ", 100, 1100),
    (b"body[1.2.MIME] ", 9, 9),
    (b'BODY[HEADER.FIELDS ("<5> ")] ', 9, 9),
    (b"RFC822.TEXT ", 7, 7),
    (b"BINARY[1]<4294967295> ", 7, 4294967302),
    (b"", 7, 7),
]


@pytest.mark.parametrize("item, literal, reach", EXTENTS)
def test_extent(item, literal, reach):
    octets = b"* 1 FETCH (%b{%d}\r\n" % (item, literal)
    assert extent(Data("FETCH", 1, octets, True, False, literal, item=item)) == reach


LONG = b'"' + b"x" * 20000 + b'"'
RESPONSES = [
    # from the server; without the items whose literal has three octets
    (b"(BODY[1] {3}\r\nBIG UID 5)\r\n", b"(UID 5)\r\n"),
    (b"(UID 5 BODY[1] {3}\r\nBIG)\r\n", b"(UID 5)\r\n"),
    (b"(UID 5 BODY[1] {3}\r\nBIG FLAGS ())\r\n", b"(UID 5 FLAGS ())\r\n"),
    (b"(BODY[1] {3}\r\nBIG BODY[2] {2}\r\nab)\r\n", b"(BODY[2] {2}\r\nab)\r\n"),
    (b"(BODY[1] {3}\r\nBIG BODY[2] {3}\r\nBIG BODY[3] NIL)\r\n", b"(BODY[3] NIL)\r\n"),
    (b"(BODY[1] {3}\r\nBIG)\r\n", None),
    (b"(BODY[1] {3}\r\nBIG BODY[2] {3}\r\nBIG)\r\n", None),
    (b"(ENVELOPE (" + LONG + b") BODY[2] {3}\r\nBIG)\r\n", b"(ENVELOPE (" + LONG + b"))\r\n"),
    (b"(BODY[HEADER.FIELDS (" + LONG + b")] {3}\r\nBIG UID 5)\r\n", b"(UID 5)\r\n"),
    (b"(BODY[HEADER.FIELDS (" + LONG + b")] {3}\r\nBIG)\r\n", None),
    (b"(ENVELOPE () BODY[1] {3}\r\nBIG)\r\n", b"(ENVELOPE ())\r\n"),
    (b"(ENVELOPE () X-A (" + LONG + b" ()) BODY[1] {2}\r\nab)\r\n", ...),
]


def without_large(parts):
    """What the client gets of the responses."""
    reader, items, octets, literal, passes = make(), Items(), b"", 0, True
    for part in parts:
        reader.feed(part)
        while True:
            taken = reader.take(literal)
            literal -= len(taken)
            octets += taken if passes else b""
            if (piece := reader.next()) is None:
                break
            literal, passes = piece.literal, piece.literal < 3
            octets += items.whole(piece) if passes else items.without(piece)
    return octets


@pytest.mark.parametrize("response, left", RESPONSES)
def test_items(response, left):
    start, behind = b"* 1 FETCH ", b"* 2 FETCH (UID 6)\r\n"
    expected = b"" if left is None else start + (response if left is ... else left)
    for parts in cuts(start + response):
        assert without_large([*parts, behind]) == expected + behind


def cuts(octets):
    """Whole and at every place; where they are many, at some."""
    if len(octets) < 1000:
        return every_cut(octets)
    return [[octets], *([octets[:at], octets[at:]] for at in (12, 16500, 20020, 20040))]
