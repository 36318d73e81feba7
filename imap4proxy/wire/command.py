"""command - a complete, valid command of the client; a value that exists is valid.

    command.tag      the client's
    command.name     a word of imap4-cmd: "NOOP", "UID-FETCH", "UNKNOWN"
    command.verb     how it is written: b"UID FETCH"
    command.parts    what follows the verb (parts.py); empty for APPEND (append.py)
    command.mailbox  the mailbox that it names first, for the log
    command.needs    what the server must offer for it; of each set one word

Whose arguments somebody asks for is a class of its own: Login, Authenticate, Id,
Enable, Fetch, Append.  The others are `Plain`.  (A field that takes the place of a
property and has no default is a `field()`, or the property would be its default.)
See also: commands.py, the table.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from . import names
from .names import Needs
from .parts import Parts

VERBS = {name: name.replace("UID-", "UID ").encode() for name in names.COMMANDS}


@dataclass(frozen=True, slots=True)
class Command:
    tag: bytes

    @property
    def name(self) -> str:
        raise NotImplementedError

    @property
    def verb(self) -> bytes:
        return VERBS[self.name]

    @property
    def parts(self) -> Parts:
        return ()

    @property
    def mailbox(self) -> bytes | None:
        return None

    @property
    def needs(self) -> Needs:
        return ()


@dataclass(frozen=True, slots=True)
class Plain(Command):
    """A command of which nothing is asked but to be passed on."""

    name: str = field()
    parts: Parts = ()
    mailbox: bytes | None = None
    needs: Needs = ()


@dataclass(frozen=True, slots=True)
class Unknown(Command):
    """A command that the proxy does not know; its arguments are words, strings and lists."""

    verb: bytes = field()
    parts: Parts = ()
    needs: Needs = ()

    @property
    def name(self) -> str:
        return names.UNKNOWN
