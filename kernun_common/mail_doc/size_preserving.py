"""size_preserving - a mail that is written anew gets the length of the original; spec 2.5.

    preserved(octets, root, pieces, size) -> Preserved(pieces, exact)

A client that trusts the size which the server told before goes on to work.

    shorter     padded where a reader does not see it: in the replacement of a document, else by
                white space at the end of the mail, which is the outermost epilogue or follows
                the last line
    longer      as much is taken out of the trace headers, the lowest Received first: of the text
                before its date, never the name or the date

`exact` is false where that does not suffice: then nothing is taken out, and the pieces are those
that were given.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from typing import Iterator, List, NamedTuple, Sequence

from .header import Field
from .octets import CHUNK, Octets, Span
from .pieces import Edit, Made, Piece, Pieces, Slack, size_of
from .structure import Part

_LINE = 78  # octets of a line of padding, with its end
_SOFT_BREAK = b"=\r\n"  # RFC 2045 section 6.7 (5): stands for nothing
_FOLD_AT_END = re.compile(rb"(?:\r?\n[ \t]*|\r)\Z")
_QUOTING = re.compile(rb'[()"\\]')
_TEXT = re.compile(rb"[ \t\r\n]*(?P<text>.*);", re.S)


class Preserved(NamedTuple):
    """The pieces, and whether they have the length of the original."""

    pieces: Pieces
    exact: bool


def preserved(octets: Octets, root: Part, pieces: Pieces, size: int) -> Preserved:
    """`pieces` of the mail `octets`, of which `root` is the structure; `size` is to be reached."""
    missing = size - size_of(pieces)
    if missing >= 0:
        return Preserved(_padded(octets, pieces, missing), True)
    edits = _shortened(octets, _trace(root.fields, pieces), -missing)
    if edits is None:
        return Preserved(pieces, False)
    return Preserved(_substituted(pieces, edits), True)


def _padded(octets: Octets, pieces: Pieces, missing: int) -> Pieces:
    if not missing:
        return pieces
    at = next((n for n, piece in enumerate(pieces) if isinstance(piece, Slack)), None)
    if at is None:
        return (*pieces, Made(lambda: _white_space(missing, _ends_line(octets, pieces))))
    return (*pieces[:at], Made(lambda: _soft_breaks(missing)), *pieces[at + 1 :])


def _ends_line(octets: Octets, pieces: Pieces) -> bool:
    last = pieces[-1] if pieces else b"\n"
    if isinstance(last, Span):
        return octets[last.end - 1 : last.end] == b"\n"
    return not isinstance(last, bytes) or last.endswith(b"\n")


def _soft_breaks(size: int) -> Iterator[bytes]:
    """In quoted-printable, at the end of a line: a reader deletes all of it."""
    breaks, blanks = divmod(size, len(_SOFT_BREAK))
    yield from _repeated(_SOFT_BREAK, breaks)
    yield b" " * blanks


def _white_space(size: int, at_line_start: bool) -> Iterator[bytes]:
    """Lines of blanks, behind what may be a line without its end."""
    if not at_line_start and size >= 2:
        yield b"\r\n"
        size -= 2
    lines, rest = divmod(size, _LINE)
    line = b" " * (_LINE - 2) + b"\r\n"
    if rest == 1 and lines:
        yield b" "  # makes the first line longer
        rest = 0
    yield from _repeated(line, lines)
    yield b" " * rest if rest < 2 else b" " * (rest - 2) + b"\r\n"


def _repeated(octets: bytes, times: int) -> Iterator[bytes]:
    at_once = max(CHUNK // len(octets), 1)
    for _ in range(times // at_once):
        yield octets * at_once
    yield octets * (times % at_once)


def _trace(fields: Sequence[Field], pieces: Pieces) -> List[Field]:
    """The Received fields that are still there as they were, the lowest first."""
    spans = sorted(piece for piece in pieces if isinstance(piece, Span))
    trace = (field for field in reversed(fields) if field.key == "received")
    return [field for field in trace if _holds(spans, field.span)]


def _holds(spans: Sequence[Span], inner: Span) -> bool:
    """Lies it in one of the spans, which are sorted and apart?"""
    at = bisect_right(spans, inner.start, key=lambda span: span.start) - 1
    return at >= 0 and _within(inner, spans[at])


def _shortened(octets: Octets, trace: Sequence[Field], surplus: int) -> List[Edit] | None:
    """What takes so many octets out of the fields; None where they do not hold them."""
    edits: List[Edit] = []
    for field in trace:
        text = _text(octets, field)
        taken = min(text.size, surplus)
        if taken:
            kept = _balanced(octets[text.start : text.end - taken])
            edits.append(Edit(text, (kept,) if kept else ()))
            surplus -= taken
        if not surplus:
            return edits
    return None


def _text(octets: Octets, field: Field) -> Span:
    """What stands before the `;` of the date (RFC 5322 section 3.6.7), behind the first blanks."""
    match = _TEXT.match(field.value.of(octets))
    if match is None:
        return Span(field.value.start, field.value.start)
    return Span(field.value.start + match.start("text"), field.value.start + match.end("text"))


def _balanced(text: bytes) -> bytes:
    """A text that was cut, of the same length: no comment is open, no line is blank."""
    if _QUOTING.search(text):
        text = _QUOTING.sub(b".", text)
    ending = _FOLD_AT_END.search(text)
    return text if ending is None else text[: ending.start()] + b" " * len(ending[0])


def _substituted(pieces: Pieces, edits: Sequence[Edit]) -> Pieces:
    """The edits done in the spans that hold them."""
    result: List[Piece] = []
    for piece in pieces:
        if isinstance(piece, Span):
            result += _cut(piece, [edit for edit in edits if _within(edit.span, piece)])
        else:
            result.append(piece)
    return tuple(result)


def _within(inner: Span, outer: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end


def _cut(span: Span, edits: Sequence[Edit]) -> Iterator[Piece]:
    at = span.start
    for edit in sorted(edits, key=lambda each: each.span):
        yield Span(at, edit.span.start)
        yield from edit.pieces
        at = edit.span.end
    yield Span(at, span.end)
