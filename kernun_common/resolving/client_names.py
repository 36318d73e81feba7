"""client_names - what a client is called, by the names that lead back to its address.

    names = ClientNames(resolver, log)          in the parent; each child remembers for itself
    names.of(client, wait)                      the names, perhaps none; None: nobody knows

Takes total-timeout at most.  Answers are remembered for their time to live, and
that there was none for a moment: a mail program opens several connections at
once, and each would wait for a name server that is silent.

See also: resolving(7), host-matching(7).
"""

from __future__ import annotations

import time
from typing import Tuple

from kernun_common.log.sinks import Log

from ..errors import Unavailable
from ..sockaddr import Address
from ..steps import Wait, alone
from . import messages
from .cache import Cache
from .resolver import Resolver

NO_ANSWER_TTL = 5.0  # seconds; RFC 9520 wants at least one, and at most five minutes

Names = Tuple[str, ...]


class ClientNames:
    """See the file's first lines."""

    def __init__(self, resolver: Resolver, log: Log) -> None:
        self._resolver = resolver
        self._log = log
        self._cache: Cache[Tuple[Names | None]] = Cache(resolver.section.cache_size)

    def of(self, client: Address, wait: Wait) -> Names | None:
        now = time.monotonic()
        known = self._cache.get(str(client), now)
        if known is not None:
            return known[0]
        names, ttl = self._ask(client, now + self._resolver.section.total_timeout, wait)
        self._cache.put(str(client), (names,), time.monotonic() + ttl)
        return names

    def _ask(self, client: Address, deadline: float, wait: Wait) -> Tuple[Names | None, float]:
        try:
            answer = alone(self._resolver.names(client, deadline), wait)
        except Unavailable as failure:
            self._log.write(messages.CLIENT_UNNAMED, client=client, reason=failure.what)
            return None, NO_ANSWER_TTL
        self._log.write(messages.CLIENT_NAMES, client=client, names=" ".join(answer.values))
        return answer.values, answer.ttl
