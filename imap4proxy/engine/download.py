"""download - untagged data of the server, on their way to the client.

    download.on_data(piece)     a piece of a response goes on, or is dropped
    download.skip()             False: octets of what is dropped are still to come

They go through as they are, but for: data that the client must not see before
authentication, of a kind that the proxy does not know, or that answer the
proxy's own commands; the tag and the capabilities that they name; items of a
FETCH that are over max-mail-in (mail_size.py).  Octets of a literal pass by
without being seen (`Relay`).
"""

from __future__ import annotations

from typing import Callable, Dict

from kernun_common.errors import PeerError, Side

from .. import messages
from ..section import MailLimit
from ..wire import correlator
from ..wire.data import Data
from ..wire.fetch_run import ALL, Flow
from ..wire.response_reader import ResponseReader
from .actions import Relay
from .conversation import Conversation
from .mail_size import Items, extent
from .mail_transfer.fetch_intake import FetchIntake
from .refusal import MAIL_TOO_LARGE
from .refused_text import nil
from .states import State

# Data that may reach a client before it is authenticated (RFC 3501, RFC 2971, RFC 5255).
BEFORE_LOGIN = frozenset({"CAPABILITY", "ID", "LANGUAGE"})
# While only these are in flight the server must not send EXPUNGE (RFC 3501 section 7.4.1).
NO_EXPUNGE = frozenset({"FETCH", "STORE", "SEARCH"})
REMOVING = frozenset({"EXPUNGE", "VANISHED"})  # RFC 3501, RFC 7162
FETCHING = frozenset({"FETCH", "UID-FETCH"})
MOST_ENABLED = 1024  # octets of ENABLED, which is looked at whole; three words can stand in it
UTF8_WORDS = frozenset({b"UTF8=ACCEPT", b"IMAP4REV2"})  # RFC 6855, RFC 9051


class Download:
    def __init__(
        self,
        conversation: Conversation,
        reader: ResponseReader,
        intake: FetchIntake,
        is_open: Callable[[], bool],
        on_utf8: Callable[[], None],
    ) -> None:
        """`intake`: where mails are scanned, FETCH responses that do not go on as they are.

        `is_open`: may the client see data at all?  `on_utf8`: UTF-8 has been enabled.
        """
        self._conversation = conversation
        self._reader = reader
        self._intake = intake
        self._is_open = is_open
        self._on_utf8 = on_utf8
        self._items = Items()
        self._drop = 0  # octets of a literal that the client does not get
        self._dropping = False  # ... within a response that it does not get
        self._rewrites: Dict[str, Callable[[Data], bytes]] = {
            "ENABLED": self._enabled,
            "ESEARCH": self._esearch,
        }

    @property
    def flow(self) -> Flow:
        """Literals of mails that go on whatever they hold; those of headers, where it scans."""
        most = ALL if self._limit is None else self._limit.size
        return Flow(most, headers=self._intake.scans)

    def skip(self) -> bool:
        """Throw away what there is of a literal that is dropped: is that all of it?"""
        if self._drop:
            self._drop -= len(self._reader.take(self._drop))
        return not self._drop and self._intake.take()

    def on_data(self, piece: Data) -> None:
        if piece.first:
            self._dropping = self._is_dropped(piece.kind)
        if self._dropping:
            self._drop = piece.literal
        elif piece.kind == "FETCH" and self._intake.takes(piece):
            self._intake.on_data(piece)
        elif piece.literal:
            self._on_literal(piece)
        else:
            self._pass(self._rewritten(piece), piece.last)
            if piece.kind in REMOVING:
                self._on_removal(piece)

    def _pass(self, octets: bytes, last: bool = False) -> None:
        """Send a part of a response; the client is in its midst until the last."""
        if octets:
            self._conversation.outbox.to_client(octets)
            self._conversation.midst = not last

    def _is_dropped(self, kind: str) -> bool:
        conversation, barrier = self._conversation, self._conversation.barrier
        asked = barrier.name if barrier is not None else ""
        if barrier is not None and barrier.client_tag is None and asked == kind:
            return self._intake.job is None  # it answers a command of the proxy's own
        if kind == "UNKNOWN":
            reason = "unknown"
        elif conversation.state is State.NOT_AUTHENTICATED and kind not in BEFORE_LOGIN:
            reason = "before authentication"
        elif not self._is_open():
            reason = "before the session is open"
        elif kind == "ENABLED" and asked != "ENABLE":
            reason = "not asked for"
        else:
            return False
        conversation.log_once(messages.SERVER_DATA_DROPPED, reason, kind=kind, reason=reason)
        return True

    # --- literals ----------------------------------------------------------------------------

    def _on_literal(self, piece: Data) -> None:
        conversation = self._conversation
        if piece.kind == "FETCH" and (self._intake.forbids(piece) or self._is_too_large(piece)):
            self._pass(self._items.without(piece))
            self._drop = piece.literal
            return
        if conversation.over:
            return
        buffered = self._reader.take(piece.literal)
        rest = piece.literal - len(buffered)
        if not conversation.count(Side.SERVER, rest):
            return
        self._pass(self._rewritten(piece) + buffered)
        if rest:
            conversation.outbox.add(Relay(Side.SERVER, rest))
            self._reader.passed(rest)

    def _is_too_large(self, piece: Data) -> bool:
        """Is a mail over max-mail-in?  Then the session ends, or the item is refused.

        A literal that is of no item that can be taken out ends the session, too.
        """
        conversation, limit = self._conversation, self._limit
        if limit is None or extent(piece) <= limit.size:
            return False
        if not (limit.refuse and piece.item):
            conversation.exceeded("max-mail-in")
            return False
        conversation.log(messages.MAIL_REFUSED, item="max-mail-in", size=extent(piece))
        for record in conversation.inflight:
            if record.name in FETCHING:
                record.refusal = MAIL_TOO_LARGE.line(b"", conversation.text(MAIL_TOO_LARGE.text))
                if piece.number is None or record.nil != nil(piece.number, piece.item):
                    record.nil = b""  # it was not the text that was refused
                break
        return True

    @property
    def _limit(self) -> MailLimit | None:
        acl = self._conversation.command_acl
        return acl.max_mail_in if acl is not None else None

    # --- what is rewritten -------------------------------------------------------------------

    def _rewritten(self, piece: Data) -> bytes:
        """The octets of `piece` as the client gets them."""
        if piece.kind == "FETCH":
            whole = piece.flows or piece.first and piece.last
            return piece.octets if whole else self._items.whole(piece)
        rewrite = self._rewrites.get(piece.kind)
        return piece.octets if rewrite is None else rewrite(piece)

    def _esearch(self, piece: Data) -> bytes:
        """The first piece holds the correlator."""
        if not piece.first:
            return piece.octets
        return correlator.in_data(piece.octets, self._conversation.inflight.translate)

    def _enabled(self, piece: Data) -> bytes:
        """`* ENABLED ...` as the client may see it; what it switches on holds from here."""
        if not piece.last or len(piece.octets) > MOST_ENABLED:
            raise PeerError(Side.SERVER, "ENABLED too long")
        conversation = self._conversation
        words = conversation.offer.filter(piece.octets.split()[2:])
        if not UTF8_WORDS.isdisjoint(word.upper() for word in words):
            conversation.enable_utf8()
            self._reader.utf8 = True
            self._on_utf8()
        return b" ".join((b"* ENABLED", *words)) + b"\r\n"

    def _on_removal(self, piece: Data) -> None:
        """Numbers of mails are no longer what they were; did the server have to wait with that?"""
        names = {record.name for record in self._conversation.inflight}
        for record in self._conversation.inflight:
            record.nil = b""
        if piece.kind == "EXPUNGE" and names <= NO_EXPUNGE:
            self._conversation.log_once(messages.SERVER_EXPUNGE)
        if self._intake.job is not None:
            self._intake.job.on_removal()
