"""FETCH and UID FETCH: values, canonical form, what is refused."""

from __future__ import annotations

import pytest

from imap4proxy.wire.body_section import Section
from imap4proxy.wire.fetch import Fetch
from imap4proxy.wire.fetch_items import Item

from ...support.command_reading import check_malformed, check_written, command_of

FIELDS = b"BODY.PEEK[HEADER.FIELDS (From To)]"

WRITTEN = [
    # octets, canonical form, what it needs
    (b"fetch 1 all", b"FETCH 1 (FLAGS INTERNALDATE RFC822.SIZE ENVELOPE)"),
    (b"FETCH 1 flags", b"FETCH 1 (FLAGS)"),
    (b"uid fetch 1:* (FLAGS)", b"UID FETCH 1:* (FLAGS)"),
    (b"UID FETCH 1,3:5 (UID " + FIELDS + b")", b"UID FETCH 1,3:5 (UID " + FIELDS + b")"),
    (b"FETCH 1 BODY[HEADER.FIELDS ({4+}\r\nFrom {2}\r\nTo)]<0.10>",
     b"FETCH 1 (BODY[HEADER.FIELDS (From To)]<0.10>)"),
    (b'FETCH 1 (BODY[HEADER.FIELDS ("X\\"Y")] UID)',
     b'FETCH 1 (BODY[HEADER.FIELDS ("X\\"Y")] UID)'),
    (b"FETCH 1 (FLAGS) (changedsince 12345)", b"FETCH 1 (FLAGS) (CHANGEDSINCE 12345)",
     b"CONDSTORE"),
    (b"UID FETCH 1:* FLAGS (VANISHED CHANGEDSINCE 1)",
     b"UID FETCH 1:* (FLAGS) (CHANGEDSINCE 1 VANISHED)", b"CONDSTORE", b"QRESYNC"),
    (b"UID FETCH $ (MODSEQ)", b"UID FETCH $ (MODSEQ)", b"SEARCHRES", b"CONDSTORE"),
    (b"FETCH $ (BODY[HEADER.FIELDS ({4}\r\nDate)])", b"FETCH $ (BODY[HEADER.FIELDS (Date)])",
     b"SEARCHRES"),
    (b"FETCH 1 (MODSEQ BODY[HEADER.FIELDS ({4}\r\nDate)])",
     b"FETCH 1 (MODSEQ BODY[HEADER.FIELDS (Date)])", b"CONDSTORE"),
    (b"FETCH 1 (" + b" ".join([b"RFC822.SIZE"] * 100) + b")",
     b"FETCH 1 (" + b" ".join([b"RFC822.SIZE"] * 100) + b")"),
]
MALFORMED = [
    b"FETCH", b"FETCH 1", b"FETCH 1 ", b"FETCH (FLAGS)", b"FETCH x (FLAGS)", b"FETCH 1  (FLAGS)",
    b"FETCH 1 (FLAGS) ", b"FETCH 1 (FLAGS) x", b"FETCH 1 (FLAGS) ()", b"FETCH 1 (FLAGS) (FOO 1)",
    b"FETCH 1 (FLAGS) (VANISHED CHANGEDSINCE 1)", b"UID FETCH 1 (FLAGS) (VANISHED)",
    b"FETCH 1 (FLAGS) (CHANGEDSINCE)", b"FETCH 1 (FLAGS) (CHANGEDSINCE x)",
    b"FETCH 1 (FLAGS) (CHANGEDSINCE 1 CHANGEDSINCE 2)", b"FETCH 1 (FLAGS) (CHANGEDSINCE 1 )",
    b"UID FETCH 1 FLAGS (VANISHED VANISHED CHANGEDSINCE 1)",
    b"FETCH 1 BODY[HEADER.FIELDS ({4}\r\nDate)", b"FETCH 1 (BODY[]<0.0>)",
    b"FETCH {1+}\r\n1 (FLAGS)",
    b"FETCH 1 BODY[HEADER.FIELDS (~{4+}\r\nDate)]", b"UID  FETCH 1 FLAGS", b"UID",
]


@pytest.mark.parametrize("row", WRITTEN)
def test_written(row: tuple[bytes, ...]) -> None:
    octets, canonical, *needs = row
    check_written(b"a1 " + octets + b"\r\n", canonical, *needs)


@pytest.mark.parametrize("octets", MALFORMED)
def test_malformed(octets: bytes) -> None:
    check_malformed(b"a1 " + octets + b"\r\n")


def test_values() -> None:
    fetch = command_of(b"a1 UID FETCH 2:4 (UID BODY.PEEK[1]<5.6>) (CHANGEDSINCE 7 VANISHED)\r\n")
    assert isinstance(fetch, Fetch)
    assert (fetch.name, fetch.uid, fetch.sequence_set) == ("UID-FETCH", True, b"2:4")
    assert fetch.what.items == (Item("UID"), Item("BODY.PEEK", Section((1,)), (5, 6)))
    assert (fetch.what.changed_since, fetch.what.vanished) == (7, True)


def test_what_is_fetched_is_remembered() -> None:
    one = command_of(b"a1 UID FETCH 1 (UID BODY[])\r\n")
    other = command_of(b"a2 FETCH 2:3 (UID BODY[])\r\n")
    assert isinstance(one, Fetch) and isinstance(other, Fetch)
    assert one.what is other.what
