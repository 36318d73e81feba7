"""statuses - status responses of the server, on their way to the client; and capabilities.

    statuses.on_status(status)              a piece of the reader; on_capability likewise
    statuses.login(record, ...)             that command's outcome authenticates a user
    statuses.tell_tagged(record, status)    a command of the client is complete
    statuses.filtered(status)               as the client may see it

They go through as they are, but for the tag (the client's own instead of the proxy's),
capabilities and referrals.  A refusal in place of a tagged response may have NIL in front of it:
refused_text.py.  What they say of capabilities is learnt wherever it stands.
See also: download.py, for data; server_lane.py; capability.py.
"""

from __future__ import annotations

from typing import Callable, Optional, Protocol, Tuple

from kernun_common.errors import PeerError, Side

from .. import messages
from ..texts import Text
from ..wire import correlator
from ..wire.data import Capability
from ..wire.status import Code, Status, encode, without_code
from .actions import Result
from .authenticate import Authentication
from .capability import Words, words_of
from .conversation import Conversation
from .inflight import InFlight
from .states import State


class Lane(Protocol):
    """The server lane, as far as status responses lead to something there."""

    open: bool

    def completed(self, record: InFlight) -> None:
        """The server completed a command."""

    def authenticated(self) -> None: ...

    def ask_capability(self, done: Callable[[], None]) -> None: ...


class Statuses:
    def __init__(self, conversation: Conversation, lane: Lane) -> None:
        self._conversation = conversation
        self._lane = lane
        self._told_removed = False  # a session has its lists several times: the first is told
        self._login: Optional[Tuple[InFlight, bytes, Callable[[], Optional[bytes]]]] = None

    # --- capabilities ------------------------------------------------------------------------

    def on_capability(self, piece: Capability) -> None:
        conversation = self._conversation
        passed = self._learn(piece.words)
        barrier = conversation.barrier
        own = barrier is not None and barrier.client_tag is None
        if self._lane.open and not own and passed:  # an empty list is no IMAP
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

    def on_status(self, status: Status) -> None:
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
        if self._lane.open:
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
        self._lane.completed(record)
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

    def login(self, record: InFlight, mechanism: bytes, user: bytes) -> None:
        """`record` is a LOGIN: its outcome authenticates `user`."""
        self._login = (record, mechanism, lambda: user)

    def authenticate(self, record: InFlight, authentication: Authentication) -> None:
        """`record` is an AUTHENTICATE, which may show its user."""
        self._login = (record, authentication.mechanism, lambda: authentication.user)

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
        self._lane.authenticated()
        if words_of(status.code) is None:
            conversation.offer.forget()
            self._lane.ask_capability(lambda: None)
