"""listen_on - the listening sockets of a proxy; listen-on(5).

    opened = open_listeners(section, queue_size, resolver)              at start
    opened = open_listeners(section, queue_size, resolver, present)     at a reload
    gone(present, opened)                                    those to be closed then
    redirections_to(opened)                                  what the packet filter has to do
    device_complaints(section)                               devices that are not there
    unlisten(listener)

What is open already stays as it is, so a reload refuses no connection.  If one socket
cannot be had, ConfigurationErrors tells of all such, with the places of their rows,
and nothing has changed.

The sockets do not block: of several children that a connection woke, one gets it.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, replace
from typing import Collection, Dict, Iterator, List, Optional, Tuple

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.configuration.types import Host, HostSet
from kernun_common.errors import ConfigurationError, Unavailable, Where
from kernun_common.netio import listening
from kernun_common.netio.devices import Devices
from kernun_common.resolving.resolver import Resolver, addresses_of
from kernun_common.sockaddr import Address, Sockaddr
from kernun_common.transparency.ruleset import Redirection

from .listen_rows import NonTransparent, Row, Transparent, any_address
from .section import ListenOn


@dataclass(frozen=True)
class Listener:
    """One listening socket, and what its row says of it.

    `proxies` are the hosts that send PROXY headers; `redirections` lead clients to it.
    """

    at: Sockaddr
    transparent: bool
    sock: socket.socket
    proxies: Optional[HostSet] = None
    redirections: Tuple[Redirection, ...] = ()


@dataclass(frozen=True)
class Wish:
    """A socket that a row wants; the same one for several devices."""

    where: Where
    at: Sockaddr
    transparent: bool = False
    proxies: Optional[HostSet] = None
    redirections: Tuple[Redirection, ...] = ()


Wishes = Dict[Sockaddr, Wish]


def open_listeners(
    section: ListenOn, queue_size: int, resolver: Resolver, present: Collection[Listener] = ()
) -> Tuple[Listener, ...]:
    """A listener for every address and port of the section; names are looked up now."""
    sockets = {listener.at: listener.sock for listener in present}
    opened: List[Listener] = []
    wishes, errors = _wishes_of(section, resolver, Devices())
    for wish in wishes.values():
        try:
            sock = sockets.get(wish.at) or listening.listen(wish.at, queue_size)
        except OSError as error:
            text = f"cannot listen on {wish.at}: {error.strerror}"
            errors.append(ConfigurationError(wish.where, text))
            continue
        opened.append(
            Listener(wish.at, wish.transparent, sock, wish.proxies, wish.redirections)
        )
    if errors:
        for listener in gone(opened, present):
            listener.sock.close()
        raise ConfigurationErrors(errors)
    return tuple(opened)


def device_complaints(section: ListenOn) -> Iterator[ConfigurationError]:
    """What can be said of devices without opening anything or looking names up."""
    devices = Devices()
    for where, row in _rows(section):
        try:
            if row.iface is not None:
                devices.addresses(row.iface.dev)
            elif isinstance(row, Transparent) and row.host is not None:
                _device_of(row.host.address, devices)
        except Unavailable as failure:
            yield ConfigurationError(where, failure.what)


def _device_of(address: Optional[Address], devices: Devices) -> Optional[str]:
    """None: all devices, or it is not known."""
    if address is None or address.is_unspecified:
        return None
    return devices.carrying(address)


def _wishes_of(
    section: ListenOn, resolver: Resolver, devices: Devices
) -> Tuple[Wishes, List[ConfigurationError]]:
    """What the rows want on this machine, and what is wrong with that."""
    wanted: Wishes = {}
    errors: List[ConfigurationError] = []
    for where, row in _rows(section):
        try:
            for wish in _wishes(where, row, resolver, devices):
                _add(wish, wanted)
        except Unavailable as failure:
            errors.append(ConfigurationError(where, failure.what))
    return wanted, errors


def _rows(section: ListenOn) -> Iterator[Tuple[Where, Row]]:
    for index, row in enumerate(section.non_transparent):
        yield section.place("non_transparent", index), row
    for index, other in enumerate(section.transparent):
        yield section.place("transparent", index), other


def _add(wish: Wish, wanted: Wishes) -> None:
    earlier = wanted.setdefault(wish.at, wish)
    if earlier is wish:
        return
    if earlier.where != wish.where or not wish.transparent:
        raise Unavailable(f"{wish.at} is listened on already, see {earlier.where}")
    more = (it for it in wish.redirections if it not in earlier.redirections)
    wanted[wish.at] = replace(earlier, redirections=(*earlier.redirections, *more))


def _wishes(where: Where, row: Row, resolver: Resolver, devices: Devices) -> Iterator[Wish]:
    """Unavailable where an address is not known."""
    if isinstance(row, NonTransparent):
        for address in _addresses(row, resolver, devices):
            for port in row.ports:
                yield Wish(where, Sockaddr(address, port), proxies=row.proxy_protocol)
        return
    for version, device in _catching(row, resolver, devices):
        for port in row.ports:
            redirections = tuple(
                Redirection(version, device, caught, to)
                for caught, to in row.redirections
                if to == port
            )
            yield Wish(where, Sockaddr(any_address(version), port), True, None, redirections)


def _addresses(row: NonTransparent, resolver: Resolver, devices: Devices) -> List[Address]:
    """Those to listen on, at least one."""
    if row.hosts is None:
        assert row.iface is not None
        what = f"device {row.iface.dev}"
        found = list(devices.addresses(row.iface.dev))
    else:
        what = str(row.host) if row.host is not None else "the aliases"
        found = [address for host in row.hosts for address in _addresses_of(host, resolver)]
    of_version = [address for address in found if address.version in row.versions]
    if not of_version:
        raise Unavailable(f"cannot find {what}: it has no address of {row.version or 'any kind'}")
    return list(dict.fromkeys(of_version))


def _addresses_of(host: Host, resolver: Resolver) -> List[Address]:
    if host.address is not None:
        return [host.address]
    assert host.name is not None
    try:
        return list(addresses_of(host.name, resolver))
    except Unavailable as failure:
        raise Unavailable(f"cannot find {host}: {failure.what}") from failure


def _catching(
    row: Transparent, resolver: Resolver, devices: Devices
) -> List[Tuple[int, Optional[str]]]:
    """Versions, and the devices at which clients are caught; None is all devices."""
    if row.iface is not None:
        devices.addresses(row.iface.dev)
        return [(version, row.iface.dev) for version in sorted(row.versions)]
    assert row.host is not None
    return [
        (address.version, _device_of(address, devices))
        for address in _addresses_of(row.host, resolver)
    ]


def redirections_to(listeners: Collection[Listener]) -> Tuple[Redirection, ...]:
    """Of all of them, in the order of the rows."""
    return tuple(one for listener in listeners for one in listener.redirections)


def gone(present: Collection[Listener], remaining: Collection[Listener]) -> List[Listener]:
    """Those of `present` whose sockets `remaining` does not have."""
    kept = {listener.at for listener in remaining}
    return [listener for listener in present if listener.at not in kept]


def unlisten(listener: Listener) -> None:
    """Close the socket for every process that has it, not for this one only."""
    listening.unlisten(listener.sock)
