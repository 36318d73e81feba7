"""octets - the octets of a mail where they lie, and places in them.

    Octets                            bytes, or an mmap of the mail pool
    Span(10, 20)                      ten octets of it
    for chunk in chunks(octets, span) in pieces of 64 KiB

A mail may be larger than the memory that a child should use: take spans of it, and
slices only of what is known to be short.
"""

from __future__ import annotations

from typing import Iterable, Iterator, NamedTuple, Protocol

CHUNK = 64 * 1024


class Octets(Protocol):
    """What bytes and mmap have in common."""

    def __len__(self) -> int: ...
    def __getitem__(self, where: slice, /) -> bytes: ...
    def __buffer__(self, flags: int, /) -> memoryview: ...
    def find(self, what: bytes, start: int = ..., end: int = ..., /) -> int: ...


class Span(NamedTuple):
    """From offset `start` up to, and without, offset `end`."""

    start: int
    end: int

    @property
    def size(self) -> int:
        return self.end - self.start

    def of(self, octets: Octets) -> bytes:
        """A copy of these octets; for what is known to be short."""
        return octets[self.start : self.end]


def chunks(octets: Octets, span: Span, size: int = CHUNK) -> Iterator[bytes]:
    """The octets of the span, `size` at a time; none of them is empty."""
    for start in range(span.start, span.end, size):
        yield octets[start : min(start + size, span.end)]


def without_line_end(octets: Octets, span: Span) -> Span:
    """The span without the CRLF or LF at its end."""
    start, end = span
    last = octets[max(start, end - 2) : end]
    return Span(start, end - (2 if last == b"\r\n" else last.endswith(b"\n")))


def lines_before(octets: Octets, places: Iterable[int]) -> dict[int, int]:
    """For each offset, the LFs in front of it.  One pass, however many offsets."""
    counts, count, start = {}, 0, 0
    for place in sorted(set(places)):
        count += sum(chunk.count(b"\n") for chunk in chunks(octets, Span(start, place)))
        counts[place], start = count, place
    return counts
