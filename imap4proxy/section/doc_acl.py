"""doc_acl - phase three, once a document: what is done with it; imap4-proxy.cfg(5).

Asked for each part of a mail that holds no other parts, after the mail-acl.
See also: mail_acl.py, ../engine/processing.py, mod-mail-doc(5).
"""

from __future__ import annotations

from typing import Any, Callable, ClassVar, Iterable, NamedTuple, Tuple, Union

from kernun_common.acl.condition import Answer, Condition, answer
from kernun_common.acl.data_matching import Case, matches
from kernun_common.acl.facts import Document, Facts
from kernun_common.configuration.schema import item, key, section
from kernun_common.configuration.types import StrSet
from kernun_common.doctype_identification.section import METHODS
from kernun_common.errors import Where
from kernun_common.html_filter.section import HtmlFilter

from .command_acl import parent_answer, told_parent
from .mail_acl import TEXT_LIMIT, AclWithMail, Size, is_one_line, mime_type, told_texts


class DocumentReplacement(NamedTuple):
    """The template that a document is replaced by, its MIME type and the name of its file."""

    path: str
    type: str | None = None
    filename: str | None = None


def _replacement(row: DocumentReplacement) -> str | None:
    if row.filename is not None and (not is_one_line(row.filename) or "/" in row.filename):
        return f"a filename must be one line of at most {TEXT_LIMIT} characters, without slash"
    return mime_type(row)


def _of_document(judge: Callable[[Any, Document], bool]) -> Callable[[Any, Facts], Answer]:
    def judged(row: Any, facts: Facts) -> Answer:
        if facts.document is None:
            return Answer.CANNOT_TELL
        return answer(judge(row, facts.document))

    return judged


def _told(tell: Callable[[Document], str]) -> Callable[[Facts], str]:
    return lambda facts: "no document" if facts.document is None else tell(facts.document)


@section("doc-acl", "Phase 3, once a document of a mail: what is done with it.", named=True)
class DocAcl(AclWithMail):
    """If one of its documents is denied, or finds no doc-acl, the whole mail is denied."""

    ACTIONS = ("html_filter", "replace", "remove", "doctype_ident_order", "force_doctype_ident")
    CONDITIONS: ClassVar[Tuple[Condition, ...]] = (
        Condition("mail_acl", parent_answer, told_parent("mail-acl")),
        *AclWithMail.CONDITIONS,
        Condition(
            "size",
            _of_document(lambda row, document: row.holds(document.size)),
            _told(lambda document: f"a document of {document.size} octets"),
        ),
        Condition(
            "mime_type",
            _of_document(lambda row, document: matches(document.types, row, Case.IGNORED)),
            _told(lambda document: told_texts("type", document.types)),
        ),
        Condition(
            "filename",
            _of_document(lambda row, document: matches(document.names, row, Case.IGNORED)),
            _told(lambda document: told_texts("file name", document.names)),
        ),
        Condition(
            "archive_member",
            _of_document(lambda row, document: matches(document.members, row, Case.IGNORED)),
            _told(lambda document: told_texts("archive member", document.members[:10])),
        ),
    )

    mail_acl: StrSet | None = item(
        "str-set", text="The name of the mail-acl that was selected belongs to the set."
    )
    size: Size | None = item(
        "<comparison> lt|le|eq|ge|gt <size> size",
        into=Size,
        text="How the octets of the decoded document compare with this number.",
    )
    mime_type: StrSet | None = item(
        "str-set",
        text="The MIME type of the document belongs to the set, as doctype-identification(7)"
        ' finds it; it is "" where that is not known.',
    )
    filename: StrSet | None = item(
        "str-set",
        text="The name of the file that the document would be saved in belongs to the set. A"
        " document without name belongs to no set but a negated one.",
    )
    archive_member: StrSet | None = item(
        "str-set",
        text="The document is an archive (zip, tar, gzip), and the name of a file in it, with its"
        " folder or without, or of a file in an archive in it, belongs to the set. A zip or a tar"
        " counts wherever it stands in the document, since programs find it there. Where programs"
        " differ in which name a file has, each counts. The name \"\" is among the names where more"
        " may be in it than was seen: it is damaged, too large or deep, a name in it has more than"
        " 1024 octets, a zip seems to be hidden in deflated octets, or a file in it is encrypted"
        " (its name is seen as a rule, but not what is in it). Too large is what inflates to more"
        " than 20 times its own octets, as far as they have been read, and 64 MiB, which all"
        " documents of a mail share.",
    )
    html_filter: HtmlFilter | None = item(
        "ref:html-filter",
        text="Filter the document, mod-html-filter(5), where it is HTML.",
    )
    replace: DocumentReplacement | None = item(
        "<path> path [type str] [filename str]",
        into=DocumentReplacement,
        check=_replacement,
        text="Replace the document by this file, a template, at its place in the mail."
        " Its MIME type is text/html where its name ends in .html or .htm, else"
        " text/plain, if not given.",
    )
    remove: bool = key(text="Take the part out of the mail.")
    doctype_ident_order: Tuple[str, ...] | None = item(
        "method-list",
        text=f"The methods ({', '.join(METHODS)}) by which the type of the document is found for"
        " the log, templates and force-doctype-ident, instead of `order` in"
        " doctype-identification.",
    )
    force_doctype_ident: bool = key(
        text="Send the type that was found in Content-Type, instead of the declared one."
    )

    def complaints(self) -> Iterable[Tuple[Union[str, Where], str]]:
        yield from super().complaints()
        given = [name for name in ("html_filter", "replace", "remove") if getattr(self, name)]
        for attribute in given[1:]:
            yield attribute, "html-filter, replace and remove exclude each other"
        if self.force_doctype_ident and (self.replace is not None or self.remove):
            yield "force_doctype_ident", "has no effect on a document that is not sent"
