"""arrival - who a connection comes from, and where its client wanted to go.

    proxied = brings_header(accepted, resolution)       must it begin with a PROXY header?
    arrival = arrive(accepted, proxied, waiter, log, original_dst)
                                                        None: not served, the log tells why

A balancer's connection is the client's whom its header names.  A client who was redirected wanted
to go to the original destination.  If that is the proxy's own socket, nobody was redirected: the
client connected to the port of the redirection, and the proxy would connect to itself for ever.

See also: listen-on(5), transparency(7); child.py, listener.py; ../netio/proxied.py.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass
from typing import Callable, Optional

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log
from kernun_common.netio import proxied as headers
from kernun_common.netio import proxy_hosts
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr
from kernun_common.transparency import messages as transparency_messages

from .source import Accepted

OriginalDst = Callable[[socket.socket], Sockaddr]


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
    return proxy_hosts.brings_header(hosts, peer, resolution)


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
    header = headers.receive(accepted.sock, peer, waiter, log)
    if header is None:
        return None
    if header.client is None or header.to is None:
        return Arrival(peer, own, probe=True)
    return Arrival(header.client, header.to)
