"""hosts - the types host, port and sock, and the members of host sets; configuration(7).

    [10.1.2.3]  [2001:db8::1]  mail.example.org  [10.0.0.0/8]  [10.0.0.1]-[10.0.0.9]  *.example.org

An address always stands in brackets, so that no name is ever taken for one or the reverse.
Names become lower case; nothing is resolved here.
"""

from __future__ import annotations

import re
from ipaddress import ip_network
from typing import Any, Optional, Union

from kernun_common.configuration import tree
from kernun_common.configuration.kind import Context, Kind
from kernun_common.configuration.scalars import Number, WordKind
from kernun_common.configuration.sets import is_glob, read_regex, write_regex
from kernun_common.configuration.types import Glob, Host, Name, Network, Range, Regex, Sock
from kernun_common.sockaddr import Address, address

_LONGEST_NAME = 253  # RFC 1035, section 2.3.4, without the last dot
_NAME = re.compile(
    r"(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
)
_NUMERIC = re.compile(r"(?:.*\.)?[0-9]+")
_PREFIX = re.compile(r"[^/%]+/[0-9]{1,3}")


def host_name(text: str) -> Optional[str]:
    """The name in lower case; None where it is none (so for a bare IPv4 address)."""
    name = text.lower()
    if len(name) > _LONGEST_NAME or not _NAME.fullmatch(name) or _NUMERIC.fullmatch(name):
        return None
    return name


def one_address(element: tree.Address, text: str, kind: Kind) -> Address:
    """The address that `text`, from within brackets, spells."""
    try:
        if "%" in text:
            kind.refuse(element, "an address has no zone here")
        return address(text)
    except ValueError:
        return kind.refuse(element, f"{text!r} is no address")


class HostKind(Kind):
    """An address or a name."""

    name = "host"
    of = Host
    expected = "an address in brackets or a host name"

    def read(self, element: tree.Element, context: Context) -> Host:
        if isinstance(element, tree.Address) and element.high is None:
            return Host(address=one_address(element, element.text, self))
        name = host_name(element.text) if isinstance(element, (tree.Word, tree.String)) else None
        if name is None:
            self.refuse(element)
        return Host(name=name)

    def write(self, value: Host) -> str:
        return str(value)


class Port(WordKind):
    """A TCP port by its number or its service's name."""

    name = "port"
    of = int
    expected = "a port from 0 to 65535 or the name of a service"
    _number = Number("uint16", 0, 65535)

    def parse(self, word: str, context: Context) -> Optional[int]:
        if word[:1].isdigit() and word.isdigit():
            return self._number.parse(word, context)
        return context.service(word)

    def write(self, value: int) -> str:
        return str(value)


class SockKind(Kind):
    """A host and a port."""

    name = "sock"
    of = Sock
    expected = "host : port"
    _host = HostKind()
    _port = Port()

    def read(self, element: tree.Element, context: Context) -> Sock:
        if not isinstance(element, tree.Pair):
            self.refuse(element)
        return Sock(
            self._host.read(element.left, context), self._port.read(element.right, context)
        )

    def write(self, value: Sock) -> str:
        return str(value)


class HostMemberKind(Kind):
    """A member of a host set."""

    name = "host-set member"
    expected = "an address, a network, a range of addresses, a host name, a glob or a regex"

    def read(self, element: tree.Element, context: Context) -> Any:
        if isinstance(element, tree.Address):
            return self._addresses(element)
        if isinstance(element, tree.Regex):
            return read_regex(element, self)
        if isinstance(element, tree.Word) and is_glob(element.text):
            return Glob(element.text.lower())
        name = host_name(element.text) if isinstance(element, (tree.Word, tree.String)) else None
        if name is None:
            self.refuse(element)
        return Name(name)

    def _addresses(self, element: tree.Address) -> Union[Address, Network, Range[Address]]:
        if element.high is not None:
            return self._range(element, element.high)
        if "/" in element.text:
            return self._network(element)
        return one_address(element, element.text, self)

    def _range(self, element: tree.Address, high: str) -> Range[Address]:
        ends = one_address(element, element.text, self), one_address(element, high, self)
        if ends[0].version != ends[1].version or int(ends[0]) > int(ends[1]):
            self.refuse(element, "a range goes up, within one family")
        return Range(*ends)

    def _network(self, element: tree.Address) -> Network:
        try:
            network = ip_network(element.text, strict=False)
        except ValueError:
            self.refuse(element, f"{element.text!r} is no network")
        if not _PREFIX.fullmatch(element.text):
            self.refuse(element, "a network is written address/prefix")
        if str(network.network_address) != str(address(element.text.partition("/")[0])):
            self.refuse(element, f"the network is [{network}]")
        return network

    def write(self, value: Any) -> str:
        if isinstance(value, Regex):
            return write_regex(value)
        if isinstance(value, (Name, Glob)):
            return value.name if isinstance(value, Name) else value.pattern
        if isinstance(value, Range):
            return f"[{value.low}]-[{value.high}]"
        return f"[{value}]"
