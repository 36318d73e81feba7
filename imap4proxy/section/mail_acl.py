"""mail_acl - phase three, once a mail: what is done with it; imap4-proxy.cfg(5).

Asked when a mail is read whole, checked and its structure known.  `AclWithMail`
is what doc_acl.py has in common with it.
See also: doc_acl.py, ../engine/processing.py, mod-mail-doc(5).
"""

from __future__ import annotations

import operator
import re
from typing import Any, Callable, ClassVar, Iterable, Mapping, NamedTuple, Tuple, Union

from kernun_common.acl.condition import Answer, Condition, answer
from kernun_common.acl.data_matching import Case, matches
from kernun_common.acl.facts import Facts, Mail
from kernun_common.acl.section import AclWithServer, Deny
from kernun_common.configuration.constraints import Constraint
from kernun_common.configuration.kinds import enumeration
from kernun_common.configuration.schema import item, items, section
from kernun_common.configuration.text import keyword_of
from kernun_common.configuration.types import Exact, StrSet, WordSet
from kernun_common.errors import Where

from .command_acl import deny_text, parent_answer, told_parent

enumeration("direction", ("download", "upload"))
enumeration("virus-status", ("found", "free", "skipped", "unknown", "error"))

STRUCTURES = ("valid", "corrected", "invalid")
TEXT_LIMIT = 512  # characters that an ACL may put into one header field

_COMPARED: Mapping[str, Callable[[Any, Any], bool]] = {
    name: getattr(operator, name) for name in ("lt", "le", "eq", "ge", "gt")
}
_FIELD_NAME = re.compile(r"[!-9;-~]{1,76}")  # RFC 5322, 2.2 and 3.6.8: ftext; fits on a line
_MIME_TYPE = re.compile(r"[A-Za-z0-9][\w.+-]{0,126}/[A-Za-z0-9][\w.+-]{0,126}", re.ASCII)


class Score(NamedTuple):
    """What a spam score is compared with, in thousandths; or that it is not known."""

    comparison: str | None = None
    score: int | None = None
    unknown: bool = False


class Size(NamedTuple):
    """What a number of octets is compared with."""

    comparison: str
    size: int

    def holds(self, size: int) -> bool:
        """Is it so for that many octets?"""
        return _COMPARED[self.comparison](size, self.size)


class HeaderValue(NamedTuple):
    """A header field has one of these values."""

    name: str
    value: StrSet


class SubjectText(NamedTuple):
    """What is put before the subject, or behind it."""

    text: str
    place: str = "prefix"


class Replacement(NamedTuple):
    """The template that something is replaced by, and its MIME type; by its name if None."""

    path: str
    type: str | None = None


class HeaderChange(NamedTuple):
    """What is done with the header fields of a name."""

    change: str
    name: str
    text: str | None = None


def is_one_line(text: str) -> bool:
    """Can the text stand in a header field: of some length, without control characters?"""
    return 0 < len(text) <= TEXT_LIMIT and text.isprintable()


def mime_type(row: Any) -> str | None:
    """The check of an item with a `type`."""
    if row.type is not None and not _MIME_TYPE.fullmatch(row.type):
        return f"{row.type!r} is no MIME type, such as text/plain"
    return None


_structures = Constraint(
    f"must be of {', '.join(STRUCTURES)}",
    lambda words: all(
        member.text in STRUCTURES for member in words.members if isinstance(member, Exact)
    ),
)
_subject_text = Constraint(
    f"must be one line of at most {TEXT_LIMIT} characters", lambda row: is_one_line(row.text)
)


def _field_name(name: str) -> str | None:
    return None if _FIELD_NAME.fullmatch(name) else f"{name!r} is no name of a header field"


def _header_value(row: HeaderValue) -> str | None:
    return _field_name(row.name)


def _header_change(row: HeaderChange) -> str | None:
    """Those that say how the body is read stay: the body was checked as they have it."""
    if row.name.lower().startswith("content-") or row.name.lower() == "mime-version":
        return f"{row.name} belongs to the body, it cannot be changed"
    if (row.text is None) != (row.change == "delete"):
        return "expected a text with add and replace, none with delete"
    if row.text is not None and not is_one_line(row.text):
        return f"must be one line of at most {TEXT_LIMIT} characters"
    return _field_name(row.name)


def of_mail(judge: Callable[[Any, Mail], bool]) -> Callable[[Any, Facts], Answer]:
    """What answers for a row by what is known of the mail."""

    def judged(row: Any, facts: Facts) -> Answer:
        return Answer.CANNOT_TELL if facts.mail is None else answer(judge(row, facts.mail))

    return judged


def told_of_mail(tell: Callable[[Mail], str]) -> Callable[[Facts], str]:
    """What tells the operator of the mail."""
    return lambda facts: "no mail" if facts.mail is None else tell(facts.mail)


def _score(row: Score, mail: Mail) -> bool:
    if row.comparison is None or mail.spam_score is None:
        return row.unknown and mail.spam_score is None
    return _COMPARED[row.comparison](max(mail.spam_score, 0), row.score)


def _told_score(mail: Mail) -> str:
    return f"spam score {'unknown' if mail.spam_score is None else mail.spam_score}"


def told_texts(what: str, texts: Tuple[str, ...]) -> str:
    """Texts that a peer chose, for a reason; the log and test-imap4 escape them."""
    return f"{what} {', '.join(texts)}" if texts else f"no {what}"


@section("acl-with-mail", "One rule, in phase 3.", named=True)
class AclWithMail(AclWithServer):
    """Base of the ACLs of the layers that know the mail."""

    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        *AclWithServer.CONDITIONS,
        Condition(
            "direction",
            of_mail(lambda row, mail: mail.direction in row),
            told_of_mail(lambda mail: f"direction {mail.direction}"),
        ),
        Condition(
            "virus_status",
            of_mail(lambda row, mail: mail.virus_status in row),
            told_of_mail(lambda mail: f"virus status {mail.virus_status}"),
        ),
        Condition("spam_score", of_mail(_score), told_of_mail(_told_score)),
    )

    direction: WordSet | None = item(
        "direction-set",
        text="The mail is on this way: `download` from the server to the client, `upload` from"
        " the client to the server.",
    )
    virus_status: WordSet | None = item(
        "virus-status-set",
        text="What antivirus says of the mail: a virus was `found`, it is `free` of them, it was"
        " not asked (`skipped`), it does not know, or it failed (`error`).",
    )
    spam_score: Score | None = item(
        "<comparison> lt|le|eq|ge|gt <score> int | unknown",
        into=Score,
        text="How the spam score of the mail compares with this one, in thousandths: 5000 is 5.0."
        " A score below zero counts as zero. With `unknown`: there is no score.",
    )
    deny: Deny | None = item(
        "[text str]",
        into=Deny,
        check=deny_text,
        text="The mail is denied: it is not transferred, and the client gets NO with this text, or"
        " else one in the language of the session.",
    )

    ACTIONS: ClassVar[Tuple[str, ...]] = ()  # those that need a mail that is accepted

    @property
    def denies(self) -> bool:
        return self.deny is not None

    @property
    def deny_text(self) -> str | None:
        """The operator's words to a client whose mail is denied, if there are any."""
        return self.deny.text if self.deny is not None else None

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        for attribute in self.ACTIONS if self.denies else ():
            if getattr(self, attribute) not in (None, (), False):
                yield attribute, f"has no effect: {keyword_of('deny')} excludes it"


@section("mail-acl", "Phase 3, once a mail: what is done with it.", named=True)
class MailAcl(AclWithMail):
    """Denied, or without a mail-acl, the mail is not transferred."""

    ACTIONS = ("subject_text", "replace_body", "modify_header", "status_headers")
    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        Condition("command_acl", parent_answer, told_parent("command-acl")),
        *AclWithMail.CONDITIONS,
        Condition(
            "size",
            of_mail(lambda row, mail: row.holds(mail.size)),
            told_of_mail(lambda mail: f"a mail of {mail.size} octets"),
        ),
        Condition(
            "mail_structure",
            of_mail(lambda row, mail: matches((mail.structure,), row)),
            told_of_mail(lambda mail: f"mail structure {mail.structure}"),
        ),
        Condition(
            "sender",
            of_mail(lambda row, mail: matches(mail.header.senders, row, Case.DOMAIN_IGNORED)),
            told_of_mail(lambda mail: told_texts("sender", mail.header.senders)),
        ),
        Condition(
            "recipient",
            of_mail(lambda row, mail: matches(mail.header.recipients, row, Case.DOMAIN_IGNORED)),
            told_of_mail(lambda mail: told_texts("recipient", mail.header.recipients)),
        ),
        Condition(
            "subject",
            of_mail(lambda row, mail: matches(mail.header.subjects, row)),
            told_of_mail(lambda mail: told_texts("subject", mail.header.subjects)),
        ),
        Condition(
            "header",
            of_mail(lambda row, mail: matches(mail.header.values(row.name), row.value)),
            lambda facts: "the header of the mail",
            kind=lambda row: row.name.lower(),
        ),
    )

    command_acl: StrSet | None = item(
        "str-set", text="The name of the command-acl that was selected belongs to the set."
    )
    size: Size | None = item(
        "<comparison> lt|le|eq|ge|gt <size> size",
        into=Size,
        text="How the octets of the mail compare with this number.",
    )
    mail_structure: StrSet | None = item(
        "str-set",
        check=_structures,
        text="The structure of the mail is `valid`; or `corrected`: mail-filter has corrected it;"
        " or `invalid`: it cannot be read without doubt, and was not corrected.",
    )
    sender: Tuple[StrSet, ...] = items(
        "str-set",
        text="One of the addresses in the fields From and Sender belongs to the set.",
    )
    recipient: Tuple[StrSet, ...] = items(
        "str-set",
        text="One of the addresses in the fields To, Cc and Bcc belongs to the set.",
    )
    subject: StrSet | None = item(
        "str-set",
        text="The subject belongs to the set, with its encoded words decoded; it is empty where"
        " there is none.",
    )
    header: Tuple[HeaderValue, ...] = items(
        "<name> str <value> str-set",
        into=HeaderValue,
        check=_header_value,
        text="One of the fields of that name has a value that belongs to the set, with encoded"
        " words decoded. Of several rows with one name one must hold; rows with different names"
        " must all hold.",
    )
    subject_text: SubjectText | None = item(
        "<text> str [<place> prefix|suffix]",
        into=SubjectText,
        check=_subject_text,
        text="Put this text before the subject, or with `suffix` behind it, unless it is there"
        " already. A mail without a subject gets one.",
    )
    replace_body: Replacement | None = item(
        "<path> path [type str]",
        into=Replacement,
        check=mime_type,
        text="Replace the whole body by this file, a template. Its MIME type is"
        " text/html where its name ends in .html or .htm, else text/plain, if not given.",
    )
    modify_header: Tuple[HeaderChange, ...] = items(
        "<change> delete|add|replace <name> str [<text> str]",
        into=HeaderChange,
        check=_header_change,
        text="Delete all header fields of that name; add one at the end of the header; or replace"
        " all by one, which is added where there is none. Rows are done in their order.",
    )
    status_headers: bool = item(
        "yes-no",
        default="no",
        text="Add the header fields X-Kernun-Spam-Score, X-Kernun-Virus-Status and, where a virus"
        " was found, X-Kernun-Virus-Name; those that the mail had before are deleted.",
    )
    quarantine: str | None = item(
        "path",
        text="Keep the original of the mail in this folder, with what is known of it beside it;"
        " where that fails, the mail is denied.",
    )
