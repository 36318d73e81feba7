"""listen_on - the listening sockets of a proxy; listen-on(5).

    opened = open_listeners(section, queue_size, resolver)              at start
    opened = open_listeners(section, queue_size, resolver, present)     at a reload
    gone(present, opened)                                    those to be closed then
    unlisten(listener)

What is open already stays as it is, so a reload refuses no connection.  If one socket
cannot be had, ConfigurationErrors tells of all such, with the places of their rows,
and nothing has changed.

The sockets do not block: of several children that a connection woke, one gets it.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Collection, Dict, Iterator, List, Tuple

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError, Unavailable, Where
from kernun_common.netio import listening
from kernun_common.resolving.resolver import Resolver, addresses_of
from kernun_common.sockaddr import Address, Sockaddr

from .section import ListenOn, NonTransparent

_VERSIONS = {None: (4, 6), "ip4": (4,), "ip6": (6,)}


@dataclass(frozen=True)
class Listener:
    """One listening socket, and what its row says of it."""

    at: Sockaddr
    transparent: bool
    sock: socket.socket


def open_listeners(
    section: ListenOn, queue_size: int, resolver: Resolver, present: Collection[Listener] = ()
) -> Tuple[Listener, ...]:
    """A listener for every address and port of the section; names are looked up now."""
    sockets = {listener.at: listener.sock for listener in present}
    wanted: Dict[Sockaddr, Listener] = {}
    errors: List[ConfigurationError] = []
    for where, at in _wanted(section, resolver, errors):
        try:
            sock = sockets.get(at) or listening.listen(at, queue_size)
            wanted[at] = Listener(at, False, sock)
        except OSError as error:
            errors.append(ConfigurationError(where, f"cannot listen on {at}: {error.strerror}"))
    if errors:
        for listener in gone(wanted.values(), present):
            listener.sock.close()
        raise ConfigurationErrors(errors)
    return tuple(wanted.values())


def _wanted(
    section: ListenOn, resolver: Resolver, errors: List[ConfigurationError]
) -> Iterator[Tuple[Where, Sockaddr]]:
    for index, row in enumerate(section.non_transparent):
        where = section.place("non_transparent", index)
        try:
            addresses = _addresses(row, resolver)
        except Unavailable as failure:
            errors.append(ConfigurationError(where, f"cannot find {row.host}: {failure.what}"))
            continue
        yield from ((where, Sockaddr(one, port)) for one in addresses for port in row.ports)


def _addresses(row: NonTransparent, resolver: Resolver) -> List[Address]:
    """The address of the row, or those of its name; Unavailable where it has none."""
    if row.host.address is not None:
        return [row.host.address]
    assert row.host.name is not None
    found = addresses_of(row.host.name, resolver)
    of_version = [address for address in found if address.version in _VERSIONS[row.version]]
    if not of_version:
        raise Unavailable(f"it has no address of {row.version}")
    return of_version


def gone(present: Collection[Listener], remaining: Collection[Listener]) -> List[Listener]:
    """Those of `present` whose sockets `remaining` does not have."""
    kept = {listener.at for listener in remaining}
    return [listener for listener in present if listener.at not in kept]


def unlisten(listener: Listener) -> None:
    """Close the socket for every process that has it, not for this one only."""
    listening.unlisten(listener.sock)
