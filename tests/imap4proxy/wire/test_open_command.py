"""A command that goes on in literals, piece by piece."""

from __future__ import annotations

import pytest

from imap4proxy.wire.commands import row_of
from imap4proxy.wire.fragments import Line, Literal
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.login import Login
from imap4proxy.wire.names import need
from imap4proxy.wire.open_command import OpenCommand
from imap4proxy.wire.scanner import Invalid
from kernun_common.secret import Secret

LIMITS = Limits(literals=2)
BOUND = 40


def opened(verb: bytes) -> OpenCommand:
    return OpenCommand(b"a1", row_of(verb), len(b"a1 " + verb), LIMITS, utf8=False)


def announce(command: OpenCommand, text: bytes, size: int) -> None:
    literal = Literal(size)
    piece = command.announce(Line(text, literal), literal, BOUND)
    assert (piece.tag, piece.size, piece.synchronizing) == (b"a1", size, True)


def test_a_login_in_literals() -> None:
    command = opened(b"LOGIN")
    announce(command, b"a1 LOGIN ", 3)
    command.literals.append(b"joe")
    announce(command, b" ", 6)
    command.literals.append(b"secret")
    assert command.end(Line(b""), BOUND) == Login(b"a1", b"joe", Secret(b"secret"))


def test_what_is_known_is_announced() -> None:
    command = opened(b"RENAME")
    literal = Literal(3, False)
    piece = command.announce(Line(b"a1 RENAME inbox ", literal), literal, BOUND)
    assert (piece.name, piece.mailbox, piece.needs) == ("RENAME", b"INBOX", ())
    command = opened(b"MOVE")
    piece = command.announce(Line(b"a1 MOVE $ ", literal), literal, BOUND)
    assert piece.needs == (need(b"MOVE"), need(b"SEARCHRES"))


REFUSED = [
    # verb, text before the first literal, its size
    (b"NOOP", b"a1 NOOP ", 1),
    (b"LOGIN", b"a1 LOGIN", 1),
    (b"LOGIN", b"a1 LOGIN x y", 1),
    (b"LOGIN", b"a1 LOGIN ", BOUND),
    (b"LOGIN", b"a1 LOGIN " + b"x" * BOUND + b" ", 1),
    (b"LOGIN", b"a1 LOGIN ", 2**63 - 1),
]


@pytest.mark.parametrize("verb, text, size", REFUSED)
def test_refused(verb: bytes, text: bytes, size: int) -> None:
    with pytest.raises(Invalid):
        announce(opened(verb), text, size)


def test_the_number_of_literals_is_bounded() -> None:
    command = opened(b"XFOO")
    announce(command, b"a1 XFOO ", 1)
    command.literals.append(b"x")
    announce(command, b" ", 1)
    command.literals.append(b"x")
    with pytest.raises(Invalid):
        announce(command, b" ", 1)


def test_the_sum_of_all_is_bounded() -> None:
    command = opened(b"XFOO")
    announce(command, b"a1 XFOO ", 16)
    command.literals.append(b"x" * 16)
    with pytest.raises(Invalid):
        command.end(Line(b" " + b"x" * 16), BOUND)
