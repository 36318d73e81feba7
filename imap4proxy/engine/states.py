"""states - the states of RFC 3501 section 3, and what moves between them.

    permitted(state, name)            may the command be given here?
    after(state, name, condition)     the state behind its tagged response

Knows neither side, policy nor octets.  The tables are complete by test: every
command of wire/names.py stands in `WHERE`.
"""

from __future__ import annotations

from enum import Enum
from typing import Dict, FrozenSet, Tuple


class State(Enum):
    """RFC 3501 section 3; the value is what logs and the process title show."""

    NOT_AUTHENTICATED = "not-authenticated"
    AUTHENTICATED = "authenticated"
    SELECTED = "selected"
    LOGOUT = "logout"

    __hash__ = object.__hash__  # Enum's own takes ten times as long


_ANY = frozenset({State.NOT_AUTHENTICATED, State.AUTHENTICATED, State.SELECTED})
_BEFORE = frozenset({State.NOT_AUTHENTICATED})
_AFTER = frozenset({State.AUTHENTICATED, State.SELECTED})
_OPEN = frozenset({State.SELECTED})
_CLOSED = frozenset({State.AUTHENTICATED})


def _table(rows: Dict[FrozenSet[State], str]) -> Dict[str, FrozenSet[State]]:
    return {name: states for states, names in rows.items() for name in names.split()}


# Where a command may be given.
WHERE = _table(
    {
        _ANY: "CAPABILITY NOOP LOGOUT ID LANGUAGE UNKNOWN",
        _BEFORE: "STARTTLS AUTHENTICATE LOGIN",
        _AFTER: "SELECT EXAMINE CREATE DELETE RENAME SUBSCRIBE UNSUBSCRIBE LIST LSUB XLIST STATUS "
        "APPEND NAMESPACE IDLE ENABLE SETACL DELETEACL GETACL LISTRIGHTS MYRIGHTS SETQUOTA "
        "GETQUOTA GETQUOTAROOT GETMETADATA SETMETADATA",
        _OPEN: "CHECK CLOSE UNSELECT EXPUNGE SEARCH FETCH STORE COPY MOVE SORT THREAD UID-COPY "
        "UID-FETCH UID-STORE UID-SEARCH UID-EXPUNGE UID-MOVE UID-SORT UID-THREAD",
    }
)

# What moves: the state behind OK, and behind NO.  A failed SELECT leaves no
# mailbox selected (RFC 3501 section 6.3.1).  What is not here stays.
_MOVES: Dict[Tuple[str, bytes], State] = {
    ("LOGIN", b"OK"): State.AUTHENTICATED,
    ("AUTHENTICATE", b"OK"): State.AUTHENTICATED,
    ("SELECT", b"OK"): State.SELECTED,
    ("SELECT", b"NO"): State.AUTHENTICATED,
    ("EXAMINE", b"OK"): State.SELECTED,
    ("EXAMINE", b"NO"): State.AUTHENTICATED,
    ("CLOSE", b"OK"): State.AUTHENTICATED,
    ("UNSELECT", b"OK"): State.AUTHENTICATED,
    ("LOGOUT", b"OK"): State.LOGOUT,
}

SELECTING = frozenset({"SELECT", "EXAMINE"})

# Commands whose outcome decides about the next one: that is read only behind
# their tagged response.  STARTTLS, AUTHENTICATE and IDLE also change what a line is;
# an UNKNOWN command may do either.
BARRIERS = frozenset({name for name, _ in _MOVES}) | {"STARTTLS", "IDLE", "ENABLE", "UNKNOWN"}


def permitted(state: State, name: str) -> bool:
    """May command `name` (a word of imap4-cmd) be given in `state`?"""
    return state in WHERE[name]


def after(state: State, name: str, condition: bytes) -> State:
    """The state behind the tagged response `condition` (OK, NO, BAD) to command `name`."""
    return _MOVES.get((name, condition), state)
