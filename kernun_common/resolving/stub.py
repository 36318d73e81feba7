"""stub - asks the name servers of a section `resolver`.

    resolver = StubResolver(section)
    answer = yield from resolver.addresses("imap.example.org", deadline)
    answer = yield from resolver.names(client, deadline)

Steps (steps.py) that end in an Answer (query.py), perhaps an empty one, or in
Unavailable where nobody answers until the deadline.

`names` are forward-confirmed: each leads back to the address.  Who holds a
network writes its reverse zone, and may claim any name there.

See also: resolving(7), exchange.py, system.py, which asks the system.
"""

from __future__ import annotations

from typing import Iterator, List, Tuple

from kernun_common.configuration.hosts import host_name

from ..errors import Unavailable
from ..sockaddr import Address, Sockaddr
from ..steps import Steps
from .exchange import Patience, ask
from .preference import preferred
from .query import Answer, Query
from .section import DNS_PORT, Resolver

MOST_NAMES = 8  # of one address that are confirmed; each costs a query, and a stranger wrote them

_KINDS = {4: "A", 6: "AAAA"}


class StubResolver:
    """See the file's first lines."""

    def __init__(self, section: Resolver) -> None:
        self.section = section
        self._search = section.search or ()
        self._patience = Patience(section.initial_timeout, section.query_timeout)
        self._servers = [
            Sockaddr(server.host.address, server.port or DNS_PORT)
            for server in section.server
            if server.host.address is not None
        ]

    def addresses(self, name: str, deadline: float) -> Steps[Answer[Address]]:
        """All that the name stands for, in the order to try."""
        ttls: List[float] = []
        for candidate in self._candidates(name):
            found = yield from self._both_families(candidate, deadline)
            ttls.append(found.ttl)
            if found.values:
                break
        return Answer(preferred(found.values), min(ttls))

    def _candidates(self, name: str) -> Iterator[str]:
        if "." not in name:
            yield from (f"{name}.{domain}" for domain in self._search)
        yield name

    def _both_families(self, name: str, deadline: float) -> Steps[Answer[Address]]:
        """What can be had of either family; Unavailable where that is nothing for sure."""
        answers: List[Answer[Address]] = []
        failures: List[Unavailable] = []
        for kind in _KINDS.values():
            try:
                answers.append((yield from self._ask(Query.of(name, kind), deadline)))
            except Unavailable as failure:
                failures.append(failure)
        values = tuple(value for answer in answers for value in answer.values)
        if failures and not values:
            raise failures[0]
        return Answer(values, min(answer.ttl for answer in answers))

    def _ask(self, query: Query, deadline: float) -> Steps[Answer[Address]]:
        return ask(query, self._servers, self._patience, deadline)

    def names(self, of: Address, deadline: float) -> Steps[Answer[str]]:
        """The names of an address that lead back to it."""
        claimed: Answer[str] = yield from ask(
            Query.reverse(of), self._servers, self._patience, deadline
        )
        confirmed: List[str] = []
        ttl = claimed.ttl
        for name in _usual(claimed.values):
            addresses = yield from self._ask(Query.of(name, _KINDS[of.version]), deadline)
            ttl = min(ttl, addresses.ttl)
            if of in addresses.values:
                confirmed.append(name)
        return Answer(tuple(confirmed), ttl)


def _usual(names: Tuple[str, ...]) -> List[str]:
    """Those that are host names at all, and not too many."""
    return [name for name in dict.fromkeys(names) if host_name(name) == name][:MOST_NAMES]
