"""cache - answers, kept for as long as they are good.

    cache.put("imap.example.org", addresses, until)
    cache.get("imap.example.org", now)    the addresses, or None

Bounded: where there is no room, the answer that has stood longest goes.  Times
are of any clock, as long as it is the same one.
"""

from __future__ import annotations

from typing import Dict, Generic, Tuple, TypeVar

V = TypeVar("V")


class Cache(Generic[V]):
    """At most `size` answers by name."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._entries: Dict[str, Tuple[V, float]] = {}  # and until when it is good

    def get(self, name: str, now: float) -> V | None:
        entry = self._entries.get(name)
        return entry[0] if entry is not None and now < entry[1] else None

    def put(self, name: str, value: V, until: float) -> None:
        self._entries.pop(name, None)
        while len(self._entries) >= self._size:
            del self._entries[next(iter(self._entries))]
        self._entries[name] = (value, until)
