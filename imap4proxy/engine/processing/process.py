"""process - one mail, read whole and checked: what the policy makes of it.

    processed = process(octets, structure, findings, context)
    while processed.again:
        ...store processed.pieces, parse what they are...
        processed = process(corrected, structure, findings, context, before=processed)

`octets` and `structure` are the mail as it is now, `findings` those of the original.  The mail-acl
is the first whose entry conditions hold, then for each document the doc-acl; where none is found,
or one denies, the mail is denied.  Of what they want done to a mail nothing is done twice.
See also: processed.py, mail-filter in imap4-proxy.cfg(5), ../../../kernun_common/mail_doc/.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Dict, List, Tuple

from kernun_common.acl.choose import Choice, choose
from kernun_common.acl.facts import Facts, Mail
from kernun_common.acl.messages import ACL_PASSED_BY
from kernun_common.log.message import Message
from kernun_common.mail_doc.archive_budget import Allowance
from kernun_common.mail_doc.correction import Correction, correct
from kernun_common.mail_doc.document import Identify, PartDocument
from kernun_common.mail_doc.mail_header import MailHeader
from kernun_common.mail_doc.octets import Octets, Span
from kernun_common.mail_doc.pieces import Pieces, size_of
from kernun_common.mail_doc.rewrite import Rewriting
from kernun_common.mail_doc.size_preserving import preserved
from kernun_common.mail_doc.status_headers import points
from kernun_common.mail_doc.structure import Part, Structure

from ... import messages
from ...section.doc_acl import DocAcl
from ...section.mail_acl import MailAcl
from ..actions import Log, Result
from .context import Context, Findings
from .doc_edits import edit_document
from .mail_edits import Subject, edit_mail
from .msgid import msgid
from .processed import Processed, Quarantine

ROUNDS = 6  # of corrections: characters, headers, structure, and what they bring to light


def process(
    octets: Octets,
    structure: Structure,
    findings: Findings,
    context: Context,
    before: Processed | None = None,
) -> Processed:
    """See the file's first lines."""
    return _Processing(octets, structure, findings, context, before).run()


@dataclass
class _Processing:
    """One round of one mail."""

    octets: Octets
    structure: Structure
    findings: Findings
    context: Context
    before: Processed | None
    log: List[Log] = field(default_factory=list)

    def run(self) -> Processed:
        before = self.before
        self.rounds = before.rounds if before is not None else 0
        self.size = before.size if before is not None else len(self.octets)
        self.msgid = before.msgid if before is not None else msgid(self.octets, self.root)
        correction = correct(self.octets, self.structure, self.context.mail_filter)
        if correction.denied:
            self._write(messages.MAIL_FILTERED, item=correction.denied)
            return self._result(denied=True)
        if correction.pieces is not None and self.rounds < ROUNDS:
            self._write(messages.MAIL_CORRECTED, items=",".join(correction.corrected))
            return self._result(pieces=correction.pieces, again=True)
        return self._decide(self._status(correction))

    @property
    def root(self) -> Part:
        return self.structure.root

    def _status(self, correction: Correction) -> str:
        if correction.invalid or correction.pieces is not None or self.structure.exceeded:
            return "invalid"
        return "corrected" if self.rounds else "valid"

    # --- deciding --------------------------------------------------------------------------

    def _decide(self, status: str) -> Processed:
        mail = Mail(
            direction=self.context.direction,
            size=self.size,
            structure=status,
            header=MailHeader(self.octets, self.root.fields),
            virus_status=self.findings.virus_status.value,
            spam_score=self.findings.spam_score,
        )
        facts = replace(self.context.facts, mail=mail, parent=self.context.command_acl)
        choice = choose(self.context.mail_acl, facts)
        self._log_mail_acl(choice)
        acl = choice.acl
        if acl is None or not choice.accepted:
            return self._denied(acl, acl)
        rewriting = Rewriting(self.octets, self.structure)
        denied, accepted = self._documents(rewriting, replace(facts, parent=acl.name), acl)
        if not accepted:
            return self._denied(denied, acl)
        edit_mail(rewriting, self.root, acl, self._subject(acl.name))
        return self._changed(rewriting.pieces(), acl)

    def _documents(
        self, rewriting: Rewriting, facts: Facts, mail_acl: MailAcl
    ) -> Tuple[DocAcl | None, bool]:
        """Ask for each document, all of them; the first doc-acl that denies, and whether none."""
        denied: List[DocAcl | None] = []
        identify, allowance = self._identify(None), Allowance()
        for part in self.structure.leaves():
            document = PartDocument(self.octets, part, identify, self._seen, allowance)
            choice = choose(self.context.doc_acl, replace(facts, document=document))
            acl = choice.acl
            types = self._types(document, acl)
            self._log_doc_acl(choice, document, types, mail_acl)
            if acl is None or not choice.accepted:
                denied.append(acl)
            elif mail_acl.replace_body is None and not denied:
                if not edit_document(rewriting, document, acl, types, self._subject(acl.name)):
                    denied.append(None)
        return next(iter(denied), None), not denied

    @property
    def _seen(self) -> int:
        return self.context.tools.identification.octets

    def _identify(self, order: Tuple[str, ...] | None) -> Identify:
        identification, direction = self.context.tools.identification, self.context.direction
        return lambda subject: identification.type_of(subject, direction, order)

    def _types(self, document: PartDocument, acl: DocAcl | None) -> Tuple[str, ...]:
        if acl is None or acl.doctype_ident_order is None:
            return document.types
        return document.identified(self._identify(acl.doctype_ident_order))

    def _subject(self, acl: str) -> Subject:
        findings = self.findings
        values = {
            "virus-name": findings.virus_name or "",
            "spam-score": points(findings.spam_score),
            "acl": acl,
            "date": self.context.date,
            "msgid": self.msgid,
        }
        context = self.context
        return Subject(findings, context.tools.templates, values, context.charset)

    # --- results ---------------------------------------------------------------------------

    def _denied(self, acl: MailAcl | DocAcl | None, mail_acl: MailAcl | None) -> Processed:
        return self._result(
            denied=True,
            reason=acl.deny_text if acl is not None else None,
            quarantine=self._quarantine(mail_acl),
        )

    def _changed(self, pieces: Pieces | None, acl: MailAcl) -> Processed:
        if pieces is None and self.size != len(self.octets):
            pieces = (Span(0, len(self.octets)),)  # it was corrected, and has another size
        if pieces is not None and self.context.size_preserving:
            pieces, exact = preserved(self.octets, self.root, pieces, self.size)
            if not exact:
                self._write(messages.SIZE_CHANGED, size=size_of(pieces), original=self.size)
        return self._result(pieces=pieces, quarantine=self._quarantine(acl))

    def _quarantine(self, acl: MailAcl | None) -> Quarantine | None:
        if acl is None or acl.quarantine is None:
            return None
        return Quarantine(acl.quarantine, self.msgid, self._record(acl))

    def _record(self, acl: MailAcl) -> Dict[str, Any]:
        facts, header = self.context.facts, MailHeader(self.octets, self.root.fields)
        return {
            "msgid": self.msgid,
            "acl": acl.name,
            "direction": self.context.direction,
            "client": str(facts.client),
            "server": str(facts.server),
            "user": facts.user,
            "size": self.size,
            "date": self.context.date,
            "virus-status": self.findings.virus_status.value,
            "virus-name": self.findings.virus_name,
            "spam-score": self.findings.spam_score,
            "sender": list(header.senders),
            "recipient": list(header.recipients),
            "subject": list(header.subjects),
        }

    def _result(self, **fields: Any) -> Processed:
        return Processed(
            self.msgid, log=tuple(self.log), rounds=self.rounds + 1, size=self.size, **fields
        )

    # --- log -------------------------------------------------------------------------------

    def _log_mail_acl(self, choice: Choice[MailAcl]) -> None:
        spam = self.findings.spam_score
        self._log_choice(
            choice,
            messages.ACL_PHASE_3M,
            spam="unknown" if spam is None else spam,
            virus=self.findings.virus_status.value,
            parent=self.context.command_acl,
        )

    def _log_doc_acl(
        self,
        choice: Choice[DocAcl],
        document: PartDocument,
        types: Tuple[str, ...],
        parent: MailAcl,
    ) -> None:
        number = ".".join(map(str, document.part.address))
        self._log_choice(
            choice,
            messages.ACL_PHASE_3D,
            doc=":".join((number, *document.names[:1])),
            type=types[0] or None,
            parent=parent.name,
        )

    def _log_choice(self, choice: Choice[Any], message: Message, **fields: Any) -> None:
        for miss in choice.trail:
            self.log.append(Log(ACL_PASSED_BY, {"name": miss.acl.name, "reason": miss}))
        name = choice.acl.name if choice.acl is not None else None
        result = Result.ACCEPTED if choice.accepted else Result.REJECTED
        self._write(message, name=name, result=result.value, **fields)

    def _write(self, message: Message, **fields: Any) -> None:
        self.log.append(Log(message, {"msgid": self.msgid, **fields}))
