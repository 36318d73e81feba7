"""listen_rows - the rows of listen-on, and what each of them wants for itself alone; listen-on(5).

    NonTransparent(host, version, port, to, ...).claims     sockets
    Transparent(...).claims                                 likewise, on all addresses
    Transparent(...).catches                                ports whose clients it redirects
    overlap(claim, other)                                   do they want the same?

What can be known while the configuration is checked; which addresses a name or a device has is
found out when the sockets are opened, by listen_on.py.
"""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address
from typing import Collection, Dict, Iterator, List, NamedTuple, Optional, Tuple, Union

from kernun_common.configuration.types import Host, HostSet, Name, StrSet
from kernun_common.netio import proxy_hosts
from kernun_common.sockaddr import Address

from .interface import Interface, hosts_of

IMAP = 143  # whose clients are redirected if a row says nothing else

VERSIONS = {None: (4, 6), "ip4": (4,), "ip6": (6,)}
_ANY: Dict[int, Address] = {4: IPv4Address(0), 6: IPv6Address(0)}


class Device(NamedTuple):
    """Whatever addresses it has."""

    dev: str


class Claim(NamedTuple):
    """Ports of an address, of all addresses ([0.0.0.0], [::]), of a name, or of a device."""

    place: Union[Address, Name, Device]
    versions: Collection[int]
    ports: Collection[int]


def overlap(one: Claim, other: Claim) -> bool:
    """As far as it can be known: not of names and devices with what is written otherwise."""
    if set(one.ports).isdisjoint(other.ports) or set(one.versions).isdisjoint(other.versions):
        return False
    return one.place == other.place or _is_any(one.place, other.place)


def _is_any(one: object, other: object) -> bool:
    """Are both addresses, and does one of them stand for all?"""
    addresses = [it for it in (one, other) if isinstance(it, (IPv4Address, IPv6Address))]
    return len(addresses) == 2 and any(address.is_unspecified for address in addresses)


def any_address(version: int) -> Address:
    """[0.0.0.0] or [::]."""
    return _ANY[version]


class NonTransparent(NamedTuple):
    """Addresses and ports to which clients connect on purpose; a host or an interface."""

    host: Optional[Host]
    version: Optional[str]
    port: int
    to: Optional[int]
    iface: Optional[Interface] = None
    alias: Optional[StrSet] = None
    proxy_protocol: Optional[HostSet] = None

    @property
    def ports(self) -> range:
        return _ports(self.port, self.to)

    @property
    def hosts(self) -> Optional[Tuple[Host, ...]]:
        """None: whatever addresses the device has."""
        return _hosts(self.host, self.iface, self.alias)

    @property
    def versions(self) -> Collection[int]:
        return VERSIONS[self.version]

    @property
    def claims(self) -> List[Claim]:
        return _claims(self, self.ports)


class Transparent(NamedTuple):
    """Devices at which clients are caught, and ports to which they are redirected.

    A host means the device that carries its address; `redirect` are the ports that the clients
    address.  The sockets are on all addresses of the versions.
    """

    host: Optional[Host]
    port: int
    to: Optional[int] = None
    iface: Optional[Interface] = None
    alias: Optional[StrSet] = None
    version: Optional[str] = None
    redirect: Tuple[int, ...] = (IMAP,)

    @property
    def ports(self) -> range:
        return _ports(self.port, self.to)

    @property
    def hosts(self) -> Optional[Tuple[Host, ...]]:
        """None: whatever addresses the device has."""
        return _hosts(self.host, self.iface, self.alias)

    @property
    def versions(self) -> Collection[int]:
        """Those of its addresses, where they are known."""
        known = [host.address.version for host in self.hosts or () if host.address is not None]
        if self.hosts is None or len(known) < len(self.hosts):
            return VERSIONS[self.version]
        return set(known).intersection(VERSIONS[self.version])

    @property
    def redirections(self) -> List[Tuple[int, int]]:
        """Pairs: the port that clients address, and the one that they get to."""
        if len(self.ports) == 1:
            return [(caught, self.port) for caught in self.redirect]
        return list(zip(self.redirect, self.ports))

    @property
    def claims(self) -> List[Claim]:
        if self.host is not None and self.host.name is not None:
            return _claims(self, self.ports)  # of which version is not known
        return [Claim(_ANY[version], (version,), self.ports) for version in self.versions]

    @property
    def catches(self) -> List[Claim]:
        if self.iface is not None:
            return [Claim(Device(self.iface.dev), self.versions, self.redirect)]
        return _claims(self, self.redirect)


Row = Union[NonTransparent, Transparent]


def _ports(first: int, last: Optional[int]) -> range:
    return range(first, (first if last is None else last) + 1)


def _hosts(
    host: Optional[Host], iface: Optional[Interface], alias: Optional[StrSet]
) -> Optional[Tuple[Host, ...]]:
    if host is not None:
        return (host,)
    assert iface is not None
    return hosts_of(iface, alias)


def _claims(row: Row, ports: Collection[int]) -> List[Claim]:
    if row.hosts is None:
        assert row.iface is not None
        return [Claim(Device(row.iface.dev), row.versions, ports)]
    return [claim for host in row.hosts for claim in _claim(host, row.versions, ports)]


def _claim(host: Host, versions: Collection[int], ports: Collection[int]) -> Iterator[Claim]:
    if host.address is None:
        yield Claim(Name(str(host.name)), versions, ports)
    elif host.address.version in versions:
        yield Claim(host.address, (host.address.version,), ports)


def non_transparent_complaint(row: NonTransparent) -> Optional[str]:
    """The check of the item `non-transparent`."""
    if row.version and row.host and row.host.address:
        if row.version != f"ip{row.host.address.version}":
            return f"{row.host} is not an {row.version} address"
    return proxy_hosts.complaint(row.proxy_protocol) or _complaint(row)


def transparent_complaint(row: Transparent) -> Optional[str]:
    """The check of the item `transparent`."""
    if not row.redirect or 0 in row.redirect or len(set(row.redirect)) < len(row.redirect):
        return "redirect must have ports, each once and none of them 0"
    if len(row.ports) > 1 and len(row.ports) != len(row.redirect):
        return (
            f"redirect has {len(row.redirect)} of the {len(row.ports)} ports that a range of"
            f" {len(row.ports)} needs, one for each"
        )
    return _complaint(row)


def _complaint(row: Row) -> Optional[str]:
    if not row.ports or row.port == 0:
        return "the ports must be a range that does not begin with 0"
    if row.iface is not None and row.hosts == ():
        return f"interface {row.iface.name} has no such alias"
    if row.iface is not None and row.hosts and not row.claims:
        return f"none of the aliases has an {row.version} address"
    return None
