"""original_dst - where a client who was redirected wanted to go.

    to = original_dst(sock)         the socket's own address where nobody was redirected

The connection tracking of Linux knows it; of FreeBSD's pf see state_table.py.
Source: linux/netfilter_ipv4.h, linux/netfilter_ipv6/ip6_tables.h.
"""

from __future__ import annotations

import socket
import struct
from ipaddress import IPv4Address, IPv6Address

from kernun_common.sockaddr import Sockaddr, address

SO_ORIGINAL_DST = IP6T_SO_ORIGINAL_DST = 80

_IN = struct.Struct("!2xH4s8x")  # sockaddr_in: port, address
_IN6 = struct.Struct("!2xH4x16s4x")  # sockaddr_in6: likewise; what lies between is the flow


def original_dst(sock: socket.socket) -> Sockaddr:
    """OSError where the connection has gone."""
    own = Sockaddr.of(sock.getsockname())
    try:
        return _asked_for(sock)
    except OSError:
        return own  # connection tracking knows nothing of it


def _asked_for(sock: socket.socket) -> Sockaddr:
    if sock.family == socket.AF_INET:
        octets = sock.getsockopt(socket.IPPROTO_IP, SO_ORIGINAL_DST, _IN.size)
        return _sockaddr(octets, _IN)
    octets = sock.getsockopt(socket.IPPROTO_IPV6, IP6T_SO_ORIGINAL_DST, _IN6.size)
    return _sockaddr(octets, _IN6)


def _sockaddr(octets: bytes, form: struct.Struct) -> Sockaddr:
    port, packed = form.unpack(octets)
    kind = IPv4Address if form is _IN else IPv6Address
    return Sockaddr(address(str(kind(packed))), port)
