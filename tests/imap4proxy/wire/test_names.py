"""Words: complete, in one spelling, and what implies what."""

from __future__ import annotations

import pytest

from imap4proxy.wire import names
from imap4proxy.wire.commands import TABLE


def test_commands_are_those_of_the_table() -> None:
    assert len(set(names.COMMANDS)) == len(names.COMMANDS)
    assert {row.name for row in TABLE.values()} == set(names.COMMANDS) - {names.UNKNOWN}


def test_words_are_in_upper_case() -> None:
    for words in (names.KNOWN_CAPABILITIES, names.RESPONSE_CODES, names.UNKNOWN_COMMANDS):
        assert all(word == word.upper() and word.strip() == word for word in words)


@pytest.mark.parametrize(
    "word, expected",
    [
        (b"IMAP4rev1", True), (b"idle", True), (b"AUTH=PLAIN", True), (b"AUTH=X-OWN", True),
        (b"APPENDLIMIT=35651584", True), (b"APPENDLIMIT", True), (b"RIGHTS=kxten", True),
        (b"QUOTA=RES-STORAGE", True), (b"QUOTA", True), (b"THREAD=REFERENCES", True),
        (b"THREAD=REFS", False), (b"COMPRESS=DEFLATE", False), (b"NOTIFY", False), (b"", False),
        (b"XLIST", True), (b"X-GM-EXT-1", True), (b"X-GM-EXT-2", False), (b"INPROGRESS", True),
        (b"UNKNOWN", False), (b"CATENATE", False),
    ],
)
def test_known(word: bytes, expected: bool) -> None:
    assert names.known(word) is expected


@pytest.mark.parametrize(
    "word, some, none",
    [
        (b"IMAP4REV2", b"IDLE MOVE ESEARCH LIST-STATUS STATUS=SIZE", b"BINARY CONDSTORE ID"),
        (b"QRESYNC", b"CONDSTORE", b"IDLE"),
        (b"METADATA", b"METADATA-SERVER", b"METADATA"),
        (b"APPENDLIMIT=1", b"APPENDLIMIT", b""),
        (b"IDLE", b"", b"IDLE MOVE"),
    ],
)
def test_implied(word: bytes, some: bytes, none: bytes) -> None:
    assert set(some.split()) <= names.implied(word)
    assert names.implied(word).isdisjoint(none.split())


def test_every_need_of_a_command_is_a_capability_somebody_can_offer() -> None:
    for row in TABLE.values():
        for need in row.needs:
            assert any(names.known(word) for word in need) or need == names.need(b"LANGUAGE")
