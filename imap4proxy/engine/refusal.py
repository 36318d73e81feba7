"""refusal - the policy's "no" to a command, as a value; and the judge who says it.

    judge(command, state, permitted, offer) -> Refusal or None

Not an exception: saying no is this program's work.  `NO` where the policy says
so, `BAD` where the command is out of place.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import FrozenSet

from ..texts import Text
from ..wire.commands import Authenticate, Command
from .capability import Offer
from .states import State, permitted


@dataclass(frozen=True, slots=True)
class Refusal:
    condition: bytes  # NO or BAD
    text: Text
    code: bytes = b""  # a response code of RFC 5530, without its brackets
    invalid: bool = False  # one of those that end the session when they are too many

    def line(self, tag: bytes, text: bytes) -> bytes:
        """The tagged response, without CRLF; `text` is `self.text` in the client's language."""
        code = b"[" + self.code + b"] " if self.code else b""
        return tag + b" " + self.condition + b" " + code + text


NOT_PERMITTED = Refusal(b"NO", Text.NOT_PERMITTED)
MECHANISM_NOT_PERMITTED = Refusal(b"NO", Text.MECHANISM_NOT_PERMITTED)
NOT_IN_THIS_STATE = Refusal(b"BAD", Text.NOT_IN_THIS_STATE)
UNKNOWN_COMMAND = Refusal(b"BAD", Text.UNKNOWN_COMMAND, invalid=True)
TAG_IN_USE = Refusal(b"BAD", Text.TAG_IN_USE)
NO_TLS_NOW = Refusal(b"BAD", Text.NO_TLS_NOW)
TLS_FIRST = Refusal(b"NO", Text.TLS_FIRST, b"PRIVACYREQUIRED")
MAIL_TOO_LARGE = Refusal(b"NO", Text.MAIL_TOO_LARGE, b"TOOBIG")
BINARY_NOT_PERMITTED = Refusal(b"NO", Text.BINARY_NOT_PERMITTED, b"CANNOT")
NO_ROOM = Refusal(b"NO", Text.NO_ROOM, b"LIMIT")


def judge_name(name: str, state: State, commands: FrozenSet[str]) -> Refusal | None:
    """May a command of this name be given now?  `commands`: what the command-acl permits."""
    if name == "STARTTLS":
        return NO_TLS_NOW
    if name not in commands:
        return UNKNOWN_COMMAND if name == "UNKNOWN" else NOT_PERMITTED
    if not permitted(state, name):
        return NOT_IN_THIS_STATE
    return None


def judge(
    command: Command, state: State, commands: FrozenSet[str], offer: Offer
) -> Refusal | None:
    """May this command be given now?  None is yes."""
    refusal = judge_name(command.name, state, commands)
    if refusal is not None:
        return refusal
    if isinstance(command, Authenticate):
        if not offer.has(b"AUTH=" + command.mechanism):
            return MECHANISM_NOT_PERMITTED
        return None
    if command.needs and not offer.covers(command.needs):
        return NOT_PERMITTED
    return None
