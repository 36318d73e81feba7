"""examination - one mail, from the mail pool to its verdict.

    examination.begin(mail, direction, date, judged)      `judged` gets the Verdict

    structure -> Check (engines) -> process -> [Save -> structure -> process ...] -> [Quarantine]
              -> [Save] -> Verdict

A mail that is corrected is stored, read and processed anew, until there is nothing to
correct.  One that cannot be kept in quarantine, or whose changed form cannot be stored, is
denied: nothing is passed because something failed.  Where memory is short (child-memory) there
is no Verdict but None: the mail is refused, and all that it took is given back.
See also: ../processing/, verdict.py, spec 2.6.
"""

from __future__ import annotations

import gc
from dataclasses import dataclass, field
from typing import Callable, List

from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.pieces import chunks_of, size_of
from kernun_common.mail_doc.structure import Structure

from ... import messages
from ...section.checks import Checks
from ...section.transfer import Direction
from ...texts import charset_of
from .. import actions
from ..conversation import Conversation
from ..events import Checked, Findings, PooledMail, Quarantined, Stored
from ..processing import Context, Processed, Tools, process
from ..view.view import View
from .outcomes import Outcomes
from .verdict import Verdict

Judged = Callable[[Verdict | None], None]
Step = Callable[[], Verdict | None]  # None: an action is under way, whose outcome leads on

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
        under = UnderExamination(mail, direction, context, limits, judged)
        Course(conversation, self._outcomes, under).begin(acl.checks(direction))

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
    """A mail as it came, and what it is examined with."""

    original: PooledMail
    direction: Direction
    context: Context
    limits: Limits
    judged: Judged


@dataclass
class Course:
    """The course of one mail."""

    conversation: Conversation
    outcomes: Outcomes
    under: UnderExamination
    findings: Findings = field(init=False)
    between: List[PooledMail] = field(default_factory=list)  # made of the original, on the way

    def begin(self, checks: Checks) -> None:
        mail = self.under.original

        def examine() -> None:
            structure = self._parse(mail)
            check = actions.Check(mail, structure, checks, self.under.limits)
            self.outcomes.perform(check, lambda event: self._on_checked(structure, event))

        self._take(examine)

    def _on_checked(self, structure: Structure, event: Checked) -> None:
        if event.reason:
            self.conversation.log(messages.MAIL_NOT_DECODED, reason=event.reason)
        self.findings = event.findings
        self._take(lambda: self._process(self.under.original, structure, None))

    def _take(self, step: Step) -> None:
        """One step; whoever waits for the verdict is told of it behind the last one."""
        short, verdict = False, None
        try:
            verdict = step()
        except MemoryError:  # it holds on to all that was under way: first leave this clause
            short = True
        if short:
            self._give_back()
        if short or verdict is not None:
            self.under.judged(verdict)

    def _give_back(self) -> None:
        """What the mail took, documents that refer to themselves among it."""
        under = self.under
        direction, size = _LOGGED[under.direction], len(under.original)
        for mail in (*self.between, under.original):
            mail.release()
        gc.collect()
        self.conversation.log(messages.MEMORY_SHORT, direction=direction, size=size)

    def _parse(self, mail: PooledMail) -> Structure:
        with self.under.context.tools.sparing():
            return parse(mail.octets, self.under.limits)

    def _process(
        self, mail: PooledMail, structure: Structure, before: Processed | None
    ) -> Verdict | None:
        """`mail`: the original, or what it was corrected to in the round `before`."""
        context = self.under.context
        with context.tools.sparing():
            processed = process(mail.octets, structure, self.findings, context, before)
        for log in processed.log:
            self.conversation.log(log.message, **log.fields)
        if processed.again:
            return self._save(mail, processed, lambda saved: self._again(mail, saved, processed))
        if processed.quarantine is not None:
            return self._quarantine(mail, structure, processed)
        return self._settle(mail, structure, processed)

    def _again(
        self, mail: PooledMail, saved: PooledMail, processed: Processed
    ) -> Verdict | None:
        self._release(mail)
        return self._process(saved, self._parse(saved), processed)

    def _quarantine(
        self, mail: PooledMail, structure: Structure, processed: Processed
    ) -> Verdict | None:
        wanted = processed.quarantine
        assert wanted is not None

        def kept(event: Quarantined) -> Verdict | None:
            if event.reason:
                self.conversation.log(messages.NOT_QUARANTINED, reason=event.reason)
                return self._deny(mail, processed)
            return self._settle(mail, structure, processed)

        original = self.under.original
        self.outcomes.perform(
            actions.Quarantine(wanted.folder, wanted.name, original, wanted.record),
            lambda event: self._take(lambda: kept(event)),
        )
        return None

    def _settle(
        self, mail: PooledMail, structure: Structure, processed: Processed
    ) -> Verdict | None:
        if processed.denied:
            return self._deny(mail, processed)
        if processed.pieces is None:
            return self._pass(mail, structure, processed)
        return self._save(mail, processed, lambda saved: self._pass_saved(mail, saved, processed))

    def _pass_saved(self, mail: PooledMail, saved: PooledMail, processed: Processed) -> Verdict:
        self._release(mail)
        return self._pass(saved, self._parse(saved), processed)

    def _pass(self, mail: PooledMail, structure: Structure, processed: Processed) -> Verdict:
        original = self.under.original
        changed = mail is not original
        view = View(mail.octets, structure)
        if changed:
            original.release()
        return Verdict(mail, view, changed=changed, msgid=processed.msgid)

    def _deny(self, mail: PooledMail, processed: Processed) -> Verdict:
        """The original stays: its metadata are shown."""
        self._release(mail)
        original = self.under.original
        view = View(original.octets, self._parse(original))
        return Verdict(
            original,
            view,
            denied=True,
            reason=processed.reason,
            msgid=processed.msgid,
        )

    def _save(
        self,
        mail: PooledMail,
        processed: Processed,
        then: Callable[[PooledMail], Verdict | None],
    ) -> Verdict | None:
        assert processed.pieces is not None

        def saved(event: Stored) -> Verdict | None:
            if event.mail is None:
                self.conversation.log(messages.MAIL_NOT_STORED, reason=event.reason)
                return self._deny(mail, processed)
            self.between.append(event.mail)
            return then(event.mail)

        chunks = chunks_of(mail.octets, processed.pieces)
        self.outcomes.perform(
            actions.Save(size_of(processed.pieces), chunks),
            lambda event: self._take(lambda: saved(event)),
        )
        return None

    def _release(self, mail: PooledMail) -> None:
        """A mail between the original and the result is of no use any more."""
        if mail is not self.under.original:
            mail.release()
