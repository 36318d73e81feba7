"""keeper - looks the names of a configuration up, and up again when that is due.

    Keeper(table, resolver, refresh, log).keep(stop_fd)     until stop_fd is readable

It publishes first when every name has been asked for, whatever came of it, and
then at once when an answer is another one.  An answer is good for `refresh`
seconds, or for its time to live if that is longer.  Where none comes, the
addresses that the name had stay as they are, and it is asked for again soon.

See also: resolving(7), table.py, ../tcpserver/helpers.py.
"""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Dict, Set

from kernun_common.log.sinks import Log

from ..acl.facts import Resolution
from ..errors import Unavailable
from ..sockaddr import Address
from ..steps import Together
from . import messages
from .query import Answer
from .resolver import Resolver, Result, configured
from .table import MOST_ADDRESSES, Table

RETRY = 10.0  # seconds: so soon behind a look-up that failed comes the next, unless `refresh` does


class Keeper:
    """See the file's first lines; `refresh` in seconds."""

    def __init__(self, table: Table, resolver: Resolver, refresh: float, log: Log) -> None:
        self._table = table
        self._resolver = resolver
        self._refresh = refresh
        self._log = log
        self._together: Together[str, Answer[Address]] = Together()
        self._due: Dict[str, float] = dict.fromkeys(table.names, -math.inf)
        self._unasked: Set[str] = set()
        self._failed: Set[str] = set()
        self._known: Dict[str, tuple[Address, ...]] = {}

    def keep(self, stop_fd: int) -> None:
        """Goes on from where another one that has died had got to."""
        self._known.update(self._table.read())
        if not self._table.is_published():
            self._unasked.update(self._table.names)
        while not self._together.stopped:
            self._start(time.monotonic())
            until = min(self._due.values(), default=math.inf)
            ended = self._together.wait(until, stop_fd)
            for name, result in ended:
                self._take(name, result, time.monotonic())
            if ended and not self._unasked:
                self._publish()
        self._together.close()

    def _start(self, now: float) -> None:
        for name in [name for name, due in self._due.items() if due <= now]:
            self._due[name] = math.inf
            self._together.start(name, partial(configured, name, self._resolver))

    def _take(self, name: str, result: Result, now: float) -> None:
        self._unasked.discard(name)
        if isinstance(result, Unavailable):
            self._due[name] = now + min(RETRY, self._refresh)
            self._tell_of_failure(name, result)
        else:
            self._due[name] = now + max(self._refresh, result.ttl)
            self._tell_of_answer(name, result)
            self._failed.discard(name)
            self._known[name] = result.values[:MOST_ADDRESSES]

    def _publish(self) -> None:
        resolution: Resolution = self._known
        if not self._table.is_published() or resolution != self._table.read():
            self._table.publish(resolution)

    def _tell_of_failure(self, name: str, failure: Unavailable) -> None:
        if name not in self._failed:
            self._failed.add(name)
            self._log.write(
                messages.NAME_UNRESOLVED,
                name=name,
                reason=failure.what,
                addresses=_told(self._known.get(name, ())),
            )

    def _tell_of_answer(self, name: str, answer: Answer[Address]) -> None:
        new = answer.values[:MOST_ADDRESSES]
        self._log.write(messages.NAME_RESOLVED, name=name, addresses=_told(new), ttl=answer.ttl)
        before = self._known.get(name)
        if before is not None and set(before) == set(new):
            return
        if before is not None:
            self._log.write(messages.NAME_CHANGED, name=name, addresses=_told(new))
        if not new:
            self._log.write(messages.NAME_WITHOUT_ADDRESS, name=name)
        if len(answer.values) > MOST_ADDRESSES:
            self._log.write(
                messages.TOO_MANY_ADDRESSES,
                name=name,
                number=len(answer.values),
                limit=MOST_ADDRESSES,
            )


def _told(addresses: tuple[Address, ...]) -> str:
    return " ".join(f"[{address}]" for address in addresses)
