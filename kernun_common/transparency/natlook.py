"""natlook - the octets by which FreeBSD's pf is asked where a redirected client wanted to go.

    octets = question(client, own)      of a connection: its two ends as the proxy has them
    to = answer(octets)                 what the system has made of them: the original destination

    struct pfioc_natlook        four addresses of 16 octets: source, destination, and both as they
                                were before; their four ports; family, protocol, variant, direction

Ports are in network order, and an IPv4 address is in the first four octets of its place.  The
direction is outwards: the answer is for what the proxy sends back.
Source: net/pfvar.h and pf(4) of FreeBSD, which is where the numbers below hold.
See also: state_table.py.
"""

from __future__ import annotations

import struct
from ipaddress import IPv4Address, IPv6Address

from kernun_common.sockaddr import Sockaddr, address

DIOCNATLOOK = 0xC04C4417  # _IOWR('D', 23, struct pfioc_natlook)

_NATLOOK = struct.Struct("!16s16s16s16s4H4B")
_AF_INET, _AF_INET6 = 2, 28  # sys/socket.h
_TCP, _NO_VARIANT, _OUT = 6, 0, 2  # netinet/in.h; net/pfvar.h, PF_OUT


def question(client: Sockaddr, own: Sockaddr) -> bytes:
    """Both ends are of one family."""
    family = _AF_INET if own.family == 4 else _AF_INET6
    ends = client.address.packed, own.address.packed, b"", b""
    ports = client.port, own.port, 0, 0
    return _NATLOOK.pack(*ends, *ports, family, _TCP, _NO_VARIANT, _OUT)


def answer(octets: bytes) -> Sockaddr:
    _, _, _, packed, _, _, _, port, family, _, _, _ = _NATLOOK.unpack(octets)
    if family == _AF_INET:
        return Sockaddr(IPv4Address(packed[:4]), port)
    return Sockaddr(address(str(IPv6Address(packed))), port)
