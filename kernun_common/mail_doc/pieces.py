"""pieces - a mail that is written anew: spans of the original, and new octets between them.

    for chunk in chunks_of(octets, pieces): pool.write(chunk)
    size_of(pieces)

A piece is a Span of the original, or octets, or `Made` octets, which are made each time
they are asked for, so that a large part that is encoded anew is never in memory as a whole;
or a `Slack`, a place that can be made longer without a reader seeing it, size_preserving.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Callable, Iterable, Iterator, List, Tuple, Union

from .octets import Octets, Span, chunks


@dataclass(frozen=True)
class Made:
    """`make` gives the same octets, in chunks, each time that it is called."""

    make: Callable[[], Iterator[bytes]]

    @cached_property
    def size(self) -> int:
        return sum(map(len, self.make()))


@dataclass(frozen=True)
class Slack:
    """A place inside quoted-printable text, at the end of a line, that takes any padding."""


Piece = Union[Span, bytes, Made, Slack]
Pieces = Tuple[Piece, ...]


@dataclass(frozen=True)
class Edit:
    """Pieces in the place of a span; an empty span is a place where they are put in."""

    span: Span
    pieces: Pieces = field(default=())


def size_of(pieces: Iterable[Piece]) -> int:
    """The octets of all pieces."""
    return sum(_size(piece) for piece in pieces)


def _size(piece: Piece) -> int:
    if isinstance(piece, bytes):
        return len(piece)
    return 0 if isinstance(piece, Slack) else piece.size


def chunks_of(octets: Octets, pieces: Iterable[Piece]) -> Iterator[bytes]:
    """The octets of the pieces, in chunks; `octets` is what the spans are of."""
    for piece in pieces:
        if isinstance(piece, Span):
            yield from chunks(octets, piece)
        elif isinstance(piece, Made):
            yield from piece.make()
        elif isinstance(piece, bytes):
            yield piece


def edited(size: int, edits: Iterable[Edit]) -> Pieces:
    """A mail of `size` octets with the edits done; of one inside another the outer is done.

    Edits of one place are done in their order.  Two that overlap in part are an error of ours.
    """
    pieces: List[Piece] = []
    at = 0
    for edit in sorted(edits, key=_order):
        if edit.span.end <= at and edit.span.start < at:
            continue  # inside of one that is done
        assert edit.span.start >= at, "edits overlap"
        _append(pieces, Span(at, edit.span.start))
        for piece in edit.pieces:
            _append(pieces, piece)
        at = edit.span.end
    _append(pieces, Span(at, size))
    return tuple(pieces)


def _order(edit: Edit) -> Tuple[int, int]:
    """By place; what is put in at the start of a span, before it; of two spans the longer one."""
    return edit.span.start, -edit.span.size if edit.span.size else -(2**63)


def _append(pieces: List[Piece], piece: Piece) -> None:
    last = pieces[-1] if pieces else None
    if isinstance(piece, Span) and isinstance(last, Span) and last.end == piece.start:
        pieces[-1] = Span(last.start, piece.end)
    elif isinstance(piece, (Made, Slack)) or _size(piece):
        pieces.append(piece)
