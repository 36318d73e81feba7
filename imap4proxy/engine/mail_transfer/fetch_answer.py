"""fetch_answer - what the client is told by a FETCH that is worked on: mail by mail, and the end.

    answer = FetchAnswer(workshop, command, plan)
    answer.give(number, uid, items, verdict)    a mail; if it is denied, nothing of its body
    answer.refuse(uid, refusal)                 nothing of a mail, and NO in the end
    answer.leave(uid)                           ... and no word about it
    answer.refuse_moved()                       NO, for numbers are not what they were
    answer.end(status)                          the tagged response

    answer.answered         UIDs of all these mails
    answer.unseen           of those whose \\Seen is still to be set, if `marks_seen`: their
                            UIDs or numbers, as the command has them

The first refusal is the one that is told.
See also: fetch_job.py, which says when; ../refused_text.py, spec 2.5.
"""

from __future__ import annotations

from typing import Dict, List, Set

from ... import messages
from ...texts import Text
from ...wire.fetch import Fetch
from ...wire.fetch_response import FetchItem
from ...wire.status import Status
from ..refusal import MAIL_TOO_LARGE, Refusal
from ..refused_text import nil_for
from .fetch_intake import Unavailable
from .plan import Plan
from .verdict import Verdict
from .workshop import Workshop

NO_ROOM_NOW = Refusal(b"NO", Text.NO_ROOM, b"UNAVAILABLE")  # the same mail may pass later
UNSTABLE = Refusal(b"NO", Text.MAIL_UNSTABLE, b"UNAVAILABLE")

Items = Dict[bytes, FetchItem]  # by their keys


class FetchAnswer:
    def __init__(self, workshop: Workshop, command: Fetch, plan: Plan) -> None:
        self._workshop = workshop
        self._conversation = workshop.conversation
        self._command = command
        self._plan = plan
        self._record = self._conversation.record(b"", command.tag, command.name)
        self._record.nil = nil_for(command)
        self.marks_seen = plan.marks_seen and not self._conversation.read_only
        self.answered: Set[int] = set()
        self.unseen: List[int] = []

    # --- mails -------------------------------------------------------------------------------

    def leave(self, uid: int) -> None:
        """The mail is gone, or the server's response goes on as it is."""
        self.answered.add(uid)

    def give(self, number: int, uid: int, items: Items, verdict: Verdict) -> None:
        """`items`: of the server, for this mail."""
        self.answered.add(uid)
        plan, outbox = self._plan, self._conversation.outbox
        if verdict.denied and plan.shows_body:
            self._end_in(self._workshop.denial(verdict))
            return
        kept = self._kept(items)
        outbox.to_client(b"* %d FETCH (%b" % (number, b" ".join(kept)))
        answer = verdict.view.answer(plan.from_mail)
        for code in answer.refusals:
            self._end_in(self._workshop.refusal(code))
        pieces = list(answer.pieces)
        if kept and pieces:
            pieces.insert(0, b" ")

        def behind() -> None:
            outbox.to_client(b")\r\n")
            self._note_unseen(number, uid, items)

        self._workshop.send(verdict.mail, pieces, behind)

    def _kept(self, items: Items) -> List[bytes]:
        """Of the server's items those that the client asked for."""
        command = self._command
        asked = {item.name.encode() for item in self._plan.of_server}
        if command.uid:
            asked.add(b"UID")
        if command.what.changed_since is not None:
            asked.add(b"MODSEQ")
        return [b"%b %b" % item for name, item in items.items() if name in asked]

    def _note_unseen(self, number: int, uid: int, items: Items) -> None:
        flags = items.get(b"FLAGS")
        if self.marks_seen and flags is not None and not _has_seen(flags.value):
            self.unseen.append(uid if self._command.uid else number)

    # --- refusals ----------------------------------------------------------------------------

    def refuse(self, uid: int, refusal: Refusal) -> None:
        self.answered.add(uid)
        self._end_in(refusal.line(b"", self._conversation.text(refusal.text)))

    def refuse_unstable(self, uid: int) -> None:
        self._conversation.log(messages.MAIL_UNSTABLE, uid=uid)
        self.refuse(uid, UNSTABLE)

    def refuse_size(self, uid: int, value: Unavailable) -> None:
        self.refuse(uid, MAIL_TOO_LARGE if value.too_large else NO_ROOM_NOW)

    def refuse_moved(self) -> None:
        """RFC 5530."""
        self._record.nil = b""
        self._end_in(b" NO [EXPUNGEISSUED] " + self._conversation.text(Text.MAILS_REMOVED))

    def _end_in(self, refusal: bytes) -> None:
        """`refusal`: condition, code and text behind the tag."""
        self._record.refusal = self._record.refusal or refusal

    # --- beginning and end -------------------------------------------------------------------

    def begin(self) -> None:
        conversation = self._conversation
        conversation.commands += 1
        conversation.activity = self._record.name

    def end(self, status: Status) -> None:
        """`status`: how the server has ended what it was asked."""
        conversation, record = self._conversation, self._record
        self._workshop.server.statuses.tell_tagged(record, status)
        condition = status.condition if record.refusal is None else b"NO"
        conversation.activity = conversation.state.value
        conversation.log_request(record, condition.decode("ascii"))


def _has_seen(flags: bytes) -> bool:
    return b"\\SEEN" in flags.upper().strip(b"()").split(b" ")
