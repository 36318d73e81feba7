"""view - the answers to the items of a FETCH that come from a mail's content.

    view = View(octets, structure)                 of one mail; keep it as long as the mail
    answer = view.answer(items)
    answer.pieces        b"BODY[] {123}\\\\r\\\\n", Span(0, 123), b" RFC822.SIZE 123", ...
    answer.refusals      ("UNKNOWN-CTE",): codes of the tagged NO that the command ends with

The pieces (pieces.py) are what stands between the brackets of `* 1 FETCH (...)`, in the
order of the items, each once; items that the server answers are passed over, those that
are refused are left out.  Large parts are not copied.

No literal holds a NUL (RFC 3501 section 9): it is sent as 0x80, as Dovecot does, but
where BINARY may send it as it is.

Sources: RFC 3501 section 6.4.5 and 7.4.2, RFC 3516, RFC 9051.  See also: items.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Callable, Dict, Iterable, Iterator, List, Set, Tuple

from kernun_common.mail_doc.octets import Octets, Span
from kernun_common.mail_doc.octets import chunks as chunks_of_span
from kernun_common.mail_doc.structure import Structure

from ...wire.body_section import Section
from ...wire.fetch_items import Item
from ...wire.fragments import Literal, header
from . import sections
from .binary import Documents, Refused
from .bodystructure import bodystructure
from .envelope import envelope
from .items import Source, label, source
from .pieces import Piece, Stream, cut, length, merged, size

_NUL = b"\0"
_INSTEAD_OF_NUL = b"\x80"


@dataclass(frozen=True)
class Answer:
    """`refusals`: the code of each item that is not there, in their order."""

    pieces: Tuple[Piece, ...]
    refusals: Tuple[str, ...] = ()


class View:
    def __init__(self, octets: Octets, structure: Structure) -> None:
        self.octets = octets
        self.structure = structure
        self._documents = Documents(octets)

    def answer(self, items: Iterable[Item]) -> Answer:
        pieces: List[Piece] = []
        refusals: List[str] = []
        known: Set[Tuple[bytes, Tuple[int, int] | None]] = set()
        for item in items:
            asked = label(item), item.partial
            if asked in known or source(item) is Source.SERVER:
                continue
            known.add(asked)
            try:
                value = list(self._value(item))
            except Refused as refused:
                refusals.append(refused.code)
                continue
            pieces += (b" " * bool(pieces) + asked[0] + b" ", *value)
        return Answer(tuple(merged(self.octets, pieces)), tuple(refusals))

    def _value(self, item: Item) -> Iterable[Piece]:
        if item.section is None:
            return _PLAIN[item.name](self)
        return _SECTIONED[item.name](self, item.section, item.partial)

    # --- of the whole mail ---------------------------------------------------------------------

    def _size(self) -> Iterable[Piece]:
        return (b"%d" % len(self.octets),)

    @cached_property
    def _envelope(self) -> bytes:
        return envelope(self.octets, self.structure.root.fields)

    @cached_property
    def _bodystructure(self) -> bytes:
        return bodystructure(self.octets, self.structure.root, extended=True)

    @cached_property
    def _body(self) -> bytes:
        return bodystructure(self.octets, self.structure.root, extended=False)

    # --- sections ------------------------------------------------------------------------------

    def _section(self, section: Section, partial: Tuple[int, int] | None = None) -> List[Piece]:
        found = _cut(sections.pieces(self.octets, self.structure.root, section), partial)
        return [header(Literal(size(found))), *map(self._without_nul, found)]

    def _binary(self, section: Section, partial: Tuple[int, int] | None) -> List[Piece]:
        found = _cut(self._decoded(section), partial)
        if any(map(self._has_nul, found)):
            return [header(Literal(size(found), binary=True)), *found]
        return [header(Literal(size(found))), *found]

    def _binary_size(self, section: Section, partial: object) -> List[Piece]:
        return [b"%d" % size(self._decoded(section))]

    def _decoded(self, section: Section) -> Iterator[Piece]:
        part = sections.find(self.octets, self.structure.root, section.part)
        if part is not None:
            yield from self._documents.pieces(part, with_header=not section.part)

    # --- NUL -----------------------------------------------------------------------------------

    @cached_property
    def _first_nul(self) -> int:
        return self.octets.find(_NUL)

    def _has_nul(self, piece: Piece) -> bool:
        """May it?  What was decoded is not looked through."""
        if isinstance(piece, Stream):
            return True
        if isinstance(piece, bytes) or not 0 <= self._first_nul < piece.end:
            return False
        return self.octets.find(_NUL, *piece) >= 0

    def _without_nul(self, piece: Piece) -> Piece:
        if not (isinstance(piece, Span) and self._has_nul(piece)):
            return piece
        span = piece

        def begin(offset: int) -> Iterator[bytes]:
            for chunk in chunks_of_span(self.octets, Span(span.start + offset, span.end)):
                yield chunk.replace(_NUL, _INSTEAD_OF_NUL)

        return Stream(span.size, begin)


def _cut(pieces: Iterable[Piece], partial: Tuple[int, int] | None) -> List[Piece]:
    if partial is None:
        return [piece for piece in pieces if length(piece)]
    return list(cut(pieces, *partial))


_PLAIN: Dict[str, Callable[[View], Iterable[Piece]]] = {
    "BODY": lambda view: (view._body,),
    "BODYSTRUCTURE": lambda view: (view._bodystructure,),
    "ENVELOPE": lambda view: (view._envelope,),
    "RFC822": lambda view: view._section(Section()),
    "RFC822.HEADER": lambda view: view._section(Section((), "HEADER")),
    "RFC822.SIZE": View._size,
    "RFC822.TEXT": lambda view: view._section(Section((), "TEXT")),
}
_SECTIONED: Dict[str, Callable[[View, Section, Tuple[int, int] | None], List[Piece]]] = {
    "BODY": View._section,
    "BODY.PEEK": View._section,
    "BINARY": View._binary,
    "BINARY.PEEK": View._binary,
    "BINARY.SIZE": View._binary_size,
}
