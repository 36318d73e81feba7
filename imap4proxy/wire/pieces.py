"""pieces - what the reader finds beside commands: literals announced, and nonsense."""

from __future__ import annotations

from dataclasses import dataclass

from .append import AppendMail
from .names import Needs


@dataclass(frozen=True, slots=True)
class Announced:
    """A literal was announced; the reader stands still until it is accepted, refused or streamed.

    `mail` is set where it is a mail of APPEND.  `needs`: what the server must
    offer for the command as far as it is known.
    """

    tag: bytes
    name: str
    size: int
    synchronizing: bool
    binary: bool = False
    mail: AppendMail | None = None
    mailbox: bytes | None = None
    needs: Needs = ()


@dataclass(frozen=True, slots=True)
class Malformed:
    """No command.  `text` says what was expected; it holds nothing of what came.

    `fatal`: octets that are no command may follow, the session must end.
    """

    tag: bytes | None
    text: str
    fatal: bool = False
