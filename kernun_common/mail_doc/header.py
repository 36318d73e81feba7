"""header - the fields of a header, where they stand; RFC 5322 section 2.2.

    for field in fields(octets, span)     span: a header, with or without its blank line
        field.key                         "content-type"
        unfolded(field.value.of(octets))  b" text/plain; charset=utf-8"

A line ends with LF, whether or not a CR stands before it; a line that begins with a
blank goes on with the field before.  A line without a colon is a field without a
name, so the fields always cover the header, and nothing in it goes unseen.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Iterator, List, Sequence

from .octets import Octets, Span, without_line_end

_FIELD = re.compile(rb"[^\n]*(?:\n[ \t][^\n]*)*\n?")
_NAME = re.compile(rb"([^\n:]*+):")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")


@dataclass(frozen=True)
class Field:
    """`span`: with its folds and its line end; `value`: from behind the colon up to the line end.

    `name` as it is written, without blanks before the colon; empty where there is no colon,
    and then the value is the whole line.
    """

    name: bytes
    span: Span
    value: Span

    @cached_property
    def key(self) -> str:
        return self.name.decode("latin-1").lower()


def fields(octets: Octets, span: Span) -> Iterator[Field]:
    """The fields up to the blank line or the end of the span."""
    for match in _FIELD.finditer(octets, *span):
        start, end = match.span()
        if start == end or octets[start : start + 2].startswith((b"\r\n", b"\n")):
            return
        colon = _NAME.match(octets, start, end)
        name = colon[1].rstrip(b" \t") if colon else b""
        value = Span(colon.end() if colon else start, end)
        yield Field(name, Span(start, end), without_line_end(octets, value))


def unfolded(value: bytes) -> bytes:
    """RFC 5322 section 2.2.3: the line ends of folds taken away, their blanks kept."""
    return _FOLD.sub(b"", value)


def named(fields: Sequence[Field], key: str) -> List[Field]:
    """Those of the fields that have this name (in lower case)."""
    return [field for field in fields if field.key == key]


def first(fields: Sequence[Field], key: str) -> Field | None:
    """The first of the fields that has this name (in lower case)."""
    return next((field for field in fields if field.key == key), None)
