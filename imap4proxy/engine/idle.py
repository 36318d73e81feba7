"""idle - IDLE (RFC 2177): `+` from the server, untagged data, DONE from the client.

A line that is not DONE ends IDLE at the server all the same, and its tagged
response becomes a BAD: what the client sent was meant as something else.
"""

from __future__ import annotations

from kernun_common.errors import PeerError, Side

from ..texts import Text
from .conversation import Conversation
from .inflight import InFlight


class Idle:
    """One IDLE from its continuation request to its tagged response."""

    def __init__(self, conversation: Conversation, record: InFlight) -> None:
        self._conversation = conversation
        self._record = record
        self._idling = False
        self._done = False

    @property
    def line_due(self) -> bool:
        return self._idling and not self._done

    def on_continuation(self, text: bytes) -> None:
        if self._idling:
            raise PeerError(Side.SERVER, "a second continuation request in IDLE")
        self._idling = True
        self._conversation.tell(b"+ " + text)

    def on_line(self, line: bytes) -> None:
        self._done = True
        self._conversation.outbox.to_server(b"DONE\r\n")
        if line.upper() != b"DONE":
            text = self._conversation.text(Text.EXPECTED_DONE)
            self._record.refusal = b" BAD " + text
