"""exchange - a query to name servers, until one has an answer.

    answer = yield from ask(query, servers, Patience(initial=1, further=3), deadline)

The servers are asked in their order, each try with a socket, and so a port, of
its own.  One that is silent for its time has its turn again after the others;
one that says that it cannot answer, or that is not there, has not.  An answer
that does not fit into a packet is asked for again over TCP.

Nobody answers until the deadline: Unavailable, with what became of each server.
See also: resolving(7), query.py, steps.py.
"""

from __future__ import annotations

import errno
import os
import select
import socket
import struct
import time
from collections import deque
from typing import Any, Dict, Iterable, NamedTuple

from ..errors import Unavailable
from ..sockaddr import Sockaddr
from ..steps import Steps, Want
from .query import Answer, Query, Response

PACKET = 65535  # octets, the most that UDP carries, or TCP in one response
_LENGTH = struct.Struct("!H")  # before every message over TCP; RFC 1035, section 4.2.2


class Patience(NamedTuple):
    """How many seconds to wait for an answer to the first try, and to every further one."""

    initial: float
    further: float


def ask(
    query: Query, servers: Iterable[Sockaddr], patience: Patience, deadline: float
) -> Steps[Answer[Any]]:
    """The first answer."""
    failures: Dict[Sockaddr, str] = {}
    turns, wait = deque(servers), patience.initial
    while turns and time.monotonic() < deadline:
        server = turns.popleft()
        until = min(time.monotonic() + wait, deadline)
        wait = patience.further
        try:
            response = yield from _over_udp(query, server, until)
            if response.cut:
                until = min(time.monotonic() + wait, deadline)
                response = yield from _over_tcp(query, server, until)
        except TimeoutError:
            failures[server] = "no answer"
            turns.append(server)
        except OSError as failure:
            failures[server] = failure.strerror or str(failure)
        else:
            if response.failure is None:
                return response.answer
            failures[server] = response.failure
    reasons = ", ".join(f"{server}: {reason}" for server, reason in failures.items())
    raise Unavailable(reasons or "no answer in time")


def _socket(server: Sockaddr, kind: socket.SocketKind) -> socket.socket:
    family = socket.AF_INET if server.family == 4 else socket.AF_INET6
    sock = socket.socket(family, kind)
    sock.setblocking(False)
    return sock


def _over_udp(query: Query, server: Sockaddr, deadline: float) -> Steps[Response]:
    with _socket(server, socket.SOCK_DGRAM) as sock:
        sock.connect((server.host, server.port))  # so packets of others do not arrive
        sock.send(query.octets)
        while True:
            yield from _ready(sock, select.POLLIN, deadline)
            try:
                response = query.response(sock.recv(PACKET))
            except BlockingIOError:
                continue  # the packet was damaged
            if response is not None:
                return response


def _over_tcp(query: Query, server: Sockaddr, deadline: float) -> Steps[Response]:
    with _socket(server, socket.SOCK_STREAM) as sock:
        error = sock.connect_ex((server.host, server.port))
        if error == errno.EINPROGRESS:
            yield from _ready(sock, select.POLLOUT, deadline)
            error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            raise OSError(error, os.strerror(error))
        sock.send(_LENGTH.pack(len(query.octets)) + query.octets)  # a new queue has room
        length = yield from _take(sock, _LENGTH.size, deadline)
        octets = yield from _take(sock, _LENGTH.unpack(length)[0], deadline)
    response = query.response(octets)
    if response is None:
        raise OSError(errno.EPROTO, "an invalid answer over TCP")
    return response


def _take(sock: socket.socket, count: int, deadline: float) -> Steps[bytes]:
    taken = b""
    while len(taken) < count:
        yield from _ready(sock, select.POLLIN, deadline)
        octets = sock.recv(count - len(taken))
        if not octets:
            raise OSError(errno.EPIPE, "closed before the answer was through")
        taken += octets
    return taken


def _ready(sock: socket.socket, mask: int, deadline: float) -> Steps[None]:
    if not (yield Want(sock.fileno(), mask, deadline)):
        raise TimeoutError(errno.ETIMEDOUT, "no answer")
