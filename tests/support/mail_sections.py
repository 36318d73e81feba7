"""mail_sections - the sections of phase three from text, under a root of the tests' own.

    mail_acl("subject-text x; accept;")  doc_acl("remove; accept;")  mail_filter("bad-chars deny;")
    errors_in(MailAcl, items)            what is wrong there: the texts
"""

from __future__ import annotations

from typing import List, Tuple, Type

from imap4proxy import VERSION_TAG
from imap4proxy.section.doc_acl import DocAcl
from imap4proxy.section.mail_acl import MailAcl
from imap4proxy.section.mail_filter import MailFilter
from kernun_common.configuration.check import check
from kernun_common.configuration.kind import Context
from kernun_common.configuration.parser import parse
from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.schema import Section, parts, section
from kernun_common.html_filter.section import HtmlFilter


@section("mail-policy", "Holds what an imap4-proxy does.")
class MailPolicy(Section):
    mail_acl: Tuple[MailAcl, ...] = parts(MailAcl, text="Phase 3M.")
    doc_acl: Tuple[DocAcl, ...] = parts(DocAcl, text="Phase 3D.")
    mail_filter: Tuple[MailFilter, ...] = parts(MailFilter, text="Corrections.")


ROOT = (HtmlFilter, MailPolicy)


def policy(body: str) -> MailPolicy:
    text = f"version {VERSION_TAG}; html-filter SAFE {{ defang; }} mail-policy {{ {body} }}"
    parsed = parse(text, "f")
    made = check(parsed.statements, parsed.errors, "f", ROOT, VERSION_TAG, Context(folder="/etc"))
    (found,) = made.sections("mail-policy")
    assert isinstance(found, MailPolicy)
    return found


def mail_acl(items: str) -> MailAcl:
    (acl,) = policy(f"mail-acl A {{ {items} }}").mail_acl
    return acl


def doc_acl(items: str) -> DocAcl:
    (acl,) = policy(f"doc-acl A {{ {items} }}").doc_acl
    return acl


def mail_filter(items: str) -> MailFilter:
    (found,) = policy(f"mail-filter {{ {items} }}").mail_filter
    return found


def errors_in(cls: Type[Section], items: str) -> List[str]:
    name = "A" if cls.TABLE.named else ""
    try:
        policy(f"{cls.TABLE.keyword} {name} {{ {items} }}")
    except ConfigurationErrors as errors:
        return [error.text for error in errors]
    return []
