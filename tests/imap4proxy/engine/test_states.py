"""The state tables are complete: every command has its place, every move a command."""

import pytest

from imap4proxy.engine.states import BARRIERS, WHERE, State, after, permitted
from imap4proxy.wire.names import COMMANDS

LIVE = (State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED)


def test_every_command_has_its_states():
    assert set(WHERE) == set(COMMANDS)


def test_barriers_are_commands():
    assert BARRIERS <= set(COMMANDS)


ROWS = [
    # command, not authenticated, authenticated, selected
    ("NOOP", True, True, True),
    ("LOGIN", True, False, False),
    ("STARTTLS", True, False, False),
    ("SELECT", False, True, True),
    ("APPEND", False, True, True),
    ("FETCH", False, False, True),
    ("UID-FETCH", False, False, True),
    ("CLOSE", False, False, True),
    ("IDLE", False, True, True),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_where_a_command_may_be_given(row):
    name, *where = row
    assert [permitted(state, name) for state in LIVE] == where


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_nothing_is_permitted_behind_logout(name):
    assert not permitted(State.LOGOUT, name)


MOVES = [
    (State.NOT_AUTHENTICATED, "LOGIN", b"OK", State.AUTHENTICATED),
    (State.NOT_AUTHENTICATED, "LOGIN", b"NO", State.NOT_AUTHENTICATED),
    (State.AUTHENTICATED, "SELECT", b"OK", State.SELECTED),
    (State.SELECTED, "SELECT", b"NO", State.AUTHENTICATED),
    (State.SELECTED, "SELECT", b"BAD", State.SELECTED),
    (State.SELECTED, "CLOSE", b"OK", State.AUTHENTICATED),
    (State.SELECTED, "CLOSE", b"NO", State.SELECTED),
    (State.SELECTED, "FETCH", b"OK", State.SELECTED),
]


@pytest.mark.parametrize("state, name, condition, then", MOVES)
def test_moves(state, name, condition, then):
    assert after(state, name, condition) is then
