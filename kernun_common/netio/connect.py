"""connect - the way to a server.

    sock, host, server = connect(candidates, ServerConn(), resolver, waiter, failed)

Candidates are tried in their order; a name stands for all its addresses, which
are tried in turn.  A candidate gets conn-timeout in all, look-up included, and
each of its addresses an equal share of what is left of it: an address that
swallows packets does not use up the time of the next.

`failed` is told what became of each attempt that failed.  Nobody can be reached:
Unavailable, with all of them.
See also: netio(7), ../resolving/resolver.py.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import time
from typing import Callable, Iterator, NamedTuple, Protocol, Sequence, Tuple

from kernun_common.configuration.types import Sock

from ..errors import Unavailable
from ..sockaddr import Address, Sockaddr
from .section import SockOpt
from .waiting import Waiter


class Resolver(Protocol):
    """Asks for the addresses of a name, in the order to try; Unavailable where there are none."""

    def addresses(
        self, name: str, deadline: float, wait: Callable[[int, int, float], bool]
    ) -> Sequence[Address]: ...


class Connection(NamedTuple):
    """A connected socket; `host` is the server as it was named, a name or an address."""

    sock: socket.socket
    host: str
    server: Sockaddr


def connect(
    candidates: Sequence[Sock],
    options: SockOpt,
    resolver: Resolver,
    waiter: Waiter,
    failed: Callable[[str], object] = lambda reason: None,
) -> Connection:
    """The first connection that succeeds; Unavailable if none does."""
    failures: list[str] = []

    def note(reason: str) -> None:
        failures.append(reason)
        failed(reason)

    for candidate in candidates:
        deadline = time.monotonic() + options.conn_timeout
        try:
            for server, share in _attempts(candidate, deadline, resolver, waiter):
                try:
                    return Connection(_open(server, share, waiter), _spelt(candidate), server)
                except OSError as failure:
                    note(f"{server}: {_reason(failure)}")
        except Unavailable as failure:
            note(failure.what)
    raise Unavailable("; ".join(failures) or "no server")


def _attempts(
    candidate: Sock, deadline: float, resolver: Resolver, waiter: Waiter
) -> Iterator[Tuple[Sockaddr, float]]:
    """Each address of a candidate and the deadline of the attempt on it."""
    host = candidate.host
    if host.address is not None:
        addresses: Sequence[Address] = (host.address,)
    else:
        assert host.name is not None
        addresses = resolver.addresses(host.name, deadline, waiter.until)
    for tried, address in enumerate(addresses):
        now = time.monotonic()
        yield Sockaddr(address, candidate.port), now + (deadline - now) / (len(addresses) - tried)


def _spelt(candidate: Sock) -> str:
    return candidate.host.name or str(candidate.host.address)


def _open(server: Sockaddr, deadline: float, waiter: Waiter) -> socket.socket:
    """A socket connected to `server`; OSError, TimeoutError among them."""
    family = socket.AF_INET if server.family == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setblocking(False)
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
