"""sockaddr - address, port and family as one value.

    Sockaddr.of(sock.getpeername())  ->  Sockaddr(192.0.2.7, 40312)
    str(...)                         ->  [192.0.2.7]:40312

Written as in the configuration language: the address in brackets.  An IPv4
address that arrives mapped into IPv6 counts as IPv4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Any, Tuple, Union

Address = Union[IPv4Address, IPv6Address]


@lru_cache(maxsize=256)  # the same few come with every connection
def address(text: str) -> Address:
    """The address that `text` spells, without zone; ValueError where it is none."""
    value = ip_address(text.partition("%")[0])
    if isinstance(value, IPv6Address) and value.ipv4_mapped is not None:
        return value.ipv4_mapped
    return value


@dataclass(frozen=True, order=True)
class Sockaddr:
    """One end of a TCP connection."""

    address: Address
    port: int

    @classmethod
    def of(cls, name: Tuple[Any, ...]) -> Sockaddr:
        """From what getsockname and getpeername return (two members or four)."""
        return cls(address(name[0]), name[1])

    @property
    def family(self) -> int:
        """4 or 6."""
        return self.address.version

    @cached_property  # it stands in most lines that a session logs
    def host(self) -> str:
        """The address as text, for connect and bind."""
        return str(self.address)

    def __str__(self) -> str:
        return f"[{self.host}]:{self.port}"
