"""content - octets that are checked by others: a mail, or a document decoded from it.

    Content.of("mail", octets)                      bytes, or an mmap of the mail pool
    Content.of("mail", octets, fd)                  `fd`: of the file that holds them, from 0 on
    Content("part 2 as base64", lambda: decode())   a stream; its size is not known before
    Content.missing("part 3", "too deep")           what nobody can look into, and why

    for piece in content.pieces(): ...              pieces of PIECE octets at most, from the start
    for piece in content.pieces(limit): ...         raises TooLarge before more would pass

All of these raise Unavailable for what is missing, so an engine's verdict on it is an error.

Each call of `pieces` begins anew, so several engines read one content at the same
time, each at its own pace.  A mail is never copied whole: a piece is a slice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Iterator, NoReturn, Optional, Protocol

from .errors import Unavailable

PIECE = 1 << 16  # octets


class Octets(Protocol):
    """Octets that lie somewhere: bytes, or an mmap."""

    def __len__(self) -> int: ...

    def __getitem__(self, span: slice, /) -> bytes: ...


class TooLarge(Exception):
    """There are more octets than are permitted."""


@dataclass(frozen=True)
class Content:
    """`name` tells a log what it is; `stream` returns its octets from the start."""

    name: str
    stream: Callable[[], Iterator[bytes]]
    size: Optional[int] = None  # octets; None: not known before they are read
    fd: Optional[int] = None  # of a file that holds exactly these octets
    kind: str = "application/octet-stream"  # its media type

    @classmethod
    def of(cls, name: str, octets: Octets, fd: Optional[int] = None) -> Content:
        """A mail."""
        return cls(name, lambda: _slices(octets), len(octets), fd, "message/rfc822")

    @classmethod
    def missing(cls, name: str, why: str) -> Content:
        """Without octets; nothing may pass because of that."""

        def stream() -> NoReturn:
            raise Unavailable(f"{name}: {why}")

        return cls(name, stream)

    def exceeds(self, limit: int) -> bool:
        """Is it known to be larger?"""
        return self.size is not None and self.size > limit

    def pieces(self, limit: Optional[int] = None) -> Iterator[bytes]:
        """All octets, none of the pieces empty; TooLarge instead of one that exceeds `limit`."""
        total = 0
        for octets in self.stream():
            total += len(octets)
            if limit is not None and total > limit:
                raise TooLarge(self.name)
            yield from _slices(octets)


def _slices(octets: Octets) -> Iterator[bytes]:
    size = len(octets)
    if size <= PIECE and isinstance(octets, bytes):
        if octets:
            yield octets
        return
    for start in range(0, size, PIECE):
        yield octets[start:start + PIECE]
