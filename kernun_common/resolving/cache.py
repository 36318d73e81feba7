"""cache - answers, kept for as long as they are good.

    cache.put("192.0.2.7", names, until)
    cache.get("192.0.2.7", now)           what was put there, or None

Bounded: where there is no room, the answer that has stood longest goes.  Times
are of any clock, as long as it is the same one.
"""

from __future__ import annotations

from typing import Dict, Generic, Tuple, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """At most `size` answers; with a size of 0 none is kept."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: Dict[str, Tuple[V, float]] = {}  # and until when it is good

    def get(self, key: str, now: float) -> V | None:
        entry = self._entries.get(key)
        return entry[0] if entry is not None and now < entry[1] else None

    def put(self, key: str, value: V, until: float) -> None:
        self._entries.pop(key, None)
        while self._entries and len(self._entries) >= self._size:
            del self._entries[next(iter(self._entries))]
        if self._size:
            self._entries[key] = (value, until)
