"""server_lane - commands to the server, and what it sends, piece by piece.

Status responses go through as they are, but for the tag (the client's own
instead of the proxy's), capabilities and referrals; data go by download.py.

A command whose literal the server must ask for is sent in chunks; while one
waits (`waiting`), no other octet goes to the server.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Callable, Deque, Dict, Iterable, Optional, Protocol

from kernun_common.errors import PeerError, Side

from .. import messages
from ..texts import Text
from ..wire import correlator
from ..wire.command import Command
from ..wire.data import Capability, Continuation, Data
from ..wire.encode import Chunk, LiteralMode, encode_command
from ..wire.response_limits import ResponseLimits
from ..wire.response_reader import ResponseReader
from ..wire.status import Code, Status, encode, without_code
from .actions import Result
from .authenticate import Authentication
from .capability import Words, words_of
from .conversation import Conversation
from .download import Download
from .events import Timer
from .inflight import InFlight
from .mail_transfer.fetch_intake import FetchIntake
from .mail_transfer.outcomes import Outcomes
from .states import State


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
        self._told_removed = False  # a session has its lists several times: the first is told
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
        self._login: Optional[tuple[InFlight, bytes, Any]] = None
        self._on: Dict[Any, Callable[[Any], None]] = {
            Data: self._download.on_data,
            Status: self._on_status,
            Capability: self._on_capability,
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

    def login(self, record: InFlight, mechanism: bytes, user: bytes) -> None:
        """`record` is a LOGIN: its outcome authenticates `user`."""
        self._login = (record, mechanism, lambda: user)

    def authenticate(self, record: InFlight, authentication: Authentication) -> None:
        """`record` is an AUTHENTICATE, which may show its user."""
        self._login = (record, authentication.mechanism, lambda: authentication.user)

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

    # --- capabilities ------------------------------------------------------------------------

    def _on_capability(self, piece: Capability) -> None:
        conversation = self._conversation
        passed = self._learn(piece.words)
        barrier = conversation.barrier
        own = barrier is not None and barrier.client_tag is None
        if self.open and not own and passed:  # an empty list is no IMAP
            conversation.outbox.to_client(b"* CAPABILITY " + b" ".join(passed) + b"\r\n")

    def _learn(self, words: Words) -> Words:
        """The server's current list; gives what the client may see of it."""
        offer = self._conversation.offer
        passed = offer.learn(words)
        removed = b" ".join(word for word in words if word not in passed)
        if removed and not self._told_removed:
            self._told_removed = True
            self._conversation.log(messages.CAPABILITY_REMOVED, words=removed)
        return passed

    # --- status responses --------------------------------------------------------------------

    def _on_status(self, status: Status) -> None:
        if status.tag is not None:
            self._on_tagged(status, status.tag)
            return
        conversation = self._conversation
        if status.condition == b"PREAUTH":
            raise PeerError(Side.SERVER, "PREAUTH that is no greeting")
        filtered = self.filtered(status)
        if status.condition == b"BYE":
            conversation.server_bye = True
            if not self._logging_out:
                conversation.log(messages.SERVER_BYE, text=status.text)
        if self.open:
            conversation.outbox.to_client(encode(filtered))
        elif conversation.server_bye:
            conversation.bye(Text.SERVER_CLOSED, Result.FAILED, "the server said BYE")

    @property
    def _logging_out(self) -> bool:
        """Has the client asked for the server's BYE?"""
        barrier = self._conversation.barrier
        return barrier is not None and barrier.name == "LOGOUT"

    def _on_tagged(self, status: Status, tag: bytes) -> None:
        conversation = self._conversation
        record = conversation.inflight.pop(tag)
        if record is None:
            raise PeerError(Side.SERVER, "a tagged response to no command")
        if record is self._owed:
            self._chunks.clear()
            self._owed = None
        self.source.on_tagged(record)
        conversation.exchange = None if conversation.barrier is record else conversation.exchange
        conversation.landed(record, status.condition)
        if record.done is not None:
            self.filtered(status)
            record.done(status)
            return
        self.tell_tagged(record, status)
        if self._login is not None and self._login[0] is record:
            self._on_login(status)
        elif conversation.state is State.LOGOUT:
            conversation.finish(Result.ACCEPTED, "logout")

    def tell_tagged(self, record: InFlight, status: Status) -> None:
        """Complete the client's command: by what the server said, or by a refusal in its place."""
        assert record.client_tag is not None
        if record.refusal is not None:
            if record.nil:
                self._conversation.tell(record.nil)
            self._conversation.tell(record.client_tag + record.refusal)
            return
        filtered = self.filtered(status)
        self._conversation.outbox.to_client(encode(filtered, record.client_tag))

    def filtered(self, status: Status) -> Status:
        """`status` as the client may see it; what it says of capabilities is learnt."""
        conversation, code = self._conversation, status.code
        if code is None:
            return status
        words = words_of(code)
        if words is not None:
            passed = b" ".join(self._learn(words))
            if not passed:
                return without_code(status)
            return Status(status.tag, status.condition, Code(code.name, passed), status.text)
        if code.name == b"UIDVALIDITY" and code.argument.isdigit():
            conversation.uidvalidity = int(code.argument)
        if code.name == b"REFERRAL":
            conversation.log_once(messages.REFERRAL_REMOVED)
            return without_code(status)
        code = correlator.in_code(code, conversation.inflight.translate)
        return Status(status.tag, status.condition, code, status.text)

    # --- login -------------------------------------------------------------------------------

    def _on_login(self, status: Status) -> None:
        conversation = self._conversation
        assert self._login is not None
        _, mechanism, shown = self._login
        self._login = None
        user = shown()
        if status.condition != b"OK":
            conversation.log(messages.AUTHENTICATION_FAILED, user=user, mechanism=mechanism)
            return
        conversation.user = user
        conversation.log(messages.USER_AUTHENTICATED, user=user, mechanism=mechanism)
        self.authenticated()
        if words_of(status.code) is None:
            conversation.offer.forget()
            self.ask_capability(lambda: None)

    def authenticated(self) -> None:
        """From here on the wider bounds hold, and the time for logging in is over."""
        self.reader.authenticated = True
        self.reader.flow = self._download.flow
        self.source.on_authenticated()
        self._conversation.disarm(Timer.LOGIN)

    # --- the end -----------------------------------------------------------------------------

    def on_closed(self) -> None:
        conversation = self._conversation
        if conversation.server_bye:
            conversation.finish(Result.ACCEPTED, "the server said BYE")
        else:
            conversation.bye(Text.SERVER_CLOSED, Result.FAILED, "the server closed the connection")
