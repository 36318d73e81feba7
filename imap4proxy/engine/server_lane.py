"""server_lane - commands to the server, and what it sends, piece by piece.

Status responses and capabilities go on by way of statuses.py, data by download.py.

A command whose literal the server must ask for is sent in chunks; while one
waits (`waiting`), no other octet goes to the server.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, Dict, Iterable, Optional, Protocol

from kernun_common.errors import PeerError, Side

from .. import messages
from ..texts import Text
from ..wire.command import Command
from ..wire.data import Capability, Continuation, Data
from ..wire.encode import Chunk, LiteralMode, encode_command
from ..wire.response_limits import ResponseLimits
from ..wire.response_reader import ResponseReader
from ..wire.status import Status
from .actions import Result
from .conversation import Conversation, departure
from .download import Download
from .events import Timer
from .inflight import InFlight
from .mail_transfer.fetch_intake import FetchIntake
from .mail_transfer.outcomes import Outcomes
from .statuses import Statuses


class CommandSource(Protocol):
    """The client lane, as far as the server lane has something to tell it."""

    def on_continuation(self) -> None:
        """The server sent a continuation request that no command of this lane waits for."""

    def on_tagged(self, record: InFlight) -> None:
        """The server completed a command."""

    def on_authenticated(self) -> None: ...

    def on_utf8(self) -> None: ...


class ServerLane:
    source: CommandSource

    def __init__(self, conversation: Conversation) -> None:
        self.reader = ResponseReader(ResponseLimits())
        self.open = False  # greeted, capabilities known: commands may be given
        self.on_greeting: Optional[Callable[[Status], None]] = None
        self._conversation = conversation
        self._chunks: Deque[Chunk] = deque()  # of the command whose literal waits
        self._owed: Optional[InFlight] = None  # that command
        self.outcomes = Outcomes(conversation.outbox)
        self.intake = FetchIntake(conversation, self.reader, self.outcomes)
        self._download = Download(
            conversation,
            self.reader,
            self.intake,
            lambda: self.open,
            lambda: self.source.on_utf8(),
        )
        self.statuses = Statuses(conversation, self)
        self._on: Dict[Any, Callable[[Any], None]] = {
            Data: self._download.on_data,
            Status: self.statuses.on_status,
            Capability: self.statuses.on_capability,
            Continuation: self._on_continuation,
        }

    @property
    def buffered(self) -> int:
        return self.reader.buffered

    @property
    def waiting(self) -> bool:
        """Does a command's literal wait for the server's `+`?"""
        return self._owed is not None

    # --- commands ----------------------------------------------------------------------------

    def give(self, command: Command) -> InFlight:
        """Send the client's `command`; its record."""
        conversation = self._conversation
        tag = conversation.inflight.next_tag()
        record = conversation.record(tag, command.tag, command.name, command.mailbox)
        conversation.launch(record)
        self._chunks.extend(encode_command(command, tag, self.literals, conversation.utf8))
        self._send(record)
        return record

    def give_own(self, command: Command, done: Callable[[Status], None]) -> None:
        """Give a command of the proxy's own, as `ask`."""
        conversation = self._conversation
        record = conversation.record(conversation.inflight.next_tag(), None, command.name)
        record.done = done
        conversation.launch(record)
        chunks = encode_command(command, record.tag, self.literals, conversation.utf8)
        self._chunks.extend(chunks)
        self._send(record)

    def give_chunks(self, record: InFlight, chunks: Iterable[Chunk]) -> None:
        """Send a command of the client that has been written already, under `record`'s tag."""
        self._conversation.launch(record)
        self._chunks.extend(chunks)
        self._send(record)

    def ask(self, name: str, octets: bytes, done: Callable[[Status], None]) -> None:
        """Give a command of the proxy's own; `done` gets its tagged response."""
        conversation = self._conversation
        record = conversation.record(conversation.inflight.next_tag(), None, name)
        record.done = done
        conversation.launch(record)
        conversation.outbox.to_server(record.tag + b" " + octets + b"\r\n")

    def ask_capability(self, done: Callable[[], None]) -> None:
        """Learn the capabilities, then go on with `done`."""
        self.ask("CAPABILITY", b"CAPABILITY", lambda status: done())

    @property
    def literals(self) -> LiteralMode:
        """Which literals the server takes without being asked."""
        offer = self._conversation.offer
        if offer.server_has(b"LITERAL+"):
            return LiteralMode.PLUS
        if offer.server_has(b"LITERAL-") or offer.server_has(b"IMAP4REV2"):
            return LiteralMode.MINUS
        return LiteralMode.NONE

    def _send(self, record: InFlight) -> None:
        """Send chunks up to the next literal that the server must ask for."""
        self._owed = None
        while self._chunks:
            chunk = self._chunks.popleft()
            self._conversation.outbox.to_server(chunk.octets)
            if chunk.wait:
                self._owed = record
                return

    # --- responses ---------------------------------------------------------------------------

    def pump(self) -> None:
        """Work on what has come; PeerError if it is not IMAP."""
        conversation, reader = self._conversation, self.reader
        while not conversation.over and not self.outcomes.stops_server and self._download.skip():
            piece = reader.next()
            if piece is None:
                return
            if piece.lenient:
                for leniency in piece.lenient:
                    conversation.log_once(
                        messages.LENIENCY, leniency.value, leniency=leniency.value
                    )
            if self.on_greeting is not None:
                self._greeting(piece)
            else:
                self._on[type(piece)](piece)

    def _greeting(self, piece: Any) -> None:
        on_greeting, self.on_greeting = self.on_greeting, None
        if not isinstance(piece, Status):
            raise PeerError(Side.SERVER, "a greeting that is none")
        assert on_greeting is not None
        on_greeting(piece)

    def _on_continuation(self, piece: Continuation) -> None:
        conversation = self._conversation
        if self._owed is not None:
            self._send(self._owed)
        elif conversation.exchange is not None:
            conversation.exchange.on_continuation(piece.text)
        else:
            self.source.on_continuation()

    # --- what status responses lead to -------------------------------------------------------

    def completed(self, record: InFlight) -> None:
        """What is left of a command that the server has answered is not sent."""
        if record is self._owed:
            self._chunks.clear()
            self._owed = None
        self.source.on_tagged(record)

    def authenticated(self) -> None:
        """From here on the wider bounds hold, and the time for logging in is over."""
        self.reader.authenticated = True
        self.reader.flow = self._download.flow
        self.source.on_authenticated()
        self._conversation.disarm(Timer.LOGIN)

    # --- the end -----------------------------------------------------------------------------

    def on_closed(self, failure: str) -> None:
        """`failure`: as events.Closed."""
        conversation = self._conversation
        if conversation.server_bye:
            conversation.finish(Result.ACCEPTED, "the server said BYE")
        else:
            conversation.bye(Text.SERVER_CLOSED, Result.FAILED, departure("the server", failure))
