"""literals - what becomes of a literal that the client announces.

A literal within a command (a user name, a mailbox) is collected by the reader.
A mail (APPEND, MULTIAPPEND) is not: where mails are scanned it goes to the mail pool
(mail_transfer/upload.py), else its octets go straight on, in the client's own form -

    client {n}    the server is asked, and its `+` (or NO) is the client's answer
    client {n+}   {n+} where the server offers it, else {n} and a wait for `+`

- so a server's early NO reaches the client before the mail has been sent; further
mails of a command that has got its answer are refused, and it is ended there.  A
refused mail was either never sent ({n}) or is consumed by the reader ({n+}).
RFC 3501 section 4.3, RFC 7888, RFC 3502.
"""

from __future__ import annotations

from typing import Optional

from kernun_common.errors import PeerError, Side

from .. import messages
from ..section import MailLimit
from ..texts import Text
from ..wire.append import AppendMail, encode_end, encode_mail, encode_prefix
from ..wire.command_reader import CommandReader
from ..wire.commands import Announced, Append
from .actions import Relay, Result
from .conversation import Conversation
from .inflight import InFlight
from .mail_transfer.upload import Upload
from .mail_transfer.workshop import Workshop
from .refusal import MAIL_TOO_LARGE, NOT_PERMITTED, TAG_IN_USE, Refusal, judge_name

MINUS_BOUND = 4096  # octets that LITERAL- permits without waiting; RFC 7888 section 5


class Literals:
    def __init__(
        self, conversation: Conversation, reader: CommandReader, workshop: Workshop
    ) -> None:
        self.upload = Upload(conversation, reader, workshop, self.drop)
        self._conversation = conversation
        self._reader = reader
        self._record: Optional[InFlight] = None  # the APPEND whose mails are on their way
        self._mail: Optional[AppendMail] = None  # the last of them that the server was told of
        self._answered = False  # has the server completed it, before its end?
        self._waiting: Optional[Announced] = None  # the mail that waits for the server's `+`
        self.streaming = False  # a mail's octets pass by; until the next that the reader is fed

    @property
    def waiting(self) -> bool:
        """Is the server asked whether it takes a mail?"""
        return self._waiting is not None

    @property
    def open(self) -> bool:
        """Does the server hold a part of an APPEND whose rest is still to come?"""
        return self._record is not None or self.upload.open

    def on_announced(self, piece: Announced) -> None:
        if piece.mail is not None:
            self._on_mail(piece)
            return
        self._reader.accept()
        if piece.synchronizing:
            self._conversation.tell(b"+ " + self._conversation.text(Text.GO_ON))

    def on_continuation(self) -> None:
        """The server takes the mail that waits."""
        piece, self._waiting = self._waiting, None
        if piece is None:
            raise PeerError(Side.SERVER, "a continuation request that is not due")
        if piece.synchronizing:
            self._conversation.tell(b"+ " + self._conversation.text(Text.GO_ON))
        self._stream(piece)

    def on_tagged(self, record: InFlight) -> None:
        """The server completed `record`; if its mail still waits, the server has refused it."""
        if record is not self._record:
            return
        self._answered = True
        if self._waiting is not None:
            self._waiting = self._record = None
            self.drop()

    def on_end(self, command: Append) -> None:
        """The client's APPEND is complete."""
        if self.upload.open:
            self.upload.on_end(command)
        else:
            self._end()

    def _end(self) -> None:
        """End the command at the server, behind the mail that it got last."""
        assert self._mail is not None
        self._record = None
        self._conversation.outbox.to_server(encode_end(self._mail))

    def _on_mail(self, piece: Announced) -> None:
        if self._record is not None and self._answered:
            self._end()
            self.drop()
            return
        refusal = self._refusal(piece)
        if self._conversation.over:
            return
        if self.upload.scans:
            if refusal is None:
                self.upload.on_mail(piece)
            else:
                self.upload.refuse(piece, refusal)
        elif refusal is None:
            self._send_head(piece)
        elif self._record is None:
            self._conversation.refuse(piece.tag, piece.name, refusal)
            self.drop()
        else:  # the server already holds a mail of this MULTIAPPEND: only its end stops that
            self._conversation.refuse(piece.tag, piece.name, refusal)
            self._conversation.bye(
                Text.LIMIT_EXCEEDED, Result.REJECTED, "a mail of a MULTIAPPEND is refused"
            )

    def drop(self) -> None:
        """The announced literal is not taken: it never comes, or is consumed."""
        if not self._reader.refuse():
            raise PeerError(Side.CLIENT, "a refused literal is too long to be consumed")

    def _refusal(self, piece: Announced) -> Refusal | None:
        conversation = self._conversation
        acl = conversation.command_acl
        assert acl is not None
        if not self.open:
            if conversation.inflight.uses(piece.tag):
                return TAG_IN_USE
            refusal = judge_name(piece.name, conversation.state, acl.permitted_commands)
            if refusal is not None:
                return refusal
        if piece.needs and not conversation.offer.covers(piece.needs):
            return NOT_PERMITTED
        return self._size_refusal(piece.size, acl.max_mail_out)

    def _size_refusal(self, size: int, limit: MailLimit | None) -> Refusal | None:
        if limit is None or size <= limit.size:
            return None
        if limit.refuse:
            self._conversation.log(messages.MAIL_REFUSED, item="max-mail-out", size=size)
        else:
            self._conversation.exceeded("max-mail-out")
        return MAIL_TOO_LARGE

    def _send_head(self, piece: Announced) -> None:
        conversation, mail = self._conversation, piece.mail
        assert mail is not None
        if self._record is None:
            tag = conversation.inflight.next_tag()
            self._record = conversation.record(tag, piece.tag, piece.name, piece.mailbox)
            self._answered = False
            conversation.launch(self._record)
            assert piece.mailbox is not None
            conversation.outbox.to_server(encode_prefix(tag, piece.mailbox, conversation.utf8))
        at_once = not piece.synchronizing and self._takes_at_once(piece.size)
        conversation.outbox.to_server(encode_mail(mail, synchronizing=not at_once))
        self._mail = mail
        if at_once:
            self._stream(piece)
        else:
            self._waiting = piece

    def _takes_at_once(self, size: int) -> bool:
        offer = self._conversation.offer
        return offer.server_has(b"LITERAL+") or (
            size <= MINUS_BOUND
            and (offer.server_has(b"LITERAL-") or offer.server_has(b"IMAP4REV2"))
        )

    def _stream(self, piece: Announced) -> None:
        conversation, reader = self._conversation, self._reader
        reader.stream()
        buffered = reader.take(piece.size)
        rest = piece.size - len(buffered)
        if conversation.count(Side.CLIENT, rest):
            conversation.outbox.to_server(buffered)
            if rest:
                conversation.outbox.add(Relay(Side.CLIENT, rest))
                reader.passed(rest)
                self.streaming = True
