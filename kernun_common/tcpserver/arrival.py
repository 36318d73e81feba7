"""arrival - who a connection comes from, and where its client wanted to go.

    proxied = brings_header(accepted, resolution)       must it begin with a PROXY header?
    arrival = arrive(accepted, proxied, waiter, log, original_dst)
                                                        None: not served, the log tells why

A balancer's connection is the client's whom its header names; the header is read to its last
octet and no further, because TLS may begin behind it.  A client who was redirected wanted to go
to the original destination.  If that is the proxy's own socket, nobody was redirected: the client
connected to the port of the redirection, and the proxy would connect to itself for ever.

See also: listen-on(5), transparency(7); child.py, listener.py; ../netio/proxy_header.py.
"""

from __future__ import annotations

import select
import socket
import time
from dataclasses import dataclass
from typing import Callable, Optional

from kernun_common.acl.condition import Answer
from kernun_common.acl.facts import Resolution
from kernun_common.acl.host_matching import address_in
from kernun_common.log.sinks import Log
from kernun_common.netio import messages as netio_messages
from kernun_common.netio import proxy_header
from kernun_common.netio.proxy_header import Header
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr
from kernun_common.transparency import messages as transparency_messages

from .source import Accepted

OriginalDst = Callable[[socket.socket], Sockaddr]

HEADER_SECONDS = 10.0  # it comes at once, but for lost packets (the protocol wants 3 at least)
PEEKED = 512  # octets in one look; enough for all but a header with long TLVs


@dataclass(frozen=True)
class Arrival:
    """Whose connection it is; a `probe` is a balancer's own, with no client behind it."""

    client: Sockaddr
    to: Sockaddr
    transparent: bool = False
    probe: bool = False


def brings_header(accepted: Accepted, resolution: Callable[[], Resolution]) -> bool:
    """Is the peer one of the hosts behind `proxy-protocol`?"""
    hosts, peer = accepted.listener.proxies, accepted.peer.address
    return hosts is not None and address_in(hosts, peer, resolution()) is Answer.YES


def arrive(
    accepted: Accepted, proxied: bool, waiter: Waiter, log: Log, original_dst: OriginalDst
) -> Optional[Arrival]:
    """See the file's first lines; OSError where the client has gone."""
    own = Sockaddr.of(accepted.sock.getsockname())
    if accepted.listener.transparent:
        return _redirected(accepted, own, original_dst, log)
    if proxied:
        return _proxied(accepted, own, waiter, log)
    return Arrival(accepted.peer, own)


def _redirected(
    accepted: Accepted, own: Sockaddr, original_dst: OriginalDst, log: Log
) -> Optional[Arrival]:
    to = original_dst(accepted.sock)
    if to != own:
        return Arrival(accepted.peer, to, transparent=True)
    log.write(transparency_messages.LOOP, client=accepted.peer, at=own)
    return None


def _proxied(
    accepted: Accepted, own: Sockaddr, waiter: Waiter, log: Log
) -> Optional[Arrival]:
    peer = accepted.peer
    try:
        header = _receive(accepted.sock, waiter)
    except (ValueError, EOFError, TimeoutError) as failure:
        log.write(netio_messages.PROXY_HEADER, peer=peer, at=own, reason=str(failure))
        return None
    if header.client is None or header.to is None:
        return Arrival(peer, own, probe=True)
    log.write(netio_messages.PROXIED, peer=peer, client=header.client, to=header.to)
    return Arrival(header.client, header.to)


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
