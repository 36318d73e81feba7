"""query - a question to a name server, and what the response says; RFC 1035, RFC 2308.

    query = Query.of("imap.example.org", "AAAA")
    query.octets
    response = query.response(octets)    None: not a response to this query; go on waiting
    response.cut                         ask again over TCP
    response.failure                     why this server has no answer; None if it has one
    response.answer                      Answer(addresses or names, seconds that they are good for)

An answer may have no values: there is no such name, or it has nothing of that
kind.  It may lead there by CNAMEs.  The times to live are a server's to choose,
so they are bounded here; an empty answer without the zone's word on that is good
for no time at all (RFC 2308 section 5).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any, Callable, Dict, Generic, Tuple, TypeVar, cast

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdata
import dns.rdataclass
import dns.rdatatype
import dns.reversename

from ..sockaddr import Address, address

V = TypeVar("V", bound=object)

LONGEST = 86400  # seconds: a name that moves is found after a day, whatever its server says
LONGEST_WITHOUT = 3600  # seconds: RFC 2308 section 5 finds one to three hours sensible


@dataclass(frozen=True)
class Answer(Generic[V]):
    """What was asked for, in the server's order, and for how many seconds that is good."""

    values: Tuple[V, ...]
    ttl: float


def _name(target: dns.name.Name) -> str:
    """In lower case, without the final dot; whatever is no letter, digit, _ or - is escaped."""
    return target.to_text(omit_final_dot=True).lower()


_VALUES: Dict[str, Callable[[Any], object]] = {
    "A": lambda record: address(record.address),
    "AAAA": lambda record: address(record.address),
    "PTR": lambda record: _name(record.target),
}


def preload() -> None:
    """Import now what dnspython imports when it first sees a kind of record."""
    dns.rdata.load_all_types()


@dataclass(frozen=True)
class Response:
    """What a server said to a query."""

    kind: str
    message: dns.message.Message

    @property
    def cut(self) -> bool:
        """Is this only the beginning, because a packet holds no more?"""
        return bool(self.message.flags & dns.flags.TC)

    @property
    def failure(self) -> str | None:
        code = self.message.rcode()
        if code not in (dns.rcode.NOERROR, dns.rcode.NXDOMAIN):
            return dns.rcode.to_text(code)
        return None if self._chain is not None else "the answer contradicts itself"

    @cached_property
    def _chain(self) -> dns.message.ChainingResult | None:
        try:
            return cast(dns.message.QueryMessage, self.message).resolve_chaining()
        except dns.exception.DNSException:
            return None

    @property
    def answer(self) -> Answer[Any]:
        """Where there is no failure."""
        chain = self._chain
        assert chain is not None
        if chain.answer is None:
            zone_says = any(rrset.rdtype == dns.rdatatype.SOA for rrset in self.message.authority)
            return Answer((), min(chain.minimum_ttl, LONGEST_WITHOUT) if zone_says else 0)
        values = map(_VALUES[self.kind], chain.answer)
        return Answer(tuple(values), min(chain.minimum_ttl, LONGEST))


@dataclass(frozen=True)
class Query:
    """One question; `kind` is A, AAAA or PTR."""

    kind: str
    message: dns.message.QueryMessage

    @classmethod
    def of(cls, name: str, kind: str) -> Query:
        """With a number that nobody can guess, and the wish that the server asks others."""
        return cls(kind, dns.message.make_query(name, kind))

    @classmethod
    def reverse(cls, of: Address) -> Query:
        """For the names of an address."""
        return cls("PTR", dns.message.make_query(dns.reversename.from_address(str(of)), "PTR"))

    @cached_property
    def octets(self) -> bytes:
        return self.message.to_wire()

    def response(self, octets: bytes) -> Response | None:
        """None for what is no response to this query: somebody else's, late, or made up."""
        try:
            message = dns.message.from_wire(octets)
        except dns.exception.DNSException:
            return None
        return Response(self.kind, message) if self.message.is_response(message) else None
