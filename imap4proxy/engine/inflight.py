"""inflight - the commands that a server owes a tagged response.

A command goes to the server under a tag of the proxy's own (`p1`, `p2`, ...), so
that no client can forge one; the client's tag stands in the record.  A record
without a client's tag is a command that the proxy gave by itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Callable, Dict, Iterator, Optional, Set

from ..wire.status import Status

MOST = 1000  # commands in flight; what a client pipelines beyond waits in its socket


@dataclass(slots=True)
class InFlight:
    """One command; `since`, `octets_in`, `octets_out`: clock and counters at its start."""

    tag: bytes
    client_tag: Optional[bytes]
    name: str
    mailbox: Optional[bytes]
    since: float
    octets_in: int
    octets_out: int
    done: Optional[Callable[[Status], None]] = None  # of a command of the proxy's own
    refusal: Optional[bytes] = None  # the tagged response that replaces the server's
    nil: bytes = b""  # the untagged one in front of it: refused_text.py


class InFlightTable:
    def __init__(self) -> None:
        self._by_tag: Dict[bytes, InFlight] = {}
        self._client_tags: Set[bytes] = set()
        self._count = 0

    def next_tag(self) -> bytes:
        self._count += 1
        return b"p%d" % self._count

    def add(self, record: InFlight) -> None:
        self._by_tag[record.tag] = record
        if record.client_tag is not None:
            self._client_tags.add(record.client_tag)

    def pop(self, tag: bytes) -> InFlight | None:
        """The record of the proxy's tag `tag`, no longer in flight; None if there is none."""
        record = self._by_tag.pop(tag, None)
        if record is not None and record.client_tag is not None:
            self._client_tags.discard(record.client_tag)
        return record

    def translate(self, tag: bytes) -> bytes | None:
        """The client's tag for the proxy's own `tag`; None where it has none in flight."""
        record = self._by_tag.get(tag)
        return record.client_tag if record is not None else None

    @property
    def owed(self) -> bool:
        """Does the client wait for an answer?"""
        return bool(self._client_tags)

    def uses(self, client_tag: bytes) -> bool:
        return client_tag in self._client_tags

    def __iter__(self) -> Iterator[InFlight]:
        return iter(self._by_tag.values())

    def __len__(self) -> int:
        return len(self._by_tag)
