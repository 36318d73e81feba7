"""examination - one mail, from the mail pool to its verdict.

    examination.begin(mail, direction, date, judged)      `judged` gets the Verdict

    structure -> Check (engines) -> process -> [Save -> structure -> process ...] -> [Quarantine]
              -> [Save] -> Verdict

A mail that is corrected is stored, read and processed anew, until there is nothing to
correct.  One that cannot be kept in quarantine, or whose changed form cannot be stored, is
denied: nothing is passed because something failed.
See also: ../processing/, verdict.py, spec 2.6.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.pieces import chunks_of, size_of
from kernun_common.mail_doc.structure import Structure

from ... import messages
from ...section.transfer import Direction
from ...texts import charset_of
from .. import actions
from ..conversation import Conversation
from ..events import Checked, Findings, PooledMail, Quarantined, Stored
from ..processing import Context, Processed, Tools, process
from ..view.view import View
from .outcomes import Outcomes
from .verdict import Verdict

Judged = Callable[[Verdict], None]

_LOGGED = {Direction.DOWNLOAD: "IN", Direction.UPLOAD: "OUT"}  # K's words, IMAP-706


class Examination:
    """What all mails of a session are examined with."""

    def __init__(self, conversation: Conversation, outcomes: Outcomes, tools: Tools) -> None:
        self._conversation = conversation
        self._outcomes = outcomes
        self._tools = tools

    def begin(self, mail: PooledMail, direction: Direction, date: str, judged: Judged) -> None:
        """`date`: the INTERNALDATE of the mail, "" where it has none."""
        conversation = self._conversation
        acl = conversation.command_acl
        assert acl is not None
        conversation.log(messages.MAIL, direction=_LOGGED[direction])
        context = self._context(direction, date)
        limits = Limits(*context.mail_filter.limits)
        structure = parse(mail.octets, limits)

        def checked(event: Checked) -> None:
            if event.reason:
                conversation.log(messages.MAIL_NOT_DECODED, reason=event.reason)
            under = UnderExamination(mail, event.findings, context, limits, judged)
            Course(conversation, self._outcomes, under).process(mail, structure, None)

        check = actions.Check(mail, structure, acl.checks(direction), limits)
        self._outcomes.perform(check, checked)

    def _context(self, direction: Direction, date: str) -> Context:
        conversation = self._conversation
        acl, facts, proxy = conversation.command_acl, conversation.facts, conversation.proxy
        assert acl is not None and facts is not None
        return Context(
            facts=facts,
            command_acl=acl.name,
            direction=direction.value,
            mail_acl=proxy.mail_acl,
            doc_acl=proxy.doc_acl,
            mail_filter=acl.transfer(direction).mail_filter,
            size_preserving=direction is Direction.DOWNLOAD and acl.download.size_preserving,
            date=date,
            tools=self._tools,
            charset=charset_of(conversation.language),
        )


@dataclass(frozen=True)
class UnderExamination:
    """A mail as it came, and all that is known of it."""

    original: PooledMail
    findings: Findings
    context: Context
    limits: Limits
    judged: Judged


class Course:
    """The course of one mail, behind the engines."""

    def __init__(
        self, conversation: Conversation, outcomes: Outcomes, under: UnderExamination
    ) -> None:
        self._conversation = conversation
        self._outcomes = outcomes
        self._under = under

    def process(
        self, mail: PooledMail, structure: Structure, before: Processed | None
    ) -> None:
        """`mail`: the original, or what it was corrected to in the round `before`."""
        under = self._under
        processed = process(mail.octets, structure, under.findings, under.context, before)
        for log in processed.log:
            self._conversation.log(log.message, **log.fields)
        if processed.again:
            self._save(mail, processed, lambda saved: self._again(mail, saved, processed))
        elif processed.quarantine is not None:
            self._quarantine(mail, structure, processed)
        else:
            self._settle(mail, structure, processed)

    def _again(self, mail: PooledMail, saved: PooledMail, processed: Processed) -> None:
        self._release(mail)
        self.process(saved, parse(saved.octets, self._under.limits), processed)

    def _quarantine(
        self, mail: PooledMail, structure: Structure, processed: Processed
    ) -> None:
        wanted = processed.quarantine
        assert wanted is not None

        def kept(event: Quarantined) -> None:
            if event.reason:
                self._conversation.log(messages.NOT_QUARANTINED, reason=event.reason)
                self._deny(mail, processed)
            else:
                self._settle(mail, structure, processed)

        original = self._under.original
        self._outcomes.perform(
            actions.Quarantine(wanted.folder, wanted.name, original, wanted.record), kept
        )

    def _settle(self, mail: PooledMail, structure: Structure, processed: Processed) -> None:
        if processed.denied:
            self._deny(mail, processed)
        elif processed.pieces is None:
            self._pass(mail, structure, processed)
        else:
            self._save(mail, processed, lambda saved: self._pass_saved(mail, saved, processed))

    def _pass_saved(self, mail: PooledMail, saved: PooledMail, processed: Processed) -> None:
        self._release(mail)
        self._pass(saved, parse(saved.octets, self._under.limits), processed)

    def _pass(self, mail: PooledMail, structure: Structure, processed: Processed) -> None:
        original = self._under.original
        changed = mail is not original
        if changed:
            original.release()
        view = View(mail.octets, structure)
        self._under.judged(Verdict(mail, view, changed=changed, msgid=processed.msgid))

    def _deny(self, mail: PooledMail, processed: Processed) -> None:
        """The original stays: its metadata are shown."""
        self._release(mail)
        original = self._under.original
        view = View(original.octets, parse(original.octets, self._under.limits))
        self._under.judged(
            Verdict(
                original,
                view,
                denied=True,
                reason=processed.reason,
                msgid=processed.msgid,
            )
        )

    def _save(
        self, mail: PooledMail, processed: Processed, then: Callable[[PooledMail], None]
    ) -> None:
        assert processed.pieces is not None

        def saved(event: Stored) -> None:
            if event.mail is None:
                self._conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
                self._deny(mail, processed)
            else:
                then(event.mail)

        chunks = chunks_of(mail.octets, processed.pieces)
        self._outcomes.perform(actions.Save(size_of(processed.pieces), chunks), saved)

    def _release(self, mail: PooledMail) -> None:
        """A mail between the original and the result is of no use any more."""
        if mail is not self._under.original:
            mail.release()
