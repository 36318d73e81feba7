"""The table: every command of imap4-cmd, in both cases of letters, and nothing behind it."""

from __future__ import annotations

import pytest

from imap4proxy.wire import names
from imap4proxy.wire.command import VERBS, Plain
from imap4proxy.wire.commands import TABLE, row_of

from ...support.command_reading import check_malformed, check_written

# Those without arguments, and what they need.
BARE = {
    "CAPABILITY": (), "NOOP": (), "LOGOUT": (), "STARTTLS": (), "CHECK": (), "CLOSE": (),
    "EXPUNGE": (), "IDLE": (b"IDLE",), "NAMESPACE": (b"NAMESPACE",), "UNSELECT": (b"UNSELECT",),
}
LANGUAGES = [
    (b"language", b"LANGUAGE"),
    (b"LANGUAGE cs", b"LANGUAGE cs"),
    (b'LANGUAGE "cs-CZ" en default', b"LANGUAGE cs-CZ en default"),
]


def test_the_table_is_complete() -> None:
    assert set(TABLE) == {VERBS[name] for name in names.COMMANDS if name != names.UNKNOWN}
    assert {row.name for row in TABLE.values() if row.bare} == set(BARE)


@pytest.mark.parametrize("name", BARE)
def test_bare(name: str) -> None:
    verb = name.encode()
    for spelled in (verb, verb.lower(), verb.title()):
        check_written(b"a1 " + spelled + b"\r\n", verb, *BARE[name])
    for behind in (b" ", b" x", b"\t", b" ()", b"()", b' ""', b" {5}", b"{5}", b" {1+}\r\nx"):
        check_malformed(b"a1 " + verb + behind + b"\r\n")


@pytest.mark.parametrize("name", [name for name in names.COMMANDS if name not in BARE])
def test_every_other_command_has_arguments(name: str) -> None:
    if name not in ("UNKNOWN", "LANGUAGE"):
        check_malformed(b"a1 " + VERBS[name] + b"\r\n")
        check_malformed(b"a1 " + VERBS[name] + b" \r\n")
        check_malformed(b"a1 " + VERBS[name] + b" \xff\r\n")


@pytest.mark.parametrize("octets, canonical", LANGUAGES)
def test_language(octets: bytes, canonical: bytes) -> None:
    check_written(b"a1 " + octets + b"\r\n", canonical, b"LANGUAGE")


@pytest.mark.parametrize("verb", [b"FETCHX", b"UID NOOP", b"UID-FETCH", b"UNKNOWN", b"X"])
def test_what_else_exists_is_unknown(verb: bytes) -> None:
    assert row_of(verb).name == names.UNKNOWN


def test_plain_commands_are_values() -> None:
    assert Plain(b"a", "NOOP") == Plain(b"a", "NOOP", (), None, ())
