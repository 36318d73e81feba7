"""client_lane - what the client sends, piece by piece, up to the server lane.

The lane stands still (`held`) while the next command cannot be judged: the
server is being opened, a command is in flight whose outcome decides about the
next one, a literal waits for the server's `+`.  What has come stays in the
reader, and the session reads little more: enough to see that the client is gone.
"""

from __future__ import annotations

from typing import Any, Callable, Dict, Optional, Union

from kernun_common.errors import PeerError, Side

from ..texts import Text
from ..wire.command_reader import CommandReader
from ..wire.commands import (
    Announced,
    Append,
    Authenticate,
    Command,
    Enable,
    Fetch,
    Id,
    Login,
    Malformed,
)
from ..wire.idfields import clean
from ..wire.limits import Limits
from .actions import Result
from .authenticate import EMPTY, Authentication
from .conversation import Conversation, departure
from .idle import Idle
from .inflight import MOST, InFlight
from .literals import Literals
from .mail_transfer.fetch_job import FetchJob
from .mail_transfer.workshop import Workshop
from .refusal import TAG_IN_USE, judge
from .refused_text import nil_for
from .server_lane import ServerLane
from .starttls import ClientDialogue

AHEAD = 4096  # octets that are read while the lane is held


class ClientLane:
    def __init__(
        self, conversation: Conversation, server: ServerLane, workshop: Workshop
    ) -> None:
        self.reader = CommandReader(Limits())
        self.literals = Literals(conversation, self.reader, workshop)
        self.dialogue: Optional[ClientDialogue] = None  # while the proxy answers by itself
        self.number = 0  # of the command that comes next, or line of an exchange
        self._conversation = conversation
        self._server = server
        self._workshop = workshop
        server.source = self
        self._begin: Callable[[], None] = lambda: None
        self._pending: Optional[Union[Command, Announced]] = None  # waits for the server
        self._quiet = False  # ... until it has answered all that it was given
        self._failure = ""  # what broke the connection
        self._on: Dict[Any, Callable[[Any], None]] = {
            Announced: self._on_announced,
            Malformed: self._on_malformed,
        }
        self._give: Dict[type, Callable[[Any], None]] = {
            Append: self.literals.on_end,
            Authenticate: self._give_authenticate,
            Enable: self._give_enable,
            Fetch: self._give_fetch,
            Id: self._give_id,
        }

    def talk(self, dialogue: ClientDialogue, begin: Callable[[], None]) -> None:
        """Let `dialogue` answer; `begin` opens the server when it does not."""
        self.dialogue, self._begin = dialogue, begin
        dialogue.greet()

    @property
    def held(self) -> bool:
        conversation = self._conversation
        if conversation.exchange is not None:
            return not conversation.exchange.line_due
        return (
            not (self._server.open or self.dialogue)
            or conversation.barrier is not None
            or self._server.waiting
            or self._server.outcomes.busy
            or self._quiet and len(conversation.inflight) > 0
            or self.literals.waiting
            or conversation.crowded
            or len(conversation.inflight) >= MOST
        )

    @property
    def midway(self) -> bool:
        """Must the client go on: is it inside a line or a literal that is being read?"""
        return self.reader.midway and (not self.held or self.literals.upload.storing)

    @property
    def hears(self) -> bool:
        """Should more octets be read?"""
        return self.reader.buffered < AHEAD or not self.held

    def pump(self) -> None:
        """Work on what has come, as far as that is possible now."""
        conversation = self._conversation
        while (self.reader.buffered or self._pending) and not conversation.over and not self.held:
            if conversation.exchange is not None:
                line = self.reader.next_line()
                if line is None:
                    return
                self.number += 1
                conversation.exchange.on_line(line.reveal())
                continue
            if self._pending is not None:
                piece: Any = self._pending
                self._pending = None
            else:
                piece = self.reader.next()
            if piece is None:
                return
            self._on.get(type(piece), self._on_command)(piece)
            if type(piece) is not Announced:
                self.number += 1
                conversation.consumed = conversation.octets_out - self.reader.buffered

    # --- what the server lane tells ----------------------------------------------------------

    def on_continuation(self) -> None:
        self.literals.on_continuation()

    def on_tagged(self, record: InFlight) -> None:
        self.literals.on_tagged(record)

    def on_authenticated(self) -> None:
        self.reader.authenticated = True

    def on_utf8(self) -> None:
        self.reader.utf8 = True

    # --- pieces ------------------------------------------------------------------------------

    def _on_malformed(self, piece: Malformed) -> None:
        self._conversation.invalid(piece.tag, piece.text)
        if piece.fatal or self.literals.open:
            raise PeerError(Side.CLIENT, piece.text)

    def _on_announced(self, piece: Announced) -> None:
        dialogue = self.dialogue
        if dialogue is None or piece.mail is None and dialogue.hears(piece.name):
            self.literals.on_announced(piece)
        elif self._answered(dialogue, piece):
            self.literals.drop()

    def _answered(self, dialogue: ClientDialogue, piece: Union[Command, Announced]) -> bool:
        """Has `dialogue` answered it?  If not, it waits, and the server is opened for it."""
        if dialogue.answers(piece):
            return True
        self.dialogue, self._pending = None, piece
        self._begin()
        return False

    def _on_command(self, command: Command) -> None:
        if self.dialogue is not None:
            self._answered(self.dialogue, command)
            return
        give = self._give.get(type(command), self._give_any)
        if not isinstance(command, Append):  # which was judged when its first mail was announced
            conversation = self._conversation
            if conversation.inflight.uses(command.tag):
                conversation.refuse(command.tag, command.name, TAG_IN_USE)
                return
            acl = conversation.command_acl
            assert acl is not None
            refusal = judge(
                command, conversation.state, acl.permitted_commands, conversation.offer
            )
            if refusal is not None:
                conversation.refuse(command.tag, command.name, refusal)
                return
        give(command)

    def _give_any(self, command: Command) -> None:
        record = self._server.give(command)
        if command.name == "IDLE":
            self._conversation.exchange = Idle(self._conversation, record)
        elif isinstance(command, Login):
            self._server.statuses.login(record, b"LOGIN", command.userid)

    def _give_enable(self, command: Enable) -> None:
        """Only what is offered is switched on; the rest is ignored, as RFC 5161 has it."""
        conversation = self._conversation
        offered = tuple(word for word in command.capabilities if conversation.offer.has(word))
        if offered:
            self._server.give(Enable(command.tag, offered))
        else:
            conversation.tell(b"* ENABLED")
            conversation.tell(
                command.tag + b" OK " + conversation.text(Text.COMPLETED, command.name)
            )

    def _give_fetch(self, command: Fetch) -> None:
        """Where mails are scanned it may have to be answered here, and then alone."""
        plan = self._workshop.plan(command)
        if plan is None:
            self._server.give(command).nil = nil_for(command)
        elif self._conversation.inflight:
            self._pending, self._quiet = command, True
        else:
            self._quiet = False
            FetchJob(self._workshop, command, plan).start()

    def _give_id(self, command: Id) -> None:
        self._server.give(clean(command))

    def _give_authenticate(self, command: Authenticate) -> None:
        conversation = self._conversation
        initial = command.initial
        if initial is not None and conversation.offer.server_has(b"SASL-IR"):
            authentication = Authentication(conversation, command.mechanism, None)
            answer = initial.reveal()
            authentication.note(b"" if answer == EMPTY else answer)
        else:
            authentication = Authentication(conversation, command.mechanism, initial)
            command = Authenticate(command.tag, command.mechanism, None)
        record = self._server.give(command)
        conversation.exchange = authentication
        self._server.statuses.authenticate(record, authentication)

    # --- the end -----------------------------------------------------------------------------

    def on_closed(self, deaf: bool, failure: str) -> None:
        """The client will send no more; what it sent is still answered, unless it is `deaf`.

        What broke the connection, if anything did, counts whenever it shows.
        """
        self._conversation.client_gone = True
        self._failure = self._failure or failure
        if deaf:
            self._finish()

    def end_if_gone(self) -> None:
        """End the session of a client who sends no more, once it is owed no answer."""
        conversation = self._conversation
        if conversation.exchange is not None:
            owed = not conversation.exchange.line_due
        else:
            waits = self.held and (self.reader.buffered > 0 or self._pending is not None)
            works = self._workshop.working or self.literals.upload.working
            owed = works or not self.literals.open and (conversation.inflight.owed or waits)
        if not owed:
            self._finish()

    def _finish(self) -> None:
        """A client may go as it likes: mail programs and checks of balancers reset every day."""
        self._conversation.finish(Result.ACCEPTED, departure("the client", self._failure))
