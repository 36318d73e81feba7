"""work - what clients of all kinds have come to: sessions, octets, and everything that went wrong.

    work = Work(seconds)
    work.repeat("fetch", manner, world, pause=0.2)      until the time is over; runs in a thread
    work.fetched(octets, wanted)                        counts them; AssertionError if they differ

A manner is a function of the world, the work and a source of random numbers; it is one round.
What it raises is a failure, and tells of the manner that failed.
"""

from __future__ import annotations

import hashlib
import random
import threading
import time
import traceback
from collections import Counter
from typing import Callable

from .world import World

Manner = Callable[[World, "Work", random.Random], None]


class Work:
    """See the file's head."""

    def __init__(self, seconds: float) -> None:
        self.end = time.monotonic() + seconds
        self.rounds: Counter[str] = Counter()
        self.octets = 0
        self.mails = 0
        self.failures: list[str] = []
        self._lock = threading.Lock()

    @property
    def goes_on(self) -> bool:
        return time.monotonic() < self.end

    def repeat(self, name: str, manner: Manner, world: World, pause: float) -> None:
        rnd = random.Random(name)
        while self.goes_on:
            try:
                manner(world, self, rnd)
            except Exception:
                with self._lock:
                    self.failures.append(f"{name}: {traceback.format_exc(limit=-3)}")
            else:
                with self._lock:
                    self.rounds[name] += 1
            time.sleep(rnd.uniform(0, 2 * pause))

    def fetched(self, octets: bytes, wanted: bytes) -> None:
        """A mail, or a part of one, that has come."""
        with self._lock:
            self.octets += len(octets)
            self.mails += 1
        digests = [hashlib.sha256(each).hexdigest() for each in (octets, wanted)]
        assert digests[0] == digests[1], f"{len(octets)} octets are not the {len(wanted)} wanted"
