"""pieces - what an answer is made of: octets, places in the mail, and what is made on the way.

    Span(start, end)          octets of the mail, to be sent from where they lie
    b"BODY[] {1234}\\r\\n"    octets of our own; also what is short of the mail
    Stream(length, begin)     octets made while they are sent; `for chunk in stream`, each bounded

    size(pieces)              how many octets they are
    cut(pieces, offset, most)          a partial of them
    chunks(octets, pieces)    all their octets, in chunks of at most 64 KiB or as they stand
    merged(octets, pieces)    the same with what is short in one `bytes`
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterable, Iterator, List, Union

from kernun_common.mail_doc.octets import Octets, Span
from kernun_common.mail_doc.octets import chunks as chunks_of_span

SHORT = 4096  # octets; a span up to there is copied, which costs less than a piece of its own


@dataclass(frozen=True)
class Stream:
    """`begin(offset)`: the octets from there to the end, in chunks.  May be read again."""

    length: int
    begin: Callable[[int], Iterator[bytes]]
    offset: int = 0  # where it begins within what `begin` gives

    def __len__(self) -> int:
        return self.length

    def __iter__(self) -> Iterator[bytes]:
        left = self.length
        for chunk in self.begin(self.offset):
            if not left:
                return
            yield chunk[:left]
            left -= min(left, len(chunk))

    def part(self, start: int, end: int) -> Stream:
        return Stream(end - start, self.begin, self.offset + start)


Piece = Union[bytes, Span, Stream]


def length(piece: Piece) -> int:
    return piece.size if isinstance(piece, Span) else len(piece)


def size(pieces: Iterable[Piece]) -> int:
    return sum(map(length, pieces))


def cut(pieces: Iterable[Piece], offset: int, most: int) -> Iterator[Piece]:
    """What of `pieces` lies at `offset`, at most `most` octets; none of the pieces is empty."""
    end = offset + most
    at = 0
    for piece in pieces:
        first, last = max(offset - at, 0), min(end - at, length(piece))
        if first < last:
            yield _part(piece, first, last)
        at += length(piece)


def _part(piece: Piece, start: int, end: int) -> Piece:
    if isinstance(piece, Span):
        return Span(piece.start + start, piece.start + end)
    return piece[start:end] if isinstance(piece, bytes) else piece.part(start, end)


def chunks(octets: Octets, pieces: Iterable[Piece]) -> Iterator[bytes]:
    for piece in pieces:
        if isinstance(piece, Span):
            yield from chunks_of_span(octets, piece)
        elif isinstance(piece, bytes):
            yield piece
        else:
            yield from piece


def merged(octets: Octets, pieces: Iterable[Piece]) -> List[Piece]:
    """Neighbours that are octets, or short, made one."""
    out: List[Piece] = []
    run: List[bytes] = []
    for piece in pieces:
        if isinstance(piece, Span) and piece.size <= SHORT:
            piece = piece.of(octets)
        if isinstance(piece, bytes):
            run.append(piece)
        elif length(piece):
            out += (b"".join(run), piece)
            run = []
    out.append(b"".join(run))
    return [piece for piece in out if piece]
