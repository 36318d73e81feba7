"""doc_edits - the actions of a doc-acl, done to the part of a mail.

    edit_document(rewriting, document, acl, types, subject)
        -> False where the mail must be denied

See also: mail_edits.py, ../../../kernun_common/mail_doc/rewrite.py.
"""

from __future__ import annotations

import re
from typing import Iterator, Tuple

from kernun_common.html_filter.filter import filter_html
from kernun_common.html_filter.section import HtmlFilter
from kernun_common.mail_doc.document import PartDocument
from kernun_common.mail_doc.encode import BASE64, CRLF, QUOTED_PRINTABLE, base64_chunks, suitable
from kernun_common.mail_doc.parameter import written
from kernun_common.mail_doc.pieces import Pieces, Slack
from kernun_common.mail_doc.rewrite import Rewriting
from kernun_common.mail_doc.structure import Part

from ...section.doc_acl import DocAcl
from .mail_edits import Subject

HTML = frozenset({"text/html", "application/xhtml+xml"})

# What a quoted-printable text may not hold as it is: it would not be the same octets again.
_TYPE = re.compile(r"[!#-'*+.0-9^-~-]+/[!#-'*+.0-9^-~-]+")
_OTHER_LINE_END = re.compile(rb"(?<!\r)\n|\r(?!\n)")


def edit_document(
    rewriting: Rewriting,
    document: PartDocument,
    acl: DocAcl,
    types: Tuple[str, ...],
    subject: Subject,
) -> bool:
    """All that the ACL wants done to a document; `types` are those that it is known as."""
    part = document.part
    if acl.replace is not None:
        path, kind, filename = acl.replace
        values = {"mime-type": types[0], "filename": next(iter(document.names), "")}
        rewriting.replace(part, subject.document(path, kind, values, filename))
    elif acl.remove:
        rewriting.remove(part)
    elif acl.html_filter is not None and not HTML.isdisjoint({*types, *document.declared}):
        if not _filter(rewriting, document, acl.html_filter):
            return False
    if acl.force_doctype_ident:
        _force_type(rewriting, part, types[0])
    return True


def _filter(rewriting: Rewriting, document: PartDocument, section: HtmlFilter) -> bool:
    part = document.part
    charset = part.content_type.first("charset")
    octets = document.start(section.max_size.size + 1)
    filtered = filter_html(octets, None if charset is None else charset.decode("latin-1"), section)
    if filtered.otherwise == "remove":
        rewriting.remove(part)
    elif filtered.octets is not None:
        _set_octets(rewriting, part, filtered.octets)
    return filtered.otherwise != "deny"


def _set_octets(rewriting: Rewriting, part: Part, octets: bytes) -> None:
    encoding, body = _encoded(octets, last_line_end=rewriting.needs_line_end(part))
    rewriting.header(part).replace(b"Content-Transfer-Encoding", encoding.encode("ascii"))
    rewriting.set_body(part, body)


def _encoded(octets: bytes, last_line_end: bool) -> Tuple[str, Pieces]:
    """The octets in a transfer encoding; a mail's last line has its end."""
    if _OTHER_LINE_END.search(octets):
        encoding, text = BASE64, b"".join(base64_chunks([octets]))
    else:
        encoding, text = suitable(octets)
    if encoding == QUOTED_PRINTABLE and text.endswith(CRLF):
        return encoding, (text, Slack())
    return encoding, (text, *((CRLF,) if last_line_end else ()))


def _force_type(rewriting: Rewriting, part: Part, kind: str) -> None:
    """The type that is known, with the parameters of the declared one."""
    if kind == part.content_type.name or not _TYPE.fullmatch(kind):
        return
    parameters = "".join(f"; {each}" for each in _parameters(part))
    rewriting.header(part).replace(b"Content-Type", (kind + parameters).encode("latin-1"))


def _parameters(part: Part) -> Iterator[str]:
    for name, value in part.content_type.joined:
        yield written(name, value).decode("latin-1")
