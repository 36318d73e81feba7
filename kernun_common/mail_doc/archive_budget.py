"""archive_budget - what may be read of the archives in the documents of one mail.

    allowance = Allowance()                  of a mail
    budget = Budget(allowance)               of one of its documents
    for chunk in budget.of(chunks): ...      the document, which is paid for as it is read
    budget.spend(octets)                     so many were inflated; TooMuch
    budget.add(b"a/b.txt")                   a name was found; TooMuch
    budget.names                             all of them, in their order

A document may inflate to RATIO times its own octets, and all documents of a mail together to
INFLATED more: so the cost of a mail is bounded by its size, however many parts it has.
Its own octets count as they are read, since their number is known only when they are decoded: of
two archives of the same members, one may be read whole and not the other, where most is inflated
first.
See also: archive.py.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Dict, Iterable, Iterator, List, Tuple

from .encoded_word import characters

INCOMPLETE = ""

MEMBERS = 10_000
HEADERS = 10 * MEMBERS  # each file of a zip has two
INFLATED = 64 << 20  # octets of all that is inflated for one mail
RATIO = 20  # ... and so many for each of a document; texts and tables shrink to a tenth or so
LONGEST_NAME = 1024  # octets

_CHUNK = 1 << 14  # octets; smaller chunks are joined, since each is searched by itself


class TooMuch(Exception):
    """A bound is reached."""


@dataclass
class Allowance:
    """What the documents of a mail may inflate to, beyond RATIO times their own octets."""

    octets: int = INFLATED


@dataclass
class Budget:
    """See the file's first lines."""

    allowance: Allowance
    headers: int = HEADERS
    names: Dict[str, None] = field(default_factory=dict)
    _own: int = 0  # what is left of RATIO times the document; below 0: what the mail lent

    def of(self, chunks: Iterable[bytes]) -> Iterator[bytes]:
        """The octets in larger chunks; the more there are, the more may come of them."""
        held: List[bytes] = []
        size = 0
        for chunk in chunks:
            held.append(chunk)
            size += len(chunk)
            if size >= _CHUNK:
                yield self._paid(held)
                held, size = [], 0
        if size:
            yield self._paid(held)

    def _paid(self, held: List[bytes]) -> bytes:
        octets = b"".join(held)
        self._take(-RATIO * len(octets))
        return octets

    def spend(self, octets: int) -> None:
        self._take(octets)
        if self._own < 0 and self.allowance.octets < 0:
            raise TooMuch

    def _take(self, octets: int) -> None:
        before, self._own = self._own, self._own - octets
        self.allowance.octets += min(self._own, 0) - min(before, 0)

    def add(self, octets: bytes, is_utf8: bool = True) -> None:
        """Its name with its folder and without; one with a NUL also as far as that."""
        name = characters(octets[:LONGEST_NAME], "utf-8" if is_utf8 else "cp437")
        for whole in (name, name.partition("\0")[0]):  # there most programs end it
            for each in (whole, re.split(r"[/\\]", whole)[-1]):
                if each:
                    self.names[each] = None
        if len(octets) > LONGEST_NAME:
            self.mark_incomplete()
        self.headers -= 1
        if len(self.names) > MEMBERS or self.headers < 0:
            raise TooMuch

    def add_all(self, names: Iterable[Tuple[bytes, bool]]) -> None:
        """Each with whether it is UTF-8."""
        for octets, is_utf8 in names:
            self.add(octets, is_utf8)

    def mark_incomplete(self) -> None:
        self.names[INCOMPLETE] = None
