"""cache - the verdict-cache as a session sees it; nothing that it does fails.

    cache = Cache(section, log, root)               in the parent; ConfigurationError
    octets = cache.get(key, resolution)             None: it does not know
    cache.put(key, octets, resolution)

A cache that is broken costs time, never a verdict: its failure is logged, and it is
left alone for REST seconds.  `root` is the root of the
children, if they get one.  Keys and values: entry.py.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Callable, Optional, Union

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log

from ..errors import ConfigurationError, Unavailable
from ..inside import inside
from . import messages
from .in_file import InFile
from .section import VerdictCache

if TYPE_CHECKING:
    from .in_redis import InRedis

REST = 30.0  # seconds
REDIS_SECONDS = 0.5  # of each step with the server; a session waits meanwhile


class Cache:
    """See the file's first lines."""

    def __init__(self, section: VerdictCache, log: Log, root: Optional[str] = None) -> None:
        self._log = log
        self._rests_until = 0.0
        self._kept = _opened(section, root)

    def get(self, key: bytes, resolution: Resolution) -> Optional[bytes]:
        return self._safely(lambda: self._kept.get(key, resolution))

    def put(self, key: bytes, octets: bytes, resolution: Resolution) -> None:
        self._safely(lambda: self._kept.put(key, octets, resolution))

    def _safely(self, work: Callable[[], Optional[bytes]]) -> Optional[bytes]:
        if time.monotonic() < self._rests_until:
            return None
        try:
            return work()
        except Unavailable as failure:
            self._rests_until = time.monotonic() + REST
            self._log.write(messages.FAILED, reason=failure.what)
            return None


def _opened(section: VerdictCache, root: Optional[str]) -> Union[InFile, InRedis]:
    """The library of Redis takes long to load, and is loaded only where it is used."""
    limits = section.max_age, section.max_entries
    if section.redis is not None:
        from ..redis_store.client import Client
        from .in_redis import InRedis

        client = Client(section.redis, section.place("redis"), REDIS_SECONDS)
        return InRedis(client, *limits)
    assert section.path is not None
    path = section.path if root is None else inside(section.path, root)
    if path is None:
        text = f"{section.path}: it is not below chroot-dir {root}"
        raise ConfigurationError(section.place("path"), text)
    return InFile(path, *limits)
