"""upload - one APPEND whose mails are scanned: taken by the proxy, examined, then sent on.

    upload.on_mail(piece)       a mail is announced, and nothing speaks against it yet
    upload.on_end(command)      the command is complete: examine its mails
    upload.abandon()            the command is dropped
    upload.open                 mails of a command have come whose end has not

The client's literal is answered here; the server hears of the command only when all of
its mails may pass, so nothing is ever half-sent, and of a MULTIAPPEND with a mail that
is denied none is stored.  The server is heard meanwhile: what it says of other things goes on,
and its end is noticed at once.  Flags, date and the server's answer go through unchanged.
A mail for which the pool has no room is turned away before its octets are accepted.
Spec 2.4; RFC 3501 section 6.3.11, RFC 3502, RFC 7888.
"""

from __future__ import annotations

from typing import Callable, List, Optional

from kernun_common.errors import Side

from ... import messages
from ...section.transfer import Direction
from ...texts import Text
from ...wire.append import AppendMail, encode_end, encode_mail, encode_prefix
from ...wire.command_reader import CommandReader
from ...wire.commands import Announced, Append
from ...wire.encode import Chunk, at_once
from ..actions import Reserve, Store
from ..conversation import Conversation
from ..events import PooledMail, Reserved, Stored
from ..inflight import InFlight
from ..refusal import BINARY_NOT_PERMITTED, NO_ROOM, Refusal
from .verdict import Verdict
from .workshop import Workshop


class Upload:
    def __init__(
        self,
        conversation: Conversation,
        reader: CommandReader,
        workshop: Workshop,
        drop: Callable[[], None],
    ) -> None:
        """`drop`: the literal that is announced is not taken."""
        self.working = False  # all of it has come, and the client waits for the answer
        self.storing = False  # a mail is on its way into the pool
        self._conversation = conversation
        self._reader = reader
        self._workshop = workshop
        self._drop = drop
        self._record: Optional[InFlight] = None
        self._heads: List[AppendMail] = []
        self._mails: List[PooledMail] = []
        self._full = False  # a mail could not be stored after all
        self._ready: List[PooledMail] = []  # what passes, of those that have been examined

    @property
    def open(self) -> bool:
        return self._record is not None

    @property
    def scans(self) -> bool:
        acl = self._conversation.command_acl
        return acl is not None and acl.scans(Direction.UPLOAD)

    # --- taking ------------------------------------------------------------------------------

    def on_mail(self, piece: Announced) -> None:
        conversation = self._conversation
        if self._record is None:
            self._record = conversation.record(b"", piece.tag, piece.name, piece.mailbox)
            self._workshop.outcomes.uploading = True
        if piece.binary:
            self.refuse(piece, BINARY_NOT_PERMITTED)
        elif self._full:
            self.refuse(piece, NO_ROOM)
        else:
            room = Reserve(piece.size)
            self._workshop.outcomes.perform(room, lambda event: self._on_reserved(piece, event))

    def refuse(self, piece: Announced, refusal: Refusal) -> None:
        """The command is not carried out; nothing of it has reached the server."""
        self._conversation.refuse(piece.tag, piece.name, refusal)
        self.abandon()
        self._drop()

    def abandon(self) -> None:
        for mail in (*self._mails, *self._ready):
            mail.release()
        self._record, self._full, self.working = None, False, False
        self._workshop.outcomes.uploading = False
        self._heads, self._mails, self._ready = [], [], []

    def _on_reserved(self, piece: Announced, event: Reserved) -> None:
        conversation, reader = self._conversation, self._reader
        if event.reason:
            conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
            self.refuse(piece, NO_ROOM)
            return
        if piece.synchronizing:
            conversation.tell(b"+ " + conversation.text(Text.GO_ON))
        assert piece.mail is not None
        self._heads.append(piece.mail)
        reader.stream()
        octets = reader.take(piece.size)
        rest = piece.size - len(octets)
        if conversation.count(Side.CLIENT, rest):
            if rest:
                reader.passed(rest)
            self.storing = True
            self._workshop.outcomes.perform(Store(Side.CLIENT, octets, rest), self._on_stored)

    def _on_stored(self, event: Stored) -> None:
        self.storing = False
        if event.mail is not None:
            self._mails.append(event.mail)
            return
        self._conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
        self._full = True

    # --- examining ---------------------------------------------------------------------------

    def on_end(self, command: Append) -> None:
        conversation, record = self._conversation, self._record
        assert record is not None
        conversation.activity = command.name
        self.working = True
        if self._full:
            self._complete(self._no_room())
            return
        self._workshop.progress.begin(command.tag, len(self._mails))
        self._examine_next(command)

    def _examine_next(self, command: Append) -> None:
        if not self._mails:
            self._workshop.progress.end()
            self._send(command)
            return
        mail = self._mails.pop(0)
        date = (self._heads[len(self._ready)].date or b"").strip(b'" ').decode("ascii")

        def judged(verdict: Verdict | None) -> None:
            self._workshop.progress.done += 1
            if verdict is None:
                self._workshop.progress.end()
                self._complete(self._no_room())
                return
            self._ready.append(verdict.mail)
            if verdict.denied:
                self._workshop.progress.end()
                self._complete(self._workshop.denial(verdict))
            else:
                self._examine_next(command)

        self._workshop.examine(mail, Direction.UPLOAD, date, judged)

    def _no_room(self) -> bytes:
        return NO_ROOM.line(b"", self._conversation.text(NO_ROOM.text))

    def _complete(self, answer: bytes) -> None:
        """Answer in the server's stead; `answer` behind the tag."""
        record = self._record
        assert record is not None and record.client_tag is not None
        self._conversation.tell(record.client_tag + answer)
        self._conversation.commands += 1
        self._conversation.log_request(record, "NO")
        self._conversation.activity = self._conversation.state.value
        self.abandon()

    # --- sending -----------------------------------------------------------------------------

    def _send(self, command: Append) -> None:
        conversation, record = self._conversation, self._record
        assert record is not None
        record.tag = conversation.inflight.next_tag()
        mode = self._workshop.server.literals
        octets = encode_prefix(record.tag, command.mailbox, conversation.utf8)
        chunks: List[Chunk] = []
        for head, mail in zip(self._heads, self._ready):
            wait = not at_once(mode, len(mail))
            octets += encode_mail(head, synchronizing=wait, size=len(mail))
            chunks += [Chunk(octets, wait), Chunk(mail.view())]
            octets = b""
        chunks.append(Chunk(encode_end(self._heads[-1])))
        self._workshop.server.give_chunks(record, chunks)
        self.abandon()
