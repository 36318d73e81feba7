"""in_redis - the verdict-cache in a Redis server, which proxies share.

    kept = InRedis(client, max_age, max_entries)
    kept.get(key, resolution)  ->  octets, or None
    kept.put(key, octets, resolution)

Redis itself removes entries that are too old.  The keys stand in a sorted set by
their time as well, so that the oldest ones can be removed where there are too many.
Unavailable: the server cannot be had, and why.
"""

from __future__ import annotations

import time
from typing import Any, Optional

from kernun_common.acl.facts import Resolution

from ..redis_store.client import Client

_INDEX = "verdicts"
_ENTRY = "verdict:"


class InRedis:
    """See the file's first lines; `max_age` in seconds."""

    def __init__(self, client: Client, max_age: float, max_entries: int) -> None:
        self._client = client
        self._max_age = max_age
        self._max_entries = max_entries

    def get(self, key: bytes, resolution: Resolution) -> Optional[bytes]:
        found = self._client.call(resolution, lambda redis: redis.get(self._name(key)))
        return found if isinstance(found, bytes) else None

    def put(self, key: bytes, octets: bytes, resolution: Resolution) -> None:
        self._client.call(resolution, lambda redis: self._put(redis, key, octets))

    def _put(self, redis: Any, key: bytes, octets: bytes) -> None:
        now, index = time.time(), self._client.key(_INDEX)
        together = redis.pipeline(transaction=False)
        together.set(self._name(key), octets, px=max(1, int(self._max_age * 1000)))
        together.zadd(index, {self._name(key): now})
        together.zremrangebyscore(index, "-inf", now - self._max_age)
        together.zcard(index)
        surplus = together.execute()[-1] - self._max_entries
        if surplus > 0:
            oldest = [name for name, _ in redis.zpopmin(index, surplus)]
            if oldest:
                redis.delete(*oldest)

    def _name(self, key: bytes) -> str:
        return self._client.key(_ENTRY + key.hex())
