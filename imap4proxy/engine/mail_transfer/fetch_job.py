"""fetch_job - one FETCH of the client whose answer comes from processed mails.

    job = FetchJob(workshop, command, plan); job.start()

What the server is asked, one command behind the other, each only where it is needed:

    look     which of the mails has this session examined?   FETCH set (UID items)
    bodies   the others: fetch and examine them              FETCH set (UID items INTERNALDATE
                                                                    BODY.PEEK[])
    seen     what should have set \\Seen and was given out   FETCH set (BODY[HEADER.FIELDS (Date)])

All are FETCH or all UID FETCH, as the client's is: while a FETCH is open the server may
expunge nothing (RFC 3501 section 7.4.1), and behind a UID FETCH numbers are taken from
the response that they stand in, in the order of the server.  A response is answered
before the next is looked at, so numbers are right at all times.  Where a server expunges
all the same, a FETCH goes no further, and ends in NO [EXPUNGEISSUED] (RFC 5530): a mark must
not fall upon another mail.  What the server sends beside the answers passes, without what
shows content.
See also: fetch_answer.py (what the client is told), plan.py, fetch_intake.py, examined.py.
Source: spec 2.5.
"""

from __future__ import annotations

from typing import Callable, Iterable, List, Optional, Tuple

from kernun_common.errors import PeerError, Side

from ... import messages
from ...section.transfer import Direction
from ...wire import sequence_set
from ...wire.body_section import Section
from ...wire.fetch import Fetch, What
from ...wire.fetch_items import Item
from ...wire.fetch_response import FetchItem
from ...wire.status import Status
from ..events import PooledMail, Stored
from ..refusal import NO_ROOM
from .examined import Examined
from .fetch_answer import FetchAnswer, Items
from .fetch_intake import WHOLE_MAIL, Unavailable
from .plan import Plan
from .verdict import Verdict
from .workshop import Workshop

_UID = Item("UID")
_FLAGS = Item("FLAGS")
_MODSEQ = Item("MODSEQ")
_DATE = Item("INTERNALDATE")  # for templates
_MAIL = Item("BODY.PEEK", Section())
_MARK = Item("BODY", Section((), "HEADER.FIELDS", (b"Date",)))

_CHANGES = (b"FLAGS", b"MODSEQ")  # what a mark may bring with it

MOST_MAILS = 1 << 20  # of one FETCH; a server that goes on for ever must not cost memory for ever

Response = Callable[[int, Items], bool]


class FetchJob:
    def __init__(self, workshop: Workshop, command: Fetch, plan: Plan) -> None:
        self._workshop = workshop
        self._conversation = workshop.conversation
        self._command = command
        self._plan = plan
        self._answer = FetchAnswer(workshop, command, plan)
        self._step: Response = self._on_look
        self._expected: Tuple[bytes, ...] = ()  # items without which a response is no answer
        self._missing: List[int] = []
        self._moved = False  # numbers of mails are not what they were
        self._status: Optional[Status] = None  # of the server, the first that is not OK
        self._asked: List[Tuple[bytes, What]] = []  # what is still to be asked in this step
        self._then: Callable[[], None] = self._finish

    def start(self) -> None:
        workshop, command = self._workshop, self._command
        self._answer.begin()
        workshop.open_job(self)
        workshop.progress.begin(command.tag, sequence_set.count(command.sequence_set))
        if not self._plan.examines or self._may_be_known():
            self._look()
        else:
            self._fetch_bodies([command.sequence_set], command.what)

    def _may_be_known(self) -> bool:
        examined = self._workshop.examined
        if not self._command.uid:
            return bool(examined)
        return any(sequence_set.may_hold(self._command.sequence_set, uid) for uid in examined)

    # --- what the server is asked ------------------------------------------------------------

    def _look(self) -> None:
        command, plan = self._command, self._plan
        wanted = plan.of_server if plan.examines else plan.of_server + plan.from_mail
        self._step, self._then = self._on_look, self._behind_look
        self._ask([(command.sequence_set, self._what(wanted, modified=command.what))])

    def _behind_look(self) -> None:
        missing, self._missing = self._missing, []
        self._fetch_bodies(sequence_set.encode(missing), None)

    def _fetch_bodies(self, sets: Iterable[bytes], modified: What | None) -> None:
        self._step, self._then = self._on_body, self._mark_seen
        self._workshop.intake.wants_mail = True
        more: Tuple[Item, ...] = (_DATE, _MAIL)
        if modified is None and self._command.what.changed_since is not None:
            more = (_MODSEQ, *more)  # as the modifier asks for it, RFC 7162 section 3.1.4.1
        what = self._what(self._plan.of_server, *more, modified=modified)
        self._ask([(each, what) for each in sets])

    def _mark_seen(self) -> None:
        self._workshop.intake.wants_mail = False
        self._step, self._then = self._on_mark, self._finish
        self._expected = ()
        self._ask([(each, What((_MARK,))) for each in sequence_set.encode(self._answer.unseen)])

    def _what(self, wanted: Tuple[Item, ...], *more: Item, modified: What | None) -> What:
        """The items to ask for; `modified`: with the modifiers of this one."""
        flags = (_FLAGS,) if self._answer.marks_seen else ()
        items = tuple(dict.fromkeys((_UID, *wanted, *flags)))
        self._expected = tuple(item.name.encode() for item in items if item.section is None)
        found = What(tuple(dict.fromkeys(items + more)))
        if modified is None or modified.changed_since is None:
            return found
        return What(found.items, modified.changed_since, modified.vanished)

    def _ask(self, asked: List[Tuple[bytes, What]]) -> None:
        self._asked = asked
        self._ask_next()

    def _ask_next(self) -> None:
        if self._moved:
            self._asked.clear()
            self._then = self._finish
        if not self._asked:
            self._then()
            return
        numbers, what = self._asked.pop(0)
        command = self._command
        own = Fetch(command.tag, command.uid, numbers, what)
        self._workshop.server.give_own(own, self._on_tagged)

    def _finish(self) -> None:
        assert self._status is not None
        self._workshop.close_job()
        self._workshop.progress.end()
        self._answer.end(self._status)

    def _on_tagged(self, status: Status) -> None:
        if self._status is None or self._status.condition == b"OK":
            self._status = status
        self._ask_next()

    # --- what it answers ---------------------------------------------------------------------

    def on_response(self, number: int, items: List[FetchItem]) -> None:
        if len(self._answer.answered) + len(self._missing) >= MOST_MAILS:
            raise PeerError(Side.SERVER, "more mails than a mailbox holds")
        by_name = {item.key: item for item in items}
        if len(by_name) != len(items):
            raise PeerError(Side.SERVER, "an item twice in a FETCH response")
        if not self._is_answer(number, by_name) or not self._step(number, by_name):
            self._pass(number, items)

    def on_removal(self) -> None:
        """A FETCH by UID is not concerned."""
        if self._command.uid:
            return
        self._moved = True
        self._answer.refuse_moved()

    def _is_answer(self, number: int, items: Items) -> bool:
        """Is it of a mail that was asked for, with what was asked?"""
        uid = items.get(b"UID")
        if uid is None:
            if WHOLE_MAIL in items:
                raise PeerError(Side.SERVER, "a mail without its UID")
            return self._step == self._on_mark
        named = self._uid_of(items) if self._command.uid else number
        return (
            all(name in items for name in self._expected)
            and sequence_set.may_hold(self._command.sequence_set, named)
            and (self._step == self._on_mark or self._uid_of(items) not in self._answer.answered)
        )

    @staticmethod
    def _uid_of(items: Items) -> int:
        return int(items[b"UID"].value)

    def _pass(self, number: int, items: List[FetchItem]) -> None:
        """What came by itself."""
        self._workshop.intake.tell(number, [item for item in items if self._may_pass(item)])

    def _may_pass(self, item: FetchItem) -> bool:
        """UID is only there because the proxy asked for it, where the client did not."""
        return item.key != b"UID" or self._command.uid or _UID in self._plan.of_server

    def _on_look(self, number: int, items: Items) -> bool:
        uid, examined = self._uid_of(items), self._workshop.examined
        if not self._plan.examines and not examined.changed(uid):
            self._answer.leave(uid)
            return False
        known = examined.get(uid)
        if known is not None:
            self._answer.give(number, uid, items, known.verdict)
        else:
            self._missing.append(uid if self._command.uid else number)
        return True

    def _on_body(self, number: int, items: Items) -> bool:
        stored = items.pop(WHOLE_MAIL, None)
        if stored is None:
            return False
        uid, value = self._uid_of(items), stored.value

        def kept(event: Stored) -> None:
            if event.mail is None:
                self._conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
                self._answer.refuse_size(uid, Unavailable(too_large=False))
            else:
                self._examine(number, uid, items, event.mail)

        if isinstance(value, Unavailable):
            self._answer.refuse_size(uid, value)
        elif not isinstance(value, bytes):
            self._examine(number, uid, items, value)
        elif value.upper() == b"NIL":  # it is not there any more
            self._answer.leave(uid)
        else:
            self._workshop.store(value, kept)
        return True

    def _examine(self, number: int, uid: int, items: Items, mail: PooledMail) -> None:
        def judged(verdict: Verdict | None) -> None:
            self._workshop.progress.done += 1
            if verdict is None:
                self._answer.refuse(uid, NO_ROOM)
                return
            known: Examined | None = self._workshop.examined.add(uid, verdict)
            if known is None:
                self._answer.refuse_unstable(uid)
            else:
                self._answer.give(number, uid, items, known.verdict)

        date = items.get(b"INTERNALDATE")
        text = date.value.strip(b'" ').decode("ascii") if date is not None else ""
        self._workshop.examine(mail, Direction.DOWNLOAD, text, judged)

    def _on_mark(self, number: int, items: Items) -> bool:
        """Of the mark itself only what it changed is told."""
        wanted = (b"UID", *_CHANGES) if self._command.uid else _CHANGES
        kept = [item for name, item in items.items() if name in wanted]
        if any(item.key in _CHANGES for item in kept):
            self._workshop.intake.tell(number, kept)
        return True
