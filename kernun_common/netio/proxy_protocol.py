"""proxy_protocol - the PROXY header that tells who the client of a proxied connection is.

    encode_v1(client, to)   b"PROXY TCP4 192.0.2.9 192.0.2.1 40312 143\\r\\n"
    encode_v2(client, to)   the binary form

`client` and `to` are the ends of the client's own connection.  Where they are of
different families, an IPv4 address is written mapped into IPv6 (RFC 4291
section 2.5.5.2), because the header has one family for both.
Source: the PROXY protocol, versions 1 and 2, sections 2.1 and 2.2.
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address
from typing import Tuple

from kernun_common.sockaddr import Address, Sockaddr

V2_SIGNATURE = b"\r\n\r\n\0\r\nQUIT\n"
V2_PROXY = 0x21  # version 2, command PROXY
V2_STREAM = {4: 0x11, 6: 0x21}  # family and SOCK_STREAM
_V1_FAMILY = {4: "TCP4", 6: "TCP6"}


def encode_v1(client: Sockaddr, to: Sockaddr) -> bytes:
    """The header as a line of text, with CRLF."""
    source, destination = _of_one_family(client.address, to.address)
    line = f"PROXY {_V1_FAMILY[source.version]} {source} {destination} {client.port} {to.port}\r\n"
    return line.encode("ascii")


def encode_v2(client: Sockaddr, to: Sockaddr) -> bytes:
    """The header in the binary form, without TLVs."""
    source, destination = _of_one_family(client.address, to.address)
    addresses = source.packed + destination.packed + struct.pack("!HH", client.port, to.port)
    head = struct.pack("!BBH", V2_PROXY, V2_STREAM[source.version], len(addresses))
    return V2_SIGNATURE + head + addresses


def _of_one_family(source: Address, destination: Address) -> Tuple[Address, Address]:
    if source.version == destination.version:
        return source, destination
    return _as_ipv6(source), _as_ipv6(destination)


def _as_ipv6(address: Address) -> IPv6Address:
    if isinstance(address, IPv4Address):
        return IPv6Address(bytes(10) + b"\xff\xff" + address.packed)
    return address
