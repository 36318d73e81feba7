"""What items ask for: one row each, of all that the wire knows."""

from __future__ import annotations

import pytest

from imap4proxy.engine.view.items import Source, is_body, label, sets_seen, source
from imap4proxy.wire import fetch_items
from imap4proxy.wire.body_section import Section
from imap4proxy.wire.fragments import Line
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.scanner import Scanner

CONTENT, METADATA, SERVER = Source.CONTENT, Source.METADATA, Source.SERVER

CASES = [
    # item, who answers, is it of the body, does it set \Seen, its name in the answer
    (b"RFC822", CONTENT, True, True, b"RFC822"),
    (b"RFC822.TEXT", CONTENT, True, True, b"RFC822.TEXT"),
    (b"RFC822.HEADER", METADATA, False, False, b"RFC822.HEADER"),
    (b"RFC822.SIZE", METADATA, False, False, b"RFC822.SIZE"),
    (b"ENVELOPE", METADATA, False, False, b"ENVELOPE"),
    (b"BODY", CONTENT, False, False, b"BODY"),
    (b"BODYSTRUCTURE", CONTENT, False, False, b"BODYSTRUCTURE"),
    (b"BODY[]", CONTENT, True, True, b"BODY[]"),
    (b"body.peek[]<5.10>", CONTENT, True, False, b"BODY[]<5>"),
    (b"BODY[TEXT]", CONTENT, True, True, b"BODY[TEXT]"),
    (b"BODY[1.2.mime]", CONTENT, True, True, b"BODY[1.2.MIME]"),
    (b"BODY.PEEK[1.HEADER]", CONTENT, True, False, b"BODY[1.HEADER]"),
    (b"BODY[HEADER]<0.1>", METADATA, False, True, b"BODY[HEADER]<0>"),
    (b'BODY.PEEK[HEADER.FIELDS (From "a b" "x)")]', METADATA, False, False,
     b'BODY[HEADER.FIELDS (FROM "A B" "X)")]'),
    (b'BODY.PEEK[HEADER.FIELDS.NOT ("" NIL)]', METADATA, False, False,
     b'BODY[HEADER.FIELDS.NOT ("" "NIL")]'),
    (b"BINARY[1]<0.1>", CONTENT, True, True, b"BINARY[1]<0>"),
    (b"BINARY.PEEK[]", CONTENT, True, False, b"BINARY[]"),
    (b"BINARY.SIZE[1.2]", CONTENT, False, False, b"BINARY.SIZE[1.2]"),
    (b"FLAGS", SERVER, False, False, b"FLAGS"),
    (b"UID", SERVER, False, False, b"UID"),
    (b"INTERNALDATE", SERVER, False, False, b"INTERNALDATE"),
    (b"MODSEQ", SERVER, False, False, b"MODSEQ"),
    (b"EMAILID", SERVER, False, False, b"EMAILID"),
    (b"THREADID", SERVER, False, False, b"THREADID"),
    (b"SAVEDATE", SERVER, False, False, b"SAVEDATE"),
    (b"X-GM-MSGID", SERVER, False, False, b"X-GM-MSGID"),
    (b"X-GM-THRID", SERVER, False, False, b"X-GM-THRID"),
    (b"X-GM-LABELS", SERVER, False, False, b"X-GM-LABELS"),
]  # fmt: skip


def read(octets):
    return fetch_items.items(Scanner((Line(octets),), (), Limits()))


@pytest.mark.parametrize("octets, who, body, seen, name", CASES)
def test_item(octets, who, body, seen, name):
    (item,) = read(b"(" + octets + b")")
    assert (source(item), is_body(item), sets_seen(item), label(item)) == (who, body, seen, name)


def test_every_item_is_here():
    known = {*fetch_items._PLAIN, *fetch_items._SECTIONED}
    assert known == {octets.upper().partition(b"[")[0] for octets, *_ in CASES}


def test_octets_that_cannot_be_quoted_are_left_out():
    item = fetch_items.Item("BODY", Section((), "HEADER.FIELDS", (b"\xe9a\r b",)))
    assert label(item) == b'BODY[HEADER.FIELDS ("A B")]'
