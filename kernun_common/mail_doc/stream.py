"""stream - octets that come in chunks, read by count or up to a mark.

    stream = Stream(chunks)
    stream.peek(4)   stream.read(4)     fewer where there are no more
    stream.skip(1000)
    stream.find(pattern)                goes on to behind a match; None: there is none, all is read
    stream.seek(search)                 likewise; `search(octets, start, position)` tells where to
                                        go on and what was found, the first from octets[start] on,
                                        or None; octets[0] is at `position` of the stream
    stream.inflated_to                  up to there are octets that were inflated; 0: none are
    stream.hides_an_end                 among them is the end of a zip, and no good one came behind

No more than a chunk and what was asked for is held.
"""

from __future__ import annotations

import re
from typing import Callable, Iterable, Iterator, List, Optional, Tuple, TypeVar

LONGEST_MATCH = 512  # octets; so many are kept at the end of a chunk, in which a match may begin

Found = TypeVar("Found")
Search = Callable[[bytes, int, int], Optional[Tuple[int, Found]]]


class Stream:
    """See the file's first lines."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks: Iterator[bytes] = iter(chunks)
        self._held = b""
        self._at = 0  # what stands before it has been read
        self._start = 0  # of what is held, in the stream
        self.inflated_to = 0  # both are noted here by who reads the stream
        self.hides_an_end = False

    def _fill(self, size: int) -> bool:
        """Hold so many that have not been read; was there anything to add?"""
        held: List[bytes] = []
        count = len(self._held) - self._at
        while count < size:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            held.append(chunk)
            count += len(chunk)
        if held:
            self._hold(self._held[self._at :] + b"".join(held), self._at)
        return bool(held)

    def _hold(self, octets: bytes, further: int) -> None:
        """They begin so much further on than what is held."""
        self._held, self._at, self._start = octets, 0, self._start + further

    @property
    def position(self) -> int:
        """How many octets are before what is read next."""
        return self._start + self._at

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
        self._hold(b"", len(self._held))
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
            self._hold(octets + self._held[self._at :], start)

    def find(self, pattern: re.Pattern[bytes]) -> Optional[re.Match[bytes]]:
        """`pattern` matches no more than LONGEST_MATCH octets."""

        def search(octets: bytes, start: int, _: int) -> Optional[Tuple[int, re.Match[bytes]]]:
            match = pattern.search(octets, start)
            return None if match is None else (match.end(), match)

        return self.seek(search)

    def seek(self, search: Search[Found]) -> Optional[Found]:
        """`search` looks at no more than LONGEST_MATCH octets from where it finds something."""
        while True:
            found = search(self._held, self._at, self._start)
            if found is not None:
                if self._fill(found[0] - self._at + LONGEST_MATCH):
                    continue  # something else may begin before it, and end behind what was held
                self._at = found[0]
                return found[1]
            kept = max(self._at, len(self._held) - LONGEST_MATCH)
            chunk = next(self._chunks, None)
            if chunk is None:
                self._hold(b"", len(self._held))
                return None
            self._hold(self._held[kept:] + chunk, kept)
