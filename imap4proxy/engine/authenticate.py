"""authenticate - AUTHENTICATE: challenges to the client, answers to the server.

Every exchange of RFC 3501 section 6.2.2 is relayed line by line, cancellation
(`*`) included.  An initial response (RFC 4959) goes along where the server
offers SASL-IR, else it is the answer to the server's first, empty challenge.
What the client sends is a `Secret` from the wire on; only its user name is
looked at (sasl.py).  A line that is no answer becomes a cancellation: the server
may have ended the exchange already, and would take it for a command.
"""

from __future__ import annotations

import re

from kernun_common.errors import PeerError, Side
from kernun_common.secret import Secret

from ..wire.abnf import BASE64_CHAR
from . import sasl
from .conversation import Conversation

EMPTY = b"="  # an initial response of no octets; RFC 4959 section 3
CANCEL = b"*"

_BASE64 = re.compile(b"[" + BASE64_CHAR + b"]*={0,2}")


class Authentication:
    """One AUTHENTICATE from the command to its tagged response."""

    def __init__(
        self, conversation: Conversation, mechanism: bytes, initial: Secret | None
    ) -> None:
        """`initial`: the initial response that still has to be sent, None if there is none."""
        self.mechanism = mechanism
        self.user: bytes | None = None
        self._conversation = conversation
        self._initial = initial
        self._answers = 0
        self._line_due = False

    @property
    def line_due(self) -> bool:
        return self._line_due

    def on_continuation(self, text: bytes) -> None:
        if self._line_due:
            raise PeerError(Side.SERVER, "a second continuation request in AUTHENTICATE")
        if self._initial is not None:
            initial, self._initial = self._initial.reveal(), None
            self._answer(b"" if initial == EMPTY else initial)
            return
        self._line_due = True
        self._conversation.tell(b"+ " + text)

    def on_line(self, line: bytes) -> None:
        self._line_due = False
        self._answer(line if _BASE64.fullmatch(line) else CANCEL)

    def note(self, answer: bytes) -> None:
        """Remember the user name if this answer shows it."""
        self.user = sasl.user_name(self.mechanism, self._answers, answer) or self.user
        self._answers += 1

    def _answer(self, line: bytes) -> None:
        self.note(line)
        self._conversation.outbox.to_server(line + b"\r\n")
