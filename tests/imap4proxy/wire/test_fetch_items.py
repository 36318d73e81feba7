"""The items of FETCH as values, and what they need."""

from __future__ import annotations

import pytest

from imap4proxy.wire.body_section import Section
from imap4proxy.wire.fetch_items import Item, items
from imap4proxy.wire.fragments import Line
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.scanner import Invalid, Scanner

from ...support.command_reading import offered_with

FAST = (Item("FLAGS"), Item("INTERNALDATE"), Item("RFC822.SIZE"))

ITEMS = [
    # octets, items, what they need
    (b"flags", (Item("FLAGS"),)),
    (b"(FLAGS)", (Item("FLAGS"),)),
    (b"FAST", FAST),
    (b"all", (*FAST, Item("ENVELOPE"))),
    (b"FULL", (*FAST, Item("ENVELOPE"), Item("BODY"))),
    (b"(BODY BODYSTRUCTURE UID)", (Item("BODY"), Item("BODYSTRUCTURE"), Item("UID"))),
    (b"(rfc822 RFC822.header RFC822.TEXT)",
     (Item("RFC822"), Item("RFC822.HEADER"), Item("RFC822.TEXT"))),
    (b"BODY[]", (Item("BODY", Section()),)),
    (b"body.peek[1.mime]<0.1024>", (Item("BODY.PEEK", Section((1,), "MIME"), (0, 1024)),)),
    (b"BODY[]<0.4294967295>", (Item("BODY", Section(), (0, 4294967295)),)),
    (b"(BINARY[1] BINARY.PEEK[2]<1.2> BINARY.SIZE[])",
     (Item("BINARY", Section((1,))), Item("BINARY.PEEK", Section((2,)), (1, 2)),
      Item("BINARY.SIZE", Section())), b"BINARY|IMAP4REV2"),
    (b"(MODSEQ)", (Item("MODSEQ"),), b"CONDSTORE"),
    (b"(EMAILID THREADID SAVEDATE)", (Item("EMAILID"), Item("THREADID"), Item("SAVEDATE")),
     b"OBJECTID", b"SAVEDATE"),
    (b"(X-GM-MSGID X-GM-THRID X-GM-LABELS)",
     (Item("X-GM-MSGID"), Item("X-GM-THRID"), Item("X-GM-LABELS")), b"X-GM-EXT-1"),
]
INVALID = [
    b"", b"()", b"(FLAGS", b"(FLAGS )", b"( FLAGS)", b"(FLAGS  UID)", b"(FLAGS,UID)", b"FOO",
    b"(ALL)", b"(FLAGS FAST)", b"BODY.PEEK", b"(BODY.PEEK UID)", b"BINARY", b"BODY []", b"BODY[",
    b"BODY[]<0.0>", b"BODY[]<4294967295.4294967295>", b"BODY[]<4294967296.1>", b"BODY[]<1>",
    b"BODY[]<.1>", b"BODY[]<0.1", b"BODY[]<-1.1>", b"((FLAGS))", b"FLAGS[]", b"PREVIEW",
]


def scanner(octets: bytes) -> Scanner:
    return Scanner((Line(octets),), (), Limits())


@pytest.mark.parametrize("row", ITEMS)
def test_items(row: tuple[bytes, tuple[Item, ...]]) -> None:
    octets, values, *needs = row
    scan = scanner(octets)
    assert items(scan) == values
    assert scan.ended
    assert offered_with(tuple(scan.needs)) == set(needs)


@pytest.mark.parametrize("octets", INVALID)
def test_invalid_items(octets: bytes) -> None:
    scan = scanner(octets)
    with pytest.raises(Invalid):
        items(scan)
        scan.end()
