"""scene - a mail, a policy and what engines said of it, put through `process`.

    Scene("mail-acl A { accept; } doc-acl D { accept; }").run(octets)  ->  Outcome
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, List, Mapping, NamedTuple

from imap4proxy.engine.processing import Context, Processed, Tools, process
from kernun_common.antivirus.status import Status
from kernun_common.doctype_identification import content_type
from kernun_common.doctype_identification.order import Identification, Subject
from kernun_common.doctype_identification.section import DoctypeIdentification, Order
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.pieces import chunks_of
from kernun_common.mail_doc.template import Template
from tests.support.mail_sections import policy
from tests.support.phase3 import SESSION


class Said(NamedTuple):
    """What engines said."""

    virus_status: Status = Status.FREE
    virus_name: str | None = None
    spam_score: int | None = None


@dataclass
class Outcome:
    processed: Processed
    octets: bytes  # of the mail that passes; of the last round
    logs: List[str]

    def __getattr__(self, name: str) -> Any:
        return getattr(self.processed, name)


def by_octets(subject: Subject) -> str:
    return "application/x-dosexec" if subject.octets.startswith(b"MZ") else ""


def by_name(subject: Subject) -> str:
    return "application/x-dosexec" if (subject.filename or "").endswith(".exe") else ""


ORDER = DoctypeIdentification(order=(Order(None, ("magic", "content-type")),))
IDENTIFICATION = Identification(
    ORDER, {"magic": by_octets, "extension": by_name, "content-type": content_type.identify}
)


@dataclass
class Scene:
    acls: str
    said: Said = Said()
    templates: Mapping[str, bytes] = field(default_factory=dict)
    items: str = ""  # of the mail-filter
    direction: str = "download"
    size_preserving: bool = False

    def run(self, octets: bytes) -> Outcome:
        mail_filter = f"mail-filter {{ {self.items} }}" if self.items else "mail-filter { limits; }"
        rules = policy(f"{self.acls} {mail_filter}")
        made = {path: Template.of(text) for path, text in self.templates.items()}
        context = Context(
            facts=SESSION,
            command_acl="COMMANDS",
            direction=self.direction,
            mail_acl=rules.mail_acl,
            doc_acl=rules.doc_acl,
            mail_filter=rules.mail_filter[0],
            size_preserving=self.size_preserving,
            date="24-Dec-2026 10:00:00 +0100",
            tools=Tools(IDENTIFICATION, made),
        )
        before, logs = None, []
        while before is None or before.again:
            structure = parse(octets, Limits(*context.mail_filter.limits))
            before = process(octets, structure, self.said, context, before)
            logs += [
                f"{each.message.identification} {each.message.render(each.fields)}"
                for each in before.log
            ]
            if before.pieces is not None:
                octets = b"".join(chunks_of(octets, before.pieces))
        return Outcome(before, octets, logs)
