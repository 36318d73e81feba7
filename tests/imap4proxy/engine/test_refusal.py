"""Who says no to a command, and how."""

import pytest

from imap4proxy.engine.refusal import (
    NO_TLS_NOW,
    NOT_IN_THIS_STATE,
    NOT_PERMITTED,
    TLS_FIRST,
    UNKNOWN_COMMAND,
    judge_name,
)
from imap4proxy.engine.states import State
from imap4proxy.wire.names import COMMANDS
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
def test_judge_name(name, state, commands, refusal):
    assert judge_name(name, state, commands) is refusal


def test_line():
    assert TLS_FIRST.line(b"a1", b"no") == b"a1 NO [PRIVACYREQUIRED] no"
    assert NOT_PERMITTED.line(b"a1", b"no") == b"a1 NO no"
