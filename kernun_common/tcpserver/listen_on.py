"""listen_on - the listening sockets of a proxy; listen-on(5).

    opened = open_listeners(section, queue_size)             at start
    opened = open_listeners(section, queue_size, present)    at a reload
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
from kernun_common.errors import ConfigurationError, Where
from kernun_common.netio import listening
from kernun_common.sockaddr import Sockaddr

from .section import ListenOn, NonTransparent

_FAMILY = {None: socket.AF_UNSPEC, "ip4": socket.AF_INET, "ip6": socket.AF_INET6}


@dataclass(frozen=True)
class Listener:
    """One listening socket, and what its row says of it."""

    at: Sockaddr
    transparent: bool
    sock: socket.socket


def open_listeners(
    section: ListenOn, queue_size: int, present: Collection[Listener] = ()
) -> Tuple[Listener, ...]:
    """A listener for every address and port of the section."""
    sockets = {listener.at: listener.sock for listener in present}
    wanted: Dict[Sockaddr, Listener] = {}
    errors: List[ConfigurationError] = []
    for where, at in _wanted(section, errors):
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
    section: ListenOn, errors: List[ConfigurationError]
) -> Iterator[Tuple[Where, Sockaddr]]:
    for index, row in enumerate(section.non_transparent):
        where = section.place("non_transparent", index)
        try:
            hosts = _addresses(row)
        except OSError as error:
            errors.append(ConfigurationError(where, f"cannot find {row.host}: {error.strerror}"))
            continue
        yield from ((where, Sockaddr.of((host, port))) for host in hosts for port in row.ports)


def _addresses(row: NonTransparent) -> List[str]:
    """The address of the row, or those of its name; OSError where it has none."""
    if row.host.address is not None:
        return [str(row.host.address)]
    found = socket.getaddrinfo(row.host.name, None, _FAMILY[row.version], socket.SOCK_STREAM)
    return sorted({str(name[0]) for *_, name in found})


def gone(present: Collection[Listener], remaining: Collection[Listener]) -> List[Listener]:
    """Those of `present` whose sockets `remaining` does not have."""
    kept = {listener.at for listener in remaining}
    return [listener for listener in present if listener.at not in kept]


def unlisten(listener: Listener) -> None:
    """Close the socket for every process that has it, not for this one only."""
    listening.unlisten(listener.sock)
