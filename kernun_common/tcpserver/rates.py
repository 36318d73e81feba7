"""rates - how many connections a second, of all clients and of each.  [P]

    rates = Rates(total, per_client, table)     0: unlimited
    rates.wait(now)                             seconds until one may be accepted at all
    rates.judge(client, now)                    Verdict, of one that has been accepted
    rates.count(now)                            it is served

A client that exceeds its rate is denied for the rest of that second and the next.
Connections that were denied do not count for the total, so one client cannot use it up;
those over the total are not denied, they wait in the queue of the system.

Of the `table` clients that were seen last the counts are known; one that has been
forgotten begins anew.
See also: listener.py.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from enum import Enum

from kernun_common.sockaddr import Address


class Verdict(Enum):
    ADMITTED = 1
    DENIED_NOW = 2  # the first one over the rate; worth a message
    DENIED = 3


@dataclass
class _Client:
    second: int  # that `count` is about
    count: int = 0
    denied_to: int = -1  # the last second in which it is


class Rates:
    """`now` is in seconds of a clock that never goes back."""

    def __init__(self, total: int, per_client: int, table: int) -> None:
        self._total = total
        self._per_client = per_client
        self._table = table
        self._clients: OrderedDict[Address, _Client] = OrderedDict()
        self._second = -1
        self._served = 0  # in that second

    def wait(self, now: float) -> float:
        if not self._total or int(now) != self._second or self._served < self._total:
            return 0.0
        return self._second + 1 - now

    def count(self, now: float) -> None:
        if int(now) != self._second:
            self._second, self._served = int(now), 0
        self._served += 1

    def judge(self, client: Address, now: float) -> Verdict:
        if not self._per_client:
            return Verdict.ADMITTED
        second = int(now)
        known = self._known(client, second)
        if second <= known.denied_to:
            return Verdict.DENIED
        if second != known.second:
            known.second, known.count = second, 0
        known.count += 1
        if known.count <= self._per_client:
            return Verdict.ADMITTED
        known.denied_to = second + 1
        return Verdict.DENIED_NOW

    def _known(self, client: Address, second: int) -> _Client:
        known = self._clients.setdefault(client, _Client(second))
        self._clients.move_to_end(client)
        if len(self._clients) > self._table:
            self._clients.popitem(last=False)
        return known
