"""context - what the processing of a mail needs to know beside the mail."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass, field
from enum import Enum
from typing import Callable, ContextManager, Mapping, Protocol, Tuple

from kernun_common.acl.facts import Facts
from kernun_common.doctype_identification import content_type
from kernun_common.doctype_identification.order import Identification
from kernun_common.doctype_identification.section import DoctypeIdentification
from kernun_common.mail_doc.replacement import UTF_8
from kernun_common.mail_doc.template import Template

from ...section.doc_acl import DocAcl
from ...section.mail_acl import MailAcl
from ...section.mail_filter import MailFilter


class Findings(Protocol):
    """What engines said of the mail; the score in thousandths, None where it is not known."""

    @property
    def virus_status(self) -> Enum: ...

    @property
    def virus_name(self) -> str | None: ...

    @property
    def spam_score(self) -> int | None: ...


@dataclass(frozen=True)
class Tools:
    """What is made ready once for all mails.

    `identification` of documents, by kernun_common/doctype_identification/load.py; `templates`
    by their paths in the configuration; within `sparing` memory that is short is MemoryError.
    """

    identification: Identification = Identification(
        DoctypeIdentification(), {"content-type": content_type.identify}
    )
    templates: Mapping[str, Template] = field(default_factory=dict)
    sparing: Callable[[], ContextManager[None]] = nullcontext


@dataclass(frozen=True)
class Context:
    """Of one session and direction.

    `facts`: of the session in phase two; their `parent` becomes the command-acl's name here.
    `date`: the INTERNALDATE of the mail, as templates show it.
    `charset`: of the documents that templates become.
    """

    facts: Facts
    command_acl: str
    direction: str
    mail_acl: Tuple[MailAcl, ...]
    doc_acl: Tuple[DocAcl, ...]
    mail_filter: MailFilter = MailFilter()
    size_preserving: bool = True
    date: str = ""
    tools: Tools = Tools()
    charset: str = UTF_8
