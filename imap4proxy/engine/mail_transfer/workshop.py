"""workshop - what the jobs of one session share where mails are scanned.

    workshop.plan(command)                  of a FETCH; None: the server answers it as it is
    workshop.examine(mail, direction, date, judged)

See also: fetch_job.py, upload.py, examination.py.
"""

from __future__ import annotations

from typing import Callable, Iterable, List, Optional, Protocol

from kernun_common.mail_doc.octets import Span

from ... import messages
from ...section.transfer import Direction
from ...texts import Text
from ...wire import strings
from ...wire.command import Command
from ...wire.encode import Chunk, LiteralMode
from ...wire.fetch import Fetch
from ...wire.status import Status
from ..actions import Result, Save
from ..conversation import Conversation
from ..events import PooledMail, Stored
from ..inflight import InFlight
from ..statuses import Statuses
from ..view.pieces import Piece
from .examination import Examination, Judged
from .examined import ExaminedMails
from .fetch_intake import FetchIntake, Job
from .outcomes import Outcomes
from .plan import Plan
from .progress import Progress
from .verdict import Verdict

IN_MEMORY = 1 << 16  # octets of an answer that are made in memory


class Server(Protocol):
    """The server lane, as far as jobs use it."""

    intake: FetchIntake
    outcomes: Outcomes
    statuses: Statuses

    @property
    def literals(self) -> LiteralMode: ...

    def give_own(self, command: Command, done: Callable[[Status], None]) -> None: ...

    def give_chunks(self, record: InFlight, chunks: Iterable[Chunk]) -> None: ...


class Workshop:
    def __init__(
        self,
        conversation: Conversation,
        server: Server,
        examination: Examination,
    ) -> None:
        self.conversation = conversation
        self.server = server
        self.intake = server.intake
        self.outcomes = server.outcomes
        self._examined = ExaminedMails()
        self.progress = Progress(conversation)
        self._examination = examination

    # --- FETCH -------------------------------------------------------------------------------

    @property
    def examined(self) -> ExaminedMails:
        """The mails that UIDs stand for now; where the server has no UIDVALIDITY, until SELECT."""
        conversation = self.conversation
        valid = conversation.uidvalidity
        self._examined.at(
            conversation.mailbox, valid, conversation.selections if valid is None else 0
        )
        return self._examined

    @property
    def working(self) -> bool:
        """Is the client owed the answer to a FETCH that is worked on here?"""
        return self.intake.job is not None

    def plan(self, command: Fetch) -> Optional[Plan]:
        """None: the server answers it as it is."""
        conversation = self.conversation
        acl = conversation.command_acl
        if acl is None or not acl.scans(Direction.DOWNLOAD):
            return None
        plan = Plan.of(command.what, acl.download.metadata == "process")
        if plan.examines or plan.from_mail and self._some_changed(command):
            return plan
        return None

    def _some_changed(self, command: Fetch) -> bool:
        return any(map(self.examined.changed, self.examined))

    def open_job(self, job: Job) -> None:
        self.intake.open(job)

    def close_job(self) -> None:
        self.intake.close()

    # --- mails -------------------------------------------------------------------------------

    def store(self, string: bytes, then: Callable[[Stored], None]) -> None:
        """Into the pool what came as a string, not as a literal."""
        content = strings.value(string)
        self.outcomes.perform(Save(len(content), (content,)), then)

    def send(
        self,
        mail: PooledMail,
        pieces: List[Piece],
        behind: Callable[[], None],
        room: int = IN_MEMORY,
    ) -> None:
        """Send the client pieces of what FETCH shows of a mail, then go on with `behind`.

        What is made on the way, and for which there is no `room`, goes by way of the pool, so
        that a client that asks for much and reads slowly costs no memory.
        """
        outbox = self.conversation.outbox
        while pieces:
            piece = pieces.pop(0)
            if isinstance(piece, bytes):
                outbox.to_client(piece)
            elif isinstance(piece, Span):
                outbox.to_client(mail.view(*piece))
            elif len(piece) <= room:
                room -= len(piece)
                outbox.to_client(b"".join(piece))
            else:

                def stored(event: Stored) -> None:
                    self._send_stored(event)
                    self.send(mail, pieces, behind, room)

                self.outcomes.perform(Save(len(piece), piece, passing=True), stored)
                return
        behind()

    def _send_stored(self, event: Stored) -> None:
        """A literal that was announced must come; without room for it the session ends."""
        if event.mail is None:
            self.conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
            self.conversation.finish(Result.FAILED, "no room in the mail pool", reset=True)
        else:
            self.conversation.outbox.to_client(event.mail.view())
            event.mail.release()

    def refusal(self, code: str) -> bytes:
        """The tagged response for an item that cannot be had, behind the tag."""
        return b" NO [%b] %b" % (code.encode(), self.conversation.text(Text.NOT_DECODED))

    def denial(self, verdict: Verdict) -> bytes:
        """The tagged response for a mail that is denied, behind the tag."""
        words = verdict.reason and verdict.reason.encode()
        return b" NO [NOPERM] %b (%b)" % (
            words or self.conversation.text(Text.MAIL_DENIED),
            verdict.msgid.encode(),
        )

    def examine(
        self, mail: PooledMail, direction: Direction, date: str, judged: Judged
    ) -> None:
        """`date`: the mail's INTERNALDATE, "" where it has none."""
        self._examination.begin(mail, direction, date, judged)
