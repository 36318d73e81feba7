"""Who says no to a command, and how."""

from typing import FrozenSet

import pytest

from imap4proxy.engine.capability import Offer
from imap4proxy.engine.refusal import (
    MECHANISM_NOT_PERMITTED,
    NO_TLS_NOW,
    NOT_IN_THIS_STATE,
    NOT_PERMITTED,
    TLS_FIRST,
    UNKNOWN_COMMAND,
    Refusal,
    judge,
    judge_name,
)
from imap4proxy.engine.states import State
from imap4proxy.wire.command import Command, Plain, Unknown
from imap4proxy.wire.commands import Authenticate
from imap4proxy.wire.names import COMMANDS, need
from tests.support.rehearsal import transcripts

test_transcript = transcripts("refusal")

ALL = frozenset(COMMANDS)
BEFORE, AFTER = State.NOT_AUTHENTICATED, State.AUTHENTICATED
ROWS = [
    ("NOOP", BEFORE, ALL, None),
    ("NOOP", BEFORE, ALL - {"NOOP"}, NOT_PERMITTED),
    ("SELECT", BEFORE, ALL, NOT_IN_THIS_STATE),
    ("SELECT", BEFORE, ALL - {"SELECT"}, NOT_PERMITTED),  # policy comes first: it tells no state
    ("UNKNOWN", AFTER, ALL - {"UNKNOWN"}, UNKNOWN_COMMAND),
    ("UNKNOWN", AFTER, ALL, None),
    ("STARTTLS", BEFORE, ALL, NO_TLS_NOW),
]


@pytest.mark.parametrize("name, state, commands, refusal", ROWS)
def test_judge_name(
    name: str, state: State, commands: FrozenSet[str], refusal: Refusal | None
) -> None:
    assert judge_name(name, state, commands) is refusal


IDLE = Plain(b"a", "IDLE", (), None, (need(b"IDLE"),))
MOVE = Plain(b"a", "MOVE", (), None, (need(b"MOVE"),))
SETQUOTA = Plain(b"a", "SETQUOTA", (), None, (need(b"QUOTA", b"QUOTASET"),))
BOTH = Plain(b"a", "SELECT", (), None, (need(b"IDLE"), need(b"MOVE")))
XYZZY = Unknown(b"a", b"XYZZY")
COMPRESS = Unknown(b"a", b"COMPRESS", (), (need(b"COMPRESS=DEFLATE"),))
JUDGED = [
    # command, what the server offers, state, commands permitted, refusal
    (IDLE, b"IDLE", AFTER, ALL, None),
    (IDLE, b"MOVE", AFTER, ALL, NOT_PERMITTED),
    (IDLE, b"IDLE", AFTER, ALL - {"IDLE"}, NOT_PERMITTED),
    (IDLE, b"IDLE", BEFORE, ALL, NOT_IN_THIS_STATE),
    (MOVE, b"", AFTER, ALL, NOT_IN_THIS_STATE),  # that is told before what is not offered
    (SETQUOTA, b"QUOTASET", AFTER, ALL, None),
    (SETQUOTA, b"QUOTA", AFTER, ALL, None),
    (SETQUOTA, b"ACL", AFTER, ALL, NOT_PERMITTED),
    (BOTH, b"IDLE", AFTER, ALL, NOT_PERMITTED),
    (BOTH, b"IDLE MOVE", AFTER, ALL, None),
    (XYZZY, b"", AFTER, ALL, None),
    (XYZZY, b"", AFTER, ALL - {"UNKNOWN"}, UNKNOWN_COMMAND),
    (COMPRESS, b"COMPRESS=DEFLATE", AFTER, ALL, NOT_PERMITTED),
    (Authenticate(b"a", b"PLAIN", None), b"AUTH=PLAIN", BEFORE, ALL, None),
    (Authenticate(b"a", b"PLAIN", None), b"AUTH=LOGIN", BEFORE, ALL, MECHANISM_NOT_PERMITTED),
    (Authenticate(b"a", b"GSSAPI", None), b"AUTH=GSSAPI", BEFORE, ALL, MECHANISM_NOT_PERMITTED),
    (Authenticate(b"a", b"PLAIN", None), b"AUTH=PLAIN", AFTER, ALL, NOT_IN_THIS_STATE),
]


@pytest.mark.parametrize("command, words, state, commands, refusal", JUDGED)
def test_judge(
    command: Command,
    words: bytes,
    state: State,
    commands: FrozenSet[str],
    refusal: Refusal | None,
) -> None:
    offer = Offer()
    offer.learn(tuple(words.split()))
    assert judge(command, state, commands, offer) is refusal


def test_line() -> None:
    assert TLS_FIRST.line(b"a1", b"no") == b"a1 NO [PRIVACYREQUIRED] no"
    assert NOT_PERMITTED.line(b"a1", b"no") == b"a1 NO no"
