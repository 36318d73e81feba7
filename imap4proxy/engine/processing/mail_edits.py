"""mail_edits - the actions of a mail-acl, done to a mail.

    edit_mail(rewriting, root, acl, subject)

In this order: the body, the subject, rows of modify-header in theirs, the status headers.
See also: doc_edits.py, ../../../kernun_common/mail_doc/rewrite.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Mapping

from kernun_common.mail_doc import encoded_word
from kernun_common.mail_doc.replacement import UTF_8, NewDocument
from kernun_common.mail_doc.rewrite import Rewriting
from kernun_common.mail_doc.structure import Part
from kernun_common.mail_doc.template import Template, type_of

from ...section.mail_acl import HeaderChange, MailAcl
from .context import Findings


@dataclass(frozen=True)
class Subject:
    """What is put into templates and headers: `values` by the names of template.py.

    `charset` is that of documents; what is put into headers is ASCII.
    """

    findings: Findings
    templates: Mapping[str, Template]
    values: Mapping[str, str]
    charset: str = UTF_8

    def document(
        self, path: str, type: str | None, values: Mapping[str, str], filename: str | None = None
    ) -> NewDocument:
        """The document that a template becomes; `values` beside those of the mail."""
        kind = (type or type_of(path)).lower()
        text = self.templates[path].fill({**self.values, **values}, kind)
        return NewDocument(kind, text, filename, self.charset)


def edit_mail(rewriting: Rewriting, root: Part, acl: MailAcl, subject: Subject) -> None:
    """All that the ACL wants done to the mail as a whole."""
    if acl.replace_body is not None:
        path, kind = acl.replace_body
        rewriting.replace(root, subject.document(path, kind, {"mime-type": root.content_type.name}))
    if acl.subject_text is not None:
        text, place = acl.subject_text
        rewriting.add_subject_text(text, suffix=place == "suffix")
    for change in acl.modify_header:
        _change(rewriting, root, change)
    if acl.status_headers:
        findings = subject.findings
        rewriting.set_status_headers(
            findings.virus_status.value, findings.virus_name or "", findings.spam_score
        )


def _change(rewriting: Rewriting, root: Part, change: HeaderChange) -> None:
    header = rewriting.header(root)
    if change.text is None:
        header.delete(change.name.lower())
        return
    text = change.text
    value = text.encode("ascii") if text.isascii() else encoded_word.encode(text)
    put = header.replace if change.change == "replace" else header.add
    put(change.name.encode("ascii"), value)
