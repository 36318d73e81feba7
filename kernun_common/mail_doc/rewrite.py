"""rewrite - a mail with some of its parts and header fields changed, as pieces of the original.

    rewriting = Rewriting(octets, structure)
    rewriting.replace(part, NewDocument("text/plain", "It was removed."))
    rewriting.remove(other)
    rewriting.add_subject_text("[SPAM] ", suffix=False)
    rewriting.pieces()                                    pieces.py; None where nothing changes

Each method acts on the parts of `structure` as they were parsed; the result is to be parsed anew.
What no method touches keeps its octets.  An edit of a part counts for nothing where another
takes out what it is in.
"""

from __future__ import annotations

from typing import Dict, Iterable, Iterator, List, Tuple

from . import status_headers, subject
from .encode import CRLF
from .header_draft import HeaderDraft
from .octets import Octets, Span
from .pieces import Edit, Pieces, edited
from .replacement import HeaderField, NewDocument
from .structure import Number, Part, Structure

_MIME_VERSION = b"MIME-Version"
_KEPT = frozenset({"content-id"})  # what other parts of a multipart/related call a document
_MIME_FIELDS = frozenset(
    {"content-type", "content-transfer-encoding", "content-disposition"}
)
_NOTHING = NewDocument("text/plain", "")

_Key = Tuple[int, Number, bool]  # what tells a part from all others


def _key(part: Part) -> _Key:
    return part.header.start, part.number, part.is_mail


class Rewriting:
    """See the file's first lines."""

    def __init__(self, octets: Octets, structure: Structure) -> None:
        self._octets = octets
        self._structure = structure
        self._drafts: Dict[_Key, HeaderDraft] = {}
        self._edits: List[Edit] = []
        self._removed: Dict[_Key, Part] = {}

    def header(self, part: Part) -> HeaderDraft:
        """The header of a part, to be changed."""
        key = _key(part)
        if key not in self._drafts:
            self._drafts[key] = HeaderDraft(self._octets, part)
        return self._drafts[key]

    def set_body(self, part: Part, pieces: Pieces) -> None:
        """Other octets for the body of a part."""
        self._edits.append(Edit(part.body, pieces))

    def needs_line_end(self, part: Part) -> bool:
        """Must a new body end its last line?  A mail's must; a part's, where no line end follows.

        That is so for a part without any octets, right before a boundary.
        """
        return part.is_mail or self._lacks_line_end(part.body.end)

    def _lacks_line_end(self, place: int) -> bool:
        return self._octets[place : place + 1] not in (b"\r", b"\n", b"")

    def add(self, edit: Edit) -> None:
        """Other octets for any place that no other method changes."""
        self._edits.append(edit)

    def set_mime_fields(self, part: Part, fields: Iterable[HeaderField]) -> None:
        """These instead of Content-Type, its transfer encoding and its disposition."""
        header = self.header(part)
        header.keep(lambda key: key not in _MIME_FIELDS)
        for name, value in fields:
            header.add(name, value)
        self._declare_mime(part)

    def _declare_mime(self, part: Part) -> None:
        """RFC 2045 section 4."""
        header = self.header(part)
        if part.is_mail and not header.values(_MIME_VERSION.decode().lower()):
            header.add(_MIME_VERSION, b"1.0")

    def set_content_fields(self, part: Part, fields: Iterable[HeaderField]) -> None:
        """These fields instead of all that say how the body of a part is read."""
        header = self.header(part)
        new = list(fields)
        names = {name.decode("latin-1").lower() for name, _ in new}
        header.keep(
            lambda key: not key.startswith("content-") or key in names or key in _KEPT
        )
        for name, value in new:
            header.replace(name, value)
        self._declare_mime(part)

    def replace(self, part: Part, document: NewDocument) -> None:
        """`document` at the place of the part; of a mail, instead of its body."""
        self.set_content_fields(part, document.fields())
        self.set_body(part, document.body(last_line_end=self.needs_line_end(part)))

    def remove(self, part: Part) -> None:
        """Take the part out of its multipart; what is the only one, or a mail, becomes empty."""
        self._removed[_key(part)] = part

    def add_subject_text(self, text: str, suffix: bool) -> None:
        """Each subject of the mail with the text before or behind it."""
        header = self.header(self._structure.root)
        values = header.values("subject")
        if not values:
            header.replace_written(subject.SUBJECT, subject.added(text))
        for value in values[:1]:
            written = subject.with_text(value, text, suffix)
            if written is not None or len(values) > 1:
                header.replace_written(
                    subject.SUBJECT, written or subject.SUBJECT + b":" + value
                )

    def set_status_headers(self, status: str, virus: str, score: int | None) -> None:
        """status_headers.py; those that the mail brought along go."""
        header = self.header(self._structure.root)
        header.delete(*(name.decode().lower() for name in status_headers.NAMES))
        for name, value in status_headers.fields(status, virus, score):
            header.add(name, value)

    def pieces(self) -> Pieces | None:
        """The mail as it is now."""
        for part in self._parents_of_removed():
            self._remove_from(part)
        edits = [edit for draft in self._drafts.values() if (edit := draft.edit()) is not None]
        edits += self._edits
        return edited(len(self._octets), edits) if edits else None

    def _parents_of_removed(self) -> Iterator[Part]:
        """Those whose children were removed; a mail that was is made empty here."""
        for part in self._removed.values():
            if part.is_mail:
                self.replace(part, _NOTHING)
        for part in self._structure.parts():
            if part.is_multipart and any(_key(child) in self._removed for child in part.children):
                yield part

    def _remove_from(self, parent: Part) -> None:
        """A part goes with the delimiter behind it, or before it where none follows."""
        gone = [_key(child) in self._removed for child in parent.children]
        if all(gone):
            self.replace(parent.children[0], _NOTHING)
            gone[0] = False
        last = max(n for n, is_gone in enumerate(gone) if not is_gone)
        children = parent.children
        for n in range(last):
            if gone[n]:
                self._edits.append(Edit(Span(children[n].span.start, children[n + 1].span.start)))
        if last + 1 < len(children):
            end = min(children[-1].body.end, parent.body.end)
            kept: Pieces = (CRLF,) if self._lacks_line_end(end) else ()
            self._edits.append(Edit(Span(children[last].body.end, end), kept))
