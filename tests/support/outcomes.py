"""outcomes - what every test of octets asks of the proxy behind each case, and the table of it.

    outcomes = Outcomes("octets of a client")
    outcomes.add("tags")                one session more was as it should be
    print(outcomes)
    healthy(proxy)                      nobody has died, nobody has grown
"""

from __future__ import annotations

from collections import Counter
from typing import Iterator, Sequence

import psutil

from .proxy import Proxy

CUTS = 3  # places at which the octets of a case are cut into two
SINGLE = 200  # octets that are few enough to be sent one by one
GROWTH = 16 << 20  # octets by which a child may be larger than the parent that made it
DIED = ("TCPS-640", "TCPS-641", "TCPS-645")  # a child did, or a session by a fault of the program


class Outcomes:
    """Sessions that were as they should be, by kind of case."""

    def __init__(self, title: str) -> None:
        self._title = title
        self._counts: Counter[str] = Counter()

    def add(self, kind: str) -> None:
        self._counts[kind] += 1

    def __str__(self) -> str:
        rows = [f"  {kind:50} {count:5}" for kind, count in sorted(self._counts.items())]
        heading = f"{self._title:52} {'ok':>5}"
        return "\n".join(["", "", heading, *rows])


def ways(octets: bytes) -> Iterator[Sequence[bytes]]:
    """Ways in which they may come: whole, in two, and one by one where they are few."""
    yield [octets]
    for number in range(1, CUTS + 1):
        at = len(octets) * number // (CUTS + 1)
        if 0 < at:
            yield [octets[:at], octets[at:]]
    if len(octets) <= SINGLE:
        yield [octets[at:at + 1] for at in range(len(octets))]


def healthy(proxy: Proxy) -> None:
    """Nobody has died, and no child is much larger than the parent made it."""
    assert not [line for message in DIED for line in proxy.logged(message)]
    parent = psutil.Process(proxy.pid)
    born = parent.memory_info().rss
    assert all(child.memory_info().rss < born + GROWTH for child in parent.children())
