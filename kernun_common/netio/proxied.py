"""proxied - whose connection it is that a balancer makes.

    header = receive(sock, peer, waiter, log)       None: there is no valid one, the log tells why

The header is read to its last octet and no further, because TLS may begin behind it.
OSError where the peer has gone.

See also: proxy_header.py, proxy_hosts.py.
"""

from __future__ import annotations

import select
import socket
import time
from typing import Optional

from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Sockaddr

from . import messages, proxy_header
from .proxy_header import Header
from .waiting import Waiter

HEADER_SECONDS = 10.0  # it comes at once, but for lost packets (the protocol wants 3 at least)
PEEKED = 512  # octets in one look; enough for all but a header with long TLVs


def receive(sock: socket.socket, peer: Sockaddr, waiter: Waiter, log: Log) -> Optional[Header]:
    """See the file's first lines."""
    own = Sockaddr.of(sock.getsockname())
    try:
        header = _receive(sock, waiter)
    except (ValueError, EOFError, TimeoutError) as failure:
        log.write(messages.PROXY_HEADER, peer=peer, at=own, reason=str(failure))
        return None
    if header.client is not None:
        log.write(messages.PROXIED, peer=peer, client=header.client, to=header.to)
    return header


def _receive(sock: socket.socket, waiter: Waiter) -> Header:
    """The header; ValueError, EOFError or TimeoutError where there is none."""
    deadline = time.monotonic() + HEADER_SECONDS
    octets = b""
    while True:
        if not waiter.until(sock.fileno(), select.POLLIN, deadline):
            raise TimeoutError("no whole header came in time")
        wanted = (proxy_header.length(octets) or len(octets) + PEEKED) - len(octets)
        peeked = sock.recv(wanted, socket.MSG_PEEK)
        if not peeked:
            raise EOFError("it was closed before a whole header came")
        size = proxy_header.length(octets + peeked)
        taken = len(peeked) if size is None else min(len(peeked), size - len(octets))
        octets += sock.recv(taken)
        if len(octets) == size:
            return proxy_header.decode(octets)
