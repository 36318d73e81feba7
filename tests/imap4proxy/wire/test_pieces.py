"""Pieces show nothing of what came but what names the command."""

from __future__ import annotations

from imap4proxy.wire.pieces import Announced, Malformed

from ...support.command_reading import read, reader


def test_no_octets_of_a_command_are_shown() -> None:
    pieces = read([b"a1 LOGIN joe {7}\r\nhunter2 x\r\na2 LOGIN joe hunter2 x\r\n"])
    assert [type(piece) for piece in pieces] == [Announced, Malformed, Malformed]
    assert "hunter" not in repr(pieces)


def test_what_is_announced() -> None:
    made = reader()
    made.feed(b"a1 UID FETCH $ (BODY[HEADER.FIELDS ({4+}\r\n")
    assert made.next() == Announced(
        b"a1", "UID-FETCH", 4, False, needs=(frozenset({b"SEARCHRES"}),)
    )
