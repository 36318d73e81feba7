"""command_reading - what the reader of commands makes of octets, in one call.

    read([b"a1 NOOP\\r\\n"])                     the pieces, in order
    written(b"a1 noop\\r\\n")                    b"NOOP": what the server would be sent
    check_written(b"a1 noop\\r\\n", b"NOOP")     ... however the octets arrive
    check_malformed(b"a1 NOOP x\\r\\n", b"a1")   BAD, with that tag

Literals are accepted as they are announced, mails are streamed and forgotten, so
a synchronizing client that has been told to go on is imitated by all its octets.
"""

from __future__ import annotations

from typing import Iterable, List

from imap4proxy.wire.command import Command
from imap4proxy.wire.command_reader import CommandReader, Piece
from imap4proxy.wire.encode import LiteralMode, encode_command
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.names import Needs
from imap4proxy.wire.pieces import Announced, Malformed
from imap4proxy.wire.quirks import Quirks

from .cuts import every_cut

TAG = b"a1"


def reader(
    logged_in: bool = True,
    utf8: bool = False,
    limits: Limits = Limits(),
    quirks: Quirks = Quirks(),
) -> CommandReader:
    made = CommandReader(limits, quirks)
    made.authenticated = logged_in
    made.utf8 = utf8
    return made


def drain(made: CommandReader) -> List[Piece]:
    """The pieces that `made` can give now, literals accepted and mails streamed."""
    pieces: List[Piece] = []
    while True:
        piece = made.next()
        if isinstance(piece, Announced):
            made.accept() if piece.mail is None else made.stream()
        elif piece is None and not (made.in_literal and made.take(1 << 30)):
            return pieces
        if piece is not None:
            pieces.append(piece)


def read(parts: Iterable[bytes], made: CommandReader | None = None) -> List[Piece]:
    made = made or reader()
    pieces: List[Piece] = []
    for part in parts:
        made.feed(part)
        pieces += drain(made)
    return pieces


def encoded(command: Command, utf8: bool = False, mode: LiteralMode = LiteralMode.PLUS) -> bytes:
    """`command` as one run of octets, under the tag `TAG`."""
    return b"".join(chunk.octets for chunk in encode_command(command, TAG, mode, utf8))


def command_of(octets: bytes, utf8: bool = False) -> Command:
    """The one command that `octets` are."""
    pieces = [piece for piece in read([octets], reader(utf8=utf8)) if type(piece) is not Announced]
    assert len(pieces) == 1
    assert isinstance(pieces[0], Command)
    return pieces[0]


def written(octets: bytes, utf8: bool = False) -> bytes:
    """What the server would be sent for `octets`, without tag and CRLF."""
    return encoded(command_of(octets, utf8), utf8)[len(TAG) + 1:-2]


def check_written(octets: bytes, canonical: bytes, *needs: bytes, utf8: bool = False) -> None:
    """`octets` are read the same at every cut and written as `canonical`, which reads the same."""
    command = command_of(octets, utf8)
    assert written(octets, utf8) == canonical
    assert offered_with(command.needs) == set(needs)
    assert command_of(TAG + b" " + canonical + b"\r\n", utf8) == command
    for parts in every_cut(octets):
        assert read(parts, reader(utf8=utf8))[-1] == command


def offered_with(needs: Needs) -> set[bytes]:
    """`needs`, each once, as words: alternatives are joined by a bar."""
    assert len(needs) == len(set(needs))
    return {b"|".join(sorted(need)) for need in needs}


def check_malformed(octets: bytes, tag: bytes | None = TAG, fatal: bool = False) -> None:
    """`octets` are no command, at every cut, and a command behind them is read unless `fatal`."""
    for parts in every_cut(octets):
        made = reader()
        pieces = [piece for piece in read(parts, made) if type(piece) is not Announced]
        assert [(type(piece), getattr(piece, "tag")) for piece in pieces] == [(Malformed, tag)]
        assert getattr(pieces[0], "fatal") is fatal
        after = read([b"z NOOP\r\n"], made)
        assert [piece.tag for piece in after] == ([] if fatal else [b"z"])
