"""Each leniency, on and off."""

from __future__ import annotations

from dataclasses import fields

import pytest

from imap4proxy.wire.command import Command
from imap4proxy.wire.pieces import Malformed
from imap4proxy.wire.quirks import Quirks

from ...support.command_reading import read, reader
from ...support.cuts import every_cut

TOLERATED = [
    # quirk, octets, tags of the commands that they are
    ("bare_lf", b"a1 NOOP\na2 NOOP\r\n", [b"a1", b"a2"]),
    ("bare_lf", b"a1 LOGIN {3+}\r\njoe secret\n", [b"a1"]),
    ("space_before_crlf", b"a1 NOOP \r\n", [b"a1"]),
    ("space_before_crlf", b"a1 SELECT {5+}\r\nINBOX \r\n", [b"a1"]),
]
NEVER = [
    # no quirk makes these a command or a literal
    ("bare_lf", b"a1 LOGIN {3+}\njoe secret\r\n"),
    ("bare_lf", b"a1 LOGIN {3}\n"),
    ("space_before_crlf", b"a1 NOOP  \r\n"),
    ("space_before_crlf", b"a1 LOGIN {3} \r\n"),
]


def test_all_are_off() -> None:
    assert not any(getattr(Quirks(), quirk.name) for quirk in fields(Quirks))
    assert {quirk.name for quirk in fields(Quirks)} == {row[0] for row in TOLERATED}


@pytest.mark.parametrize("quirk, octets, tags", TOLERATED)
def test_tolerated(quirk: str, octets: bytes, tags: list[bytes]) -> None:
    for parts in every_cut(octets):
        pieces = read(parts, reader(quirks=Quirks(**{quirk: True})))
        assert [piece.tag for piece in pieces if isinstance(piece, Command)] == tags
        assert any(isinstance(piece, Malformed) for piece in read(parts))


@pytest.mark.parametrize("quirk, octets", NEVER)
def test_never(quirk: str, octets: bytes) -> None:
    for parts in every_cut(octets):
        pieces = read(parts, reader(quirks=Quirks(**{quirk: True})))
        assert isinstance(pieces[0], Malformed)
        assert not any(isinstance(piece, Command) for piece in pieces)
