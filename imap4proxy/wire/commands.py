"""commands - the table of commands: what follows each verb, and what it needs.

    row = row_of(b"UID FETCH")
    row.parse(scan, tag)    the Command, read to its end; Invalid, Pending (scanner.py)

A row whose arguments somebody asks for has a function of its own, the others list
their productions.  APPEND is read in pieces (append.py, command_reader.py).
Who may give a command, and when, is not known here: engine/states.py.
"""

from __future__ import annotations

from typing import Callable, Dict, NamedTuple

from . import fetch, idfields, listing, login, metadata, names, search, unknown
from .append import Append, AppendMail, head
from .command import VERBS, Command, Plain, Unknown
from .enable import Enable, enable
from .fetch import Fetch
from .idfields import Id
from .login import Authenticate, Login
from .mailboxes import create_parameters, select_parameters
from .names import Needs, need
from .parts import joined
from .pieces import Announced, Malformed
from .productions import Arguments, Maybe, astring, astrings, mailbox, sequence_set, steps
from .rights import resource_limits, rights
from .scanner import Invalid, Scanner
from .store import store

__all__ = [
    "TABLE", "Announced", "Append", "AppendMail", "Authenticate", "Command", "Enable", "Fetch",
    "Id", "Login", "Malformed", "Plain", "Row", "Unknown", "row_of",
]

Parse = Callable[[Scanner, bytes], Command]


class Row(NamedTuple):
    """`bare`: the verb is all of it."""

    name: str
    parse: Parse
    needs: Needs = ()
    bare: bool = False


def _append(scan: Scanner, tag: bytes) -> Command:
    """An APPEND without a literal at its end."""
    head(scan)
    raise Invalid("end of the command expected")


def _plain_parse(name: str, arguments: Arguments, needs: Needs) -> Parse:
    run = steps(arguments)

    def parse(scan: Scanner, tag: bytes) -> Command:
        for step in run:
            step(scan)
        scan.end()
        return Plain(tag, name, joined(scan.parts), scan.named, (*needs, *scan.needs))

    return parse


# Names, their arguments, and a requirement: one of these words is offered.
_PLAIN: tuple[tuple[str, Arguments, Needs], ...] = (
    ("CAPABILITY NOOP LOGOUT STARTTLS CHECK CLOSE EXPUNGE", (), ()),
    ("IDLE", (), (need(b"IDLE"),)),
    ("NAMESPACE", (), (need(b"NAMESPACE"),)),
    ("UNSELECT", (), (need(b"UNSELECT"),)),
    ("SELECT EXAMINE", (mailbox, Maybe(select_parameters)), ()),
    ("CREATE", (mailbox, Maybe(create_parameters)), ()),
    ("DELETE SUBSCRIBE UNSUBSCRIBE", (mailbox,), ()),
    ("RENAME", (mailbox, mailbox), ()),
    ("LIST", (listing.extended,), ()),
    ("LSUB", (listing.reference, listing.pattern), ()),
    ("XLIST", (listing.reference, listing.pattern), (need(b"XLIST"),)),
    ("STATUS", (mailbox, listing.status_items), ()),
    ("SEARCH UID-SEARCH", (search.search,), ()),
    ("SORT UID-SORT", (search.sort,), (need(b"SORT"),)),
    ("THREAD UID-THREAD", (search.thread,), ()),
    ("STORE UID-STORE", (store,), ()),
    ("COPY UID-COPY", (sequence_set, mailbox), ()),
    ("MOVE UID-MOVE", (sequence_set, mailbox), (need(b"MOVE"),)),
    ("UID-EXPUNGE", (sequence_set,), (need(b"UIDPLUS"),)),
    ("SETACL", (mailbox, astring, rights), (need(b"ACL"),)),
    ("DELETEACL LISTRIGHTS", (mailbox, astring), (need(b"ACL"),)),
    ("GETACL MYRIGHTS", (mailbox,), (need(b"ACL"),)),
    ("GETQUOTA", (astring,), (need(b"QUOTA"),)),
    ("GETQUOTAROOT", (mailbox,), (need(b"QUOTA"),)),
    ("SETQUOTA", (astring, resource_limits), (need(b"QUOTA", b"QUOTASET"),)),
    ("GETMETADATA", (metadata.get_metadata,), ()),
    ("SETMETADATA", (metadata.set_metadata,), ()),
    ("LANGUAGE", (Maybe(astrings),), (need(b"LANGUAGE"),)),
)

_ROWS = (
    *(
        Row(name, _plain_parse(name, arguments, needs), needs, not arguments)
        for words, arguments, needs in _PLAIN
        for name in words.split()
    ),
    Row("LOGIN", login.login),
    Row("AUTHENTICATE", login.authenticate),
    Row("ID", idfields.identify, (need(b"ID"),)),
    Row("ENABLE", enable, (need(b"ENABLE"),)),
    Row("FETCH", fetch.fetch),
    Row("UID-FETCH", fetch.uid_fetch),
    Row("APPEND", _append),
)

TABLE: Dict[bytes, Row] = {VERBS[row.name]: row for row in _ROWS}


def row_of(verb: bytes) -> Row:
    """The row of `verb` (upper case, one SP behind UID); for any other the one of UNKNOWN."""
    return TABLE.get(verb) or _unknown(verb)


def _unknown(verb: bytes) -> Row:
    capability = names.UNKNOWN_COMMANDS.get(verb)
    needs = () if capability is None else (need(capability),)

    def parse(scan: Scanner, tag: bytes) -> Command:
        if verb == b"UID":
            raise Invalid("command behind UID expected")
        unknown.arguments(scan)
        scan.end()
        return Unknown(tag, verb, tuple(scan.parts), needs)

    return Row(names.UNKNOWN, parse, needs)
