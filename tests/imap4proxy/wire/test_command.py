"""What every command tells of itself."""

from __future__ import annotations

import pytest

from imap4proxy.wire import names
from imap4proxy.wire.command import VERBS

from ...support.command_reading import command_of


def test_verbs() -> None:
    assert set(VERBS) == set(names.COMMANDS)
    assert VERBS["UID-FETCH"] == b"UID FETCH"


@pytest.mark.parametrize(
    "octets, name, verb, mailbox",
    [
        (b"noop", "NOOP", b"NOOP", None),
        (b"Uid Store 1 FLAGS (x)", "UID-STORE", b"UID STORE", None),
        (b"login a b", "LOGIN", b"LOGIN", None),
        (b"authenticate plain", "AUTHENTICATE", b"AUTHENTICATE", None),
        (b"id nil", "ID", b"ID", None),
        (b"enable x", "ENABLE", b"ENABLE", None),
        (b"fetch 1 all", "FETCH", b"FETCH", None),
        (b"uid fetch 1 all", "UID-FETCH", b"UID FETCH", None),
        (b"append inbox {1}\r\nx", "APPEND", b"APPEND", b"INBOX"),
        (b"select inbox", "SELECT", b"SELECT", b"INBOX"),
        (b"xyzzy", "UNKNOWN", b"XYZZY", None),
    ],
)
def test_command(octets: bytes, name: str, verb: bytes, mailbox: bytes | None) -> None:
    command = command_of(b"a1 " + octets + b"\r\n")
    assert (command.tag, command.name, command.verb, command.mailbox) == (
        b"a1", name, verb, mailbox
    )
    assert isinstance(command.needs, tuple) and isinstance(command.parts, tuple)
    with pytest.raises(AttributeError):
        command.tag = b"a2"
