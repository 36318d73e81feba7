"""Commands of a client: the same in every cut, no more held than the limits say, written so that
they read the same, and as an independent grammar has them."""

from __future__ import annotations

from typing import Any, Iterable, List, Sequence

from imap4proxy.wire.append import Append
from imap4proxy.wire.command import Command
from imap4proxy.wire.command_reader import CommandReader
from imap4proxy.wire.encode import LiteralMode
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.pieces import Announced, Malformed
from tests.support.command_reading import command_of, drain, encoded, reader

from ..grammar import check_command
from ..target import Target, parts, same, segments
from . import seeds

LIMITS = Limits(line_before_login=300, command_before_login=400, line=600, command=900, tag=20,
                nesting=9, literals=5, poison_before_login=500, poison=2000, ranges=9,
                section_depth=5, id_fields=3)  # fmt: skip


def _read(octets: Iterable[bytes], logged_in: bool, utf8: bool) -> List[Any]:
    """The pieces; what no cut may change of them."""
    made = reader(logged_in, utf8, LIMITS)
    found: List[Any] = []
    for part in octets:
        made.feed(part)
        found += drain(made)
        _check_held(made, logged_in)
    return found


def _check_held(made: CommandReader, logged_in: bool) -> None:
    """Behind a fatal one nothing is read any more, and the session ends."""
    bounds = LIMITS.bounds(logged_in)
    ended = made._step == made._ended
    assert ended or made.buffered + len(made._content) <= bounds.command, "more held than allowed"


def _told(pieces: List[Any]) -> List[Any]:
    """Up to the one with which the session ends."""
    for at, piece in enumerate(pieces):
        if isinstance(piece, Malformed) and piece.fatal:
            return pieces[:at + 1]
    return pieces


def _check_written(command: Command, utf8: bool) -> None:
    if isinstance(command, Append):
        return  # written piece by piece, and seen by tests/fuzz/test_sessions.py
    for mode in LiteralMode:
        once = encoded(command, utf8, mode)
        again = command_of(once, utf8)
        same((again.name, again.parts), (command.name, command.parts), f"written as {once!r}")
        same(encoded(again, utf8, mode), once, "written twice")
    if not utf8:
        check_command(command)


def check(octets: bytes) -> None:
    for logged_in, utf8 in ((True, False), (True, True), (False, False)):
        found = _told(_read([octets], logged_in, utf8))
        for cut in parts(octets):
            same(_told(_read(cut, logged_in, utf8)), found, f"cut {list(map(len, cut))}")
        for piece in found:
            assert isinstance(piece, (Command, Announced, Malformed))
            if isinstance(piece, Command):
                _check_written(piece, utf8)


def _seeds() -> Sequence[bytes]:
    from tests.imap4proxy.wire import test_encode

    return [*seeds.of_client(), *(b"a1 " + row[0] + b"\r\n" for row in test_encode.ROWS)]


WORDS = (
    b"a1 ", b"\r\n", b"\n", b" ", b"\0", b'"', b"\\", b"(", b")", b"{3}\r\n", b"{0+}\r\n",
    b"{1+}\r\nx",
    b"~{1+}\r\n\0", b"{2++}\r\n", b"{99999999999+}\r\n", b"NIL", b"\xc3\xa9", b"\xff", b"UID ",
    b"NOT ",
    b"OR ", b"RETURN (", b"BODY.PEEK[", b"HEADER.FIELDS (", b"]<0.1>", b"1:*", b",2", b"$",
    b"CHARSET x ",
    b"FETCH 1 ", b"SEARCH ", b"ID (", b"LIST (", b"STORE 1 +FLAGS (", b"APPEND x ", b"LOGIN u ",
    b"AUTHENTICATE PLAIN ", b"ENABLE ", b"STATUS x (", b"SETMETADATA x (/a ", b"%", b"*", b"+",
    b"[1.2",
)  # fmt: skip


def _work(octets: bytes) -> None:
    made = reader()
    for segment in segments(octets):
        made.feed(segment)
        drain(made)


TARGET = Target(check, _seeds, WORDS, work=_work)
