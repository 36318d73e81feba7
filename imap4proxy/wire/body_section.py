"""body_section - the part of a mail that BODY[...] and BINARY[...] name.

    Section((1, 2), "MIME")                    [1.2.MIME]
    Section((), "HEADER.FIELDS", (b"Date",))   [HEADER.FIELDS (Date)]
    Section()                                  []

Sources: RFC 3501 section 9 (section), RFC 3516 section 4 (section-binary).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator, List, Tuple

from .abnf import NUMBER
from .parts import Astring, Part
from .scanner import Invalid, Scanner

_PART = re.compile(rb"[1-9]\d{0,9}(?:\.[1-9]\d{0,9})*")
_TEXT = re.compile(rb"[A-Za-z.]*")
_BRACKET = re.compile(rb"[][]")  # one would end the section for who reads no further than that
_WITH_FIELDS = ("HEADER.FIELDS", "HEADER.FIELDS.NOT")
_OF_A_MAIL = ("", "HEADER", *_WITH_FIELDS, "TEXT")
_OF_A_PART = (*_OF_A_MAIL, "MIME")


@dataclass(frozen=True, slots=True)
class Section:
    """Part numbers, then a text in upper case (may be ""), then the names of header fields."""

    part: Tuple[int, ...] = ()
    text: str = ""
    fields: Tuple[bytes, ...] = ()

    @property
    def parts(self) -> Iterator[Part]:
        numbers = ".".join(map(str, self.part))
        dot = "." if self.part and self.text else ""
        yield f"[{numbers}{dot}{self.text}".encode()
        for at, name in enumerate(self.fields):
            yield b" " if at else b" ("
            yield Astring(name)
        yield b")]" if self.fields else b"]"


def section(scan: Scanner) -> Section:
    """section = "[" [section-msgtext / (section-part ["." section-text])] "]" """
    part = _part_numbers(scan)
    if part and not scan.accept(b"."):
        text = ""
    else:
        text = scan.take(_TEXT, "section").upper().decode()
        if part and not text or text not in (_OF_A_PART if part else _OF_A_MAIL):
            raise Invalid("section expected")
    fields = tuple(_field_names(scan)) if text in _WITH_FIELDS else ()
    scan.expect(b"]", "end of the section")
    return Section(part, text, fields)


def section_binary(scan: Scanner) -> Section:
    """section-binary = "[" [section-part] "]" """
    part = _part_numbers(scan)
    scan.expect(b"]", "end of the section")
    return Section(part)


def _part_numbers(scan: Scanner) -> Tuple[int, ...]:
    """section-part = nz-number *("." nz-number)"""
    scan.expect(b"[", "section")
    found = _PART.match(scan.text, scan.at)
    if found is None:
        return ()
    scan.at = found.end()
    numbers = found[0].split(b".", scan.limits.section_depth)
    if len(numbers) > scan.limits.section_depth:
        raise Invalid("fewer levels expected")
    if any(int(number) > NUMBER for number in numbers):
        raise Invalid("smaller number expected")
    return tuple(map(int, numbers))


def _field_names(scan: Scanner) -> List[bytes]:
    """header-list = "(" header-fld-name *(SP header-fld-name) ")" """
    scan.sp()
    scan.opening()
    names = [scan.astring()]
    while scan.accept(b" "):
        names.append(scan.astring())
    scan.closing()
    if any(map(_BRACKET.search, names)):
        raise Invalid("names of header fields without brackets expected")
    return names
