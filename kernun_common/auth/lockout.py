"""lockout - who has failed too often has to wait.  [P]

    number = lockout.begin(keys, now)       before a password is checked; None: one is locked
    lockout.pardon(keys, number)            it was right, or it could not be checked

An attempt counts as a failure from its begin on, so that many at the same time gain nothing.
MOST failures of a key within WITHIN seconds lock it for LASTS seconds; attempts in that
time are refused and leave no trace, so that who is locked makes nobody else forgotten.  Of
more than KEYS keys the one that has been left alone longest is forgotten.
"""

from __future__ import annotations

import itertools
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Dict, Hashable, Iterable, Optional

MOST = 5
WITHIN = 60.0  # seconds
LASTS = 60.0  # seconds
KEYS = 20_000


@dataclass
class _Record:
    failures: Dict[int, float] = field(default_factory=dict)  # when, by number
    locked_until: float = 0.0


class Lockout:
    """See the file's first lines; `now` in seconds of a monotonic clock."""

    def __init__(self) -> None:
        self._numbers = itertools.count()
        self._records: OrderedDict[Hashable, _Record] = OrderedDict()

    def begin(self, keys: Iterable[Hashable], now: float) -> Optional[int]:
        wanted = list(keys)
        known = (self._records[key] for key in wanted if key in self._records)
        if any(now < record.locked_until for record in known):
            return None
        records = [self._record(key) for key in wanted]
        number = next(self._numbers)
        for record in records:
            self._count(record, number, now)
        return number

    def pardon(self, keys: Iterable[Hashable], number: int) -> None:
        for key in keys:
            record = self._record(key)
            if record.failures.pop(number, None) is not None and len(record.failures) < MOST:
                record.locked_until = 0.0

    def _record(self, key: Hashable) -> _Record:
        record = self._records.setdefault(key, _Record())
        self._records.move_to_end(key)
        if len(self._records) > KEYS:
            self._records.popitem(last=False)
        return record

    @staticmethod
    def _count(record: _Record, number: int, now: float) -> None:
        if record.locked_until:  # that time is over
            record.failures.clear()
            record.locked_until = 0.0
        recent = {one: when for one, when in record.failures.items() if now - when < WITHIN}
        record.failures = {**recent, number: now}
        if len(record.failures) >= MOST:
            record.locked_until = now + LASTS
