"""fetch_items - the data items of FETCH, each as a value.

    Item("FLAGS")                                         FLAGS
    Item("BODY.PEEK", Section((1,), "MIME"), (0, 1024))   BODY.PEEK[1.MIME]<0.1024>

Sources: RFC 3501 section 6.4.5, RFC 3516 (BINARY), RFC 7162 (MODSEQ), RFC 8474
(EMAILID, THREADID), RFC 8514 (SAVEDATE), Gmail (X-GM-).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Callable, Dict, Iterator, List, NamedTuple, Tuple

from .abnf import NUMBER
from .body_section import Section, section, section_binary
from .names import Need, need
from .parts import Part
from .scanner import Invalid, Scanner

CONDSTORE = need(b"CONDSTORE")
GMAIL = need(b"X-GM-EXT-1")
OBJECTID = need(b"OBJECTID")
SAVEDATE = need(b"SAVEDATE")
_BINARY = need(b"BINARY", b"IMAP4REV2")

_NAME = re.compile(rb"[A-Za-z0-9.-]+")


@dataclass(frozen=True, slots=True)
class Item:
    """fetch-att; `name` in upper case, `partial` = (offset, length)."""

    name: str
    section: Section | None = None
    partial: Tuple[int, int] | None = None

    @property
    def parts(self) -> Iterator[Part]:
        yield self.name.encode()
        if self.section is not None:
            yield from self.section.parts
        if self.partial is not None:
            yield b"<%d.%d>" % self.partial


class _Sectioned(NamedTuple):
    """An item with a body section."""

    section: Callable[[Scanner], Section]
    partial: bool
    need: Need | None = None


_SECTIONED: Dict[bytes, _Sectioned] = {
    b"BODY": _Sectioned(section, True),
    b"BODY.PEEK": _Sectioned(section, True),
    b"BINARY": _Sectioned(section_binary, True, _BINARY),
    b"BINARY.PEEK": _Sectioned(section_binary, True, _BINARY),
    b"BINARY.SIZE": _Sectioned(section_binary, False, _BINARY),
}

# The others, with what they need.
_PLAIN: Dict[bytes, Need | None] = {
    **dict.fromkeys(
        b"BODY BODYSTRUCTURE ENVELOPE FLAGS INTERNALDATE RFC822 RFC822.HEADER RFC822.SIZE "
        b"RFC822.TEXT UID".split()
    ),
    b"MODSEQ": CONDSTORE,
    b"EMAILID": OBJECTID,
    b"THREADID": OBJECTID,
    b"SAVEDATE": SAVEDATE,
    b"X-GM-MSGID": GMAIL,
    b"X-GM-THRID": GMAIL,
    b"X-GM-LABELS": GMAIL,
}

MACROS: Dict[bytes, Tuple[Item, ...]] = {
    macro: tuple(Item(name) for name in items.split())
    for macro, items in {
        b"ALL": "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE",
        b"FAST": "FLAGS INTERNALDATE RFC822.SIZE",
        b"FULL": "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY",
    }.items()
}


def items(scan: Scanner) -> Tuple[Item, ...]:
    """macro / fetch-att / "(" fetch-att *(SP fetch-att) ")" """
    if not scan.accept(b"("):
        name = scan.take(_NAME, "item").upper()
        return MACROS.get(name) or (_item(scan, name),)
    found: List[Item] = [_item(scan, scan.take(_NAME, "item").upper())]
    while scan.accept(b" "):
        found.append(_item(scan, scan.take(_NAME, "item").upper()))
    scan.closing()
    return tuple(found)


def _item(scan: Scanner, name: bytes) -> Item:
    """fetch-att, behind its name"""
    sectioned = _SECTIONED.get(name)
    if sectioned is None or not scan.looking_at(b"["):
        if name not in _PLAIN:
            raise Invalid("item expected")
        scan.require(_PLAIN[name])
        return Item(name.decode())
    scan.require(sectioned.need)
    where = sectioned.section(scan)
    partial = _partial(scan) if sectioned.partial and scan.accept(b"<") else None
    return Item(name.decode(), where, partial)


def _partial(scan: Scanner) -> Tuple[int, int]:
    """partial = "<" number "." nz-number ">"; its end must be a number, too"""
    offset = scan.number()
    scan.expect(b".", "length of the partial")
    length = scan.nz_number()
    scan.expect(b">", "end of the partial")
    if offset + length > NUMBER:
        raise Invalid("smaller partial expected")
    return offset, length
