"""sections - what BODY[...] names: a part, a header, some of its fields, a body.

    find(octets, structure.root, (2, 1))       -> the part 2.1, None if there is none
    spans(octets, structure, section)          -> pieces of the mail, in order

    []  [1.2]             the mail; the body of a part
    [1.2.MIME]            the header of a part
    [HEADER] [1.2.TEXT]   header and body of the mail, or of the mail in a message/rfc822
    [HEADER.FIELDS (..)] [HEADER.FIELDS.NOT (..)]   of that header; with its blank line

What does not exist is empty.  Source: RFC 3501 section 6.4.5.
"""

from __future__ import annotations

from typing import Callable, Dict, Iterator, Tuple

from kernun_common.mail_doc.octets import Octets, Span
from kernun_common.mail_doc.structure import Part

from ...wire.body_section import Section
from .content import Content, Shape
from .pieces import Piece

Number = Tuple[int, ...]


def find(octets: Octets, root: Part, number: Number) -> Part | None:
    """The part of this number; a mail that is no multipart is its own part 1."""
    part = root
    for level, at in enumerate(number, 1):
        is_last = level == len(number)
        if _shape(octets, part) is Shape.MULTIPART:
            if at > len(part.children):
                return None
            part = part.children[at - 1]
        elif at != 1 or not (is_last or part.children):
            return None
        if not is_last and _shape(octets, part) is Shape.MESSAGE:
            part = part.children[0]
    return part


def _shape(octets: Octets, part: Part) -> Shape:
    return Content.of(octets, part).shape


def _mail(octets: Octets, root: Part, number: Number) -> Part | None:
    """Whose HEADER and TEXT are asked for."""
    if not number:
        return root
    part = find(octets, root, number)
    if part is None or _shape(octets, part) is not Shape.MESSAGE:
        return None
    return part.children[0]


def pieces(octets: Octets, root: Part, section: Section) -> Iterator[Piece]:
    """What the section names."""
    if section.text in ("", "MIME"):
        part = find(octets, root, section.part)
    else:
        part = _mail(octets, root, section.part)
    if part is not None:
        yield from _TEXTS[section.text](octets, part, section)


def _body(octets: Octets, part: Part, section: Section) -> Iterator[Piece]:
    yield part.body if section.part else Span(0, len(octets))


def _header(octets: Octets, part: Part, section: Section) -> Iterator[Piece]:
    yield part.header


def _text(octets: Octets, part: Part, section: Section) -> Iterator[Piece]:
    yield part.body


def _fields(octets: Octets, part: Part, section: Section) -> Iterator[Piece]:
    """Those named; behind those of the mail itself a line end, even where its header has none."""
    wanted = _names(section)
    yield from (field.span for field in part.fields if field.key in wanted)
    blank_line = _blank_line(part)
    yield blank_line if blank_line.size or section.part else b"\r\n"


def _other_fields(octets: Octets, part: Part, section: Section) -> Iterator[Piece]:
    unwanted = _names(section)
    yield from (field.span for field in part.fields if field.key not in unwanted)
    yield _blank_line(part)


def _names(section: Section) -> frozenset[str]:
    return frozenset(name.decode("latin-1").lower() for name in section.fields)


def _blank_line(part: Part) -> Span:
    """Behind the last field; empty where the header ends without one."""
    start = part.fields[-1].span.end if part.fields else part.header.start
    return Span(start, part.header.end)


_TEXTS: Dict[str, Callable[[Octets, Part, Section], Iterator[Piece]]] = {
    "": _body,
    "MIME": _header,
    "HEADER": _header,
    "HEADER.FIELDS": _fields,
    "HEADER.FIELDS.NOT": _other_fields,
    "TEXT": _text,
}
