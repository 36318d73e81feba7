"""capture - the packets that pass a device, summed up as text.

    with machine.entered():
        capture = Capture("c0")
    ...
    capture.connections()
        ["[10.77.1.2] -> [10.77.2.2]:143", "[10.77.1.2] <- [10.77.2.2]:143"]

One line for each pair of addresses and server's port that a TCP connection was asked for by
(SYN), one for each that it was granted by (SYN, ACK); both ways, in order, each once.
Source: RFC 791, 8200, 9293; packet(7).
"""

from __future__ import annotations

import socket
import struct
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import Iterator, NamedTuple

ETH_P_ALL = 3
SYN, ACK = 0x02, 0x10


class Segment(NamedTuple):
    """What the two headers of a TCP segment say."""

    source: IPv4Address | IPv6Address
    destination: IPv4Address | IPv6Address
    source_port: int
    destination_port: int
    flags: int


class Capture:
    """See the file's first lines."""

    def __init__(self, device: str) -> None:
        kind = socket.SOCK_DGRAM  # without the header of the link
        self._sock = socket.socket(socket.AF_PACKET, kind, socket.htons(ETH_P_ALL))
        self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        self._sock.bind((device, ETH_P_ALL))
        self._sock.setblocking(False)

    def connections(self) -> list[str]:
        """Of those captured since the last time."""
        return list(dict.fromkeys(filter(None, map(_line, self._segments()))))

    def _segments(self) -> Iterator[Segment]:
        while True:
            try:
                packet = self._sock.recv(1 << 16)
            except BlockingIOError:
                return
            segment = parse(packet)
            if segment is not None:
                yield segment

    def close(self) -> None:
        self._sock.close()


def parse(packet: bytes) -> Segment | None:
    """None where it is no TCP segment, or has extension headers."""
    version = packet[0] >> 4
    if version == 4 and packet[9] == socket.IPPROTO_TCP:
        addresses, tcp = (packet[12:16], packet[16:20]), packet[(packet[0] & 15) * 4 :]
    elif version == 6 and packet[6] == socket.IPPROTO_TCP:
        addresses, tcp = (packet[8:24], packet[24:40]), packet[40:]
    else:
        return None
    source, destination = map(ip_address, addresses)
    ports = struct.unpack_from("!HH", tcp)
    return Segment(source, destination, *ports, tcp[13])


def _line(segment: Segment) -> str:
    if segment.flags & SYN == 0:
        return ""
    if segment.flags & ACK:
        return f"[{segment.destination}] <- [{segment.source}]:{segment.source_port}"
    return f"[{segment.source}] -> [{segment.destination}]:{segment.destination_port}"
