"""stream - octets that come in chunks, read by count or up to a mark.

    stream = Stream(chunks)
    stream.peek(4)   stream.read(4)     fewer where there are no more
    stream.skip(1000)
    stream.find(pattern)                goes on to behind a match; None: there is none, all is read

No more than a chunk and what was asked for is held.
"""

from __future__ import annotations

import re
from typing import Iterable, Iterator, List, Optional

LONGEST_MATCH = 64  # octets; so many are kept at the end of a chunk, in which a match may begin


class Stream:
    """See the file's first lines."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._held = b""
        self._at = 0  # what stands before it has been read

    def _fill(self, size: int) -> None:
        held: List[bytes] = []
        count = len(self._held) - self._at
        while count < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            held.append(chunk)
            count += len(chunk)
        if held:
            self._hold(self._held[self._at :] + b"".join(held))

    def _hold(self, octets: bytes) -> None:
        self._held, self._at = octets, 0

    def peek(self, size: int) -> bytes:
        """The next octets; they are read again."""
        self._fill(size)
        return self._held[self._at : self._at + size]

    def read(self, size: int) -> bytes:
        octets = self.peek(size)
        self._at += len(octets)
        return octets

    def chunk(self) -> bytes:
        """Whatever comes next; empty at the end."""
        self._fill(1)
        octets = self._held[self._at :]
        self._hold(b"")
        return octets

    def skip(self, size: int) -> None:
        while size > 0:
            self._fill(1)
            here = min(size, len(self._held) - self._at)
            if not here:
                return
            self._at += here
            size -= here

    def give_back(self, octets: bytes) -> None:
        """They are read next; nothing is copied where they are what was read last."""
        start = self._at - len(octets)
        if start >= 0 and self._held.startswith(octets, start):
            self._at = start
        else:
            self._hold(octets + self._held[self._at :])

    def find(self, pattern: re.Pattern[bytes]) -> Optional[re.Match[bytes]]:
        """`pattern` matches no more than LONGEST_MATCH octets."""
        while True:
            match = pattern.search(self._held, self._at)
            if match is not None:
                self._at = match.end()
                return match
            chunk = next(self._chunks, None)
            if chunk is None:
                self._hold(b"")
                return None
            self._hold(self._held[max(self._at, len(self._held) - LONGEST_MATCH) :] + chunk)
