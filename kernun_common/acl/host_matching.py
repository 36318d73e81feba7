"""host_matching - does a host belong to a host-set?  host-matching(7).

    client(hosts, facts)        where a connection comes from
    destination(hosts, facts)   where it went to
    server(hosts, facts)        where it will go to
    address_in(hosts, address, resolution)      any address of which no name is known

The answers are YES, NO and CANNOT_TELL; the last where a member asks for a name
and there is none, or for the addresses of a name and `facts.resolution` has no
answer.  Nothing is resolved here.

See also: condition.py, data_matching.py, ../resolving/.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from typing import Any, Callable, Collection, Dict, Iterable, NamedTuple

from kernun_common.configuration.types import (
    Glob,
    HostSet,
    Name,
    Range,
    Regex,
)
from kernun_common.sockaddr import Address

from .condition import Answer, answer, any_of, negation
from .data_matching import Case, member_test
from .facts import Facts, Resolution


class Subject(NamedTuple):
    """The host in question; empty is unknown.

    `named` is what the configuration itself calls it, which needs no resolver to
    be recognised; `names` are what patterns are compared with.
    """

    addresses: Collection[Address]
    names: Collection[str]
    resolution: Resolution
    named: str | None = None


def client(hosts: HostSet, facts: Facts) -> Answer:
    names = facts.client_names or ()
    return _belongs(Subject((facts.client.address,), names, facts.resolution), hosts)


def destination(hosts: HostSet, facts: Facts) -> Answer:
    return address_in(hosts, facts.to.address, facts.resolution)


def address_in(hosts: HostSet, address: Address, resolution: Resolution) -> Answer:
    return _belongs(Subject((address,), (), resolution), hosts)


def server(hosts: HostSet, facts: Facts) -> Answer:
    """By its name, else by its address; before it is connected, by all that its name stands for."""
    if facts.server is None:
        return _belongs(Subject((), (), facts.resolution), hosts)
    name = facts.server.host.name
    if facts.server.address is not None:
        addresses: Collection[Address] = (facts.server.address,)
    else:
        addresses = facts.resolution.get(name or "", ())
    return _belongs(Subject(addresses, (name,) if name else (), facts.resolution, name), hosts)


def _belongs(subject: Subject, hosts: HostSet) -> Answer:
    if hosts.everything:
        listed = Answer.YES
    else:
        listed = any_of(_TESTS[type(each)](each, subject) for each in hosts.members)
    return negation(listed) if hosts.negated else listed


def _some(found: Iterable[bool], of: Collection[object]) -> Answer:
    return answer(any(found)) if of else Answer.CANNOT_TELL


def _address(member: Address, subject: Subject) -> Answer:
    return _some((each == member for each in subject.addresses), subject.addresses)


def _network(member: IPv4Network | IPv6Network, subject: Subject) -> Answer:
    return _some((each in member for each in subject.addresses), subject.addresses)


def _range(member: Range[Any], subject: Subject) -> Answer:
    family = member.low.version
    inside = (
        each.version == family and member.low <= each <= member.high for each in subject.addresses
    )
    return _some(inside, subject.addresses)


def _name(member: Name, subject: Subject) -> Answer:
    if member.name == subject.named:
        return Answer.YES
    known = subject.resolution.get(member.name)
    if not known:
        return Answer.CANNOT_TELL
    return _some((each in known for each in subject.addresses), subject.addresses)


def _pattern(member: Glob | Regex, subject: Subject) -> Answer:
    test = member_test(member, Case.IGNORED)
    return _some(map(test, subject.names), subject.names)


_TESTS: Dict[type, Callable[[Any, Subject], Answer]] = {
    IPv4Address: _address,
    IPv6Address: _address,
    IPv4Network: _network,
    IPv6Network: _network,
    Range: _range,
    Name: _name,
    Glob: _pattern,
    Regex: _pattern,
}


def needs_client_names(sets: Iterable[HostSet]) -> bool:
    """Do any of these `from` sets compare the client's name, so that it must be asked for?"""
    return any(isinstance(each, (Glob, Regex)) for hosts in sets for each in hosts.members)
