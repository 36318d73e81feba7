"""streams - connected TCP sockets on loopback, and peers that are easy to talk to.

    ours, theirs = tcp_pair()                 two ends of one connection
    conn, peer = conn_pair(Side.CLIENT)       one end is a Conn, the other blocks
    reset(peer)                               close a socket by a TCP reset
    received(peer, 5)                         exactly so many octets; up to the end if None
"""

from __future__ import annotations

import socket
import struct
from typing import Any, Tuple

from kernun_common.errors import Side
from kernun_common.netio.conn import Conn
from kernun_common.netio.section import SockOpt


def tcp_pair(family: int = socket.AF_INET) -> Tuple[socket.socket, socket.socket]:
    address = "127.0.0.1" if family == socket.AF_INET else "::1"
    with socket.create_server((address, 0), family=family) as listener:
        one = socket.create_connection(listener.getsockname()[:2])
        other, _ = listener.accept()
    return one, other


def conn_pair(side: Side = Side.CLIENT, **options: Any) -> Tuple[Conn, socket.socket]:
    ours, theirs = tcp_pair()
    return Conn(ours, side, SockOpt(**options)), theirs


def reset(sock: socket.socket) -> None:
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


def received(sock: Any, count: int | None = None) -> bytes:
    """Of anything with `recv`; fewer octets than `count` if the peer ends before."""
    octets = bytearray()
    while count is None or len(octets) < count:
        more = sock.recv(65536 if count is None else count - len(octets))
        if not more:
            break
        octets += more
    return bytes(octets)
