"""connect - the way to a server.

    sock, host, server = connect(candidates, ServerConn(), resolution, waiter, write, sources)

Candidates are tried in their order; a name stands for all its addresses, which
are tried in turn.  A candidate gets conn-timeout in all, and each of its
addresses an equal share of what is left of it: an address that swallows packets
does not use up the time of the next.

Nothing is looked up here: `resolution` is what the names of the configuration
stand for now.  `sources` are the addresses to connect from.

`write` logs what became of each attempt.  Nobody can be reached: Unavailable, with
all of them.
See also: netio(7), sources.py, ../resolving/table.py.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import sys
import time
from typing import Callable, Iterator, NamedTuple, Sequence, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.configuration.types import Sock

from ..errors import Unavailable
from ..sockaddr import Address, Sockaddr
from . import messages
from .section import SockOpt
from .sources import ANY, Sources
from .waiting import Waiter

# ip(7), linux/in.h; Python has it from 3.12 on.  Without it the port is chosen while the server is
# not known, and 28,000 connections from one address, to whomever, are all there can be.
IP_BIND_ADDRESS_NO_PORT = 24

# ip(7) and linux/in6.h; Python has the first of them.
TRANSPARENT = {4: (socket.IPPROTO_IP, 19), 6: (socket.IPPROTO_IPV6, 75)}

Write = Callable[..., object]


class Connection(NamedTuple):
    """A connected socket; `host` is the server as it was named, a name or an address."""

    sock: socket.socket
    host: str
    server: Sockaddr


def connect(
    candidates: Sequence[Sock],
    options: SockOpt,
    resolution: Resolution,
    waiter: Waiter,
    write: Write = lambda message, **fields: None,
    sources: Sources = ANY,
) -> Connection:
    """The first connection that succeeds; Unavailable if none does."""
    failures: list[str] = []

    def note(reason: str) -> None:
        failures.append(reason)
        write(messages.CONNECT_FAILED, reason=reason)

    for candidate in candidates:
        name = candidate.host.name or str(candidate.host.address)
        addresses = addresses_of(candidate, resolution)
        if not addresses:
            note(f"{name}: no address is known")
        for server, deadline in attempts(addresses, candidate.port, options.conn_timeout):
            try:
                sock = _open(server, sources, write)
                return Connection(_reach(sock, server, deadline, waiter), name, server)
            except OSError as failure:
                note(f"{server}: {_reason(failure)}")
    raise Unavailable("; ".join(failures) or "no server")


def addresses_of(candidate: Sock, resolution: Resolution) -> Sequence[Address]:
    """All that the candidate stands for; none: they are not known."""
    host = candidate.host
    return resolution.get(host.name or "", ()) if host.address is None else (host.address,)


def attempts(
    addresses: Sequence[Address], port: int, seconds: float
) -> Iterator[Tuple[Sockaddr, float]]:
    """Each address of a candidate and the deadline of the attempt on it."""
    deadline = time.monotonic() + seconds
    for tried, address in enumerate(addresses):
        now = time.monotonic()
        yield Sockaddr(address, port), now + (deadline - now) / (len(addresses) - tried)


def _open(server: Sockaddr, sources: Sources, write: Write) -> socket.socket:
    """A socket with the address that it is to have; OSError."""
    source = sources.towards(server.address)
    if source is None and not sources.fallback:
        raise OSError(errno.EADDRNOTAVAIL, "there is no source-address for its family")
    family = socket.AF_INET if server.family == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
        if source is not None:
            _bind(sock, source, foreign=source is sources.client)
    except OSError as failure:
        if not sources.fallback:
            sock.close()
            raise OSError(failure.errno, f"from [{source}]: {_reason(failure)}") from failure
        write(messages.SOURCE_FAILED, address=source, server=server, reason=_reason(failure))
    return sock


def _bind(sock: socket.socket, source: Address, foreign: bool) -> None:
    """A foreign address is not this machine's."""
    if sys.platform == "linux":
        sock.setsockopt(socket.IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1)
        if foreign:
            sock.setsockopt(*TRANSPARENT[source.version], 1)
    sock.bind((str(source), 0))


def _reach(
    sock: socket.socket, server: Sockaddr, deadline: float, waiter: Waiter
) -> socket.socket:
    """The socket, connected; OSError, TimeoutError among them, and it is closed."""
    try:
        _await(sock, sock.connect_ex((server.host, server.port)), deadline, waiter)
    except OSError:
        sock.close()
        raise
    return sock


def _await(sock: socket.socket, error: int, deadline: float, waiter: Waiter) -> None:
    if error == errno.EINPROGRESS:
        if not waiter.until(sock.fileno(), select.POLLOUT, deadline):
            raise TimeoutError(errno.ETIMEDOUT, "no answer within conn-timeout")
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _reason(failure: OSError) -> str:
    return failure.strerror or str(failure)
