"""web - HTTP clients, none of whom can hold anybody up.

    web = Web(sockets, allowed, answer, log)
    web.wants()                     what to poll for
    web.attend(fd, now)             one of these descriptors is ready
    web.expire(now)                 close those who took too long
    web.deadline                    when the next one will have

`answer(request)` makes the response.  Nothing blocks: a client has `PATIENCE` seconds
for all that it does, a head of 8 KiB, and one request; of more than `MOST` clients at
one time the oldest goes.  Who is not `allowed` is told 403, whatever was asked.
"""

from __future__ import annotations

import math
import select
import socket
from http import HTTPStatus
from typing import Callable, Dict, Iterator, Sequence, Tuple

from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Address, Sockaddr

from . import messages
from .http_message import MOST_OCTETS, Request, Response, parse

MOST = 32  # clients at one time; a scraper and some browsers
PATIENCE = 10.0  # seconds
PIECE = 4096  # octets read at once
MOST_READ = 65536  # octets; who sends more is not listened to

Answer = Callable[[Request], Response]


class Web:
    """See the file's first lines."""

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        allowed: Callable[[Address], bool],
        answer: Answer,
        log: Log,
    ) -> None:
        self._listening = {sock.fileno(): sock for sock in sockets}
        self._allowed = allowed
        self._answer = answer
        self._log = log
        self._clients: Dict[int, _Client] = {}  # the oldest first

    def wants(self) -> Iterator[Tuple[int, int]]:
        """Descriptors, with poll's masks."""
        for fd in self._listening:
            yield fd, select.POLLIN
        for fd, client in self._clients.items():
            yield fd, client.wants

    def attend(self, fd: int, now: float) -> None:
        """Something can be done with this descriptor of `wants`."""
        if fd in self._listening:
            self._accept(self._listening[fd], now)
        elif fd in self._clients:
            self._go_on(self._clients[fd])

    @property
    def deadline(self) -> float:
        return min((client.deadline for client in self._clients.values()), default=math.inf)

    def expire(self, now: float) -> None:
        for client in list(self._clients.values()):
            if client.deadline <= now:
                self._drop(client)

    def _accept(self, listening: socket.socket, now: float) -> None:
        try:
            sock, name = listening.accept()
        except OSError:
            return  # it has gone, or there is no descriptor for it now
        if len(self._clients) >= MOST:
            self._drop(next(iter(self._clients.values())))
        client = _Client(sock, Sockaddr.of(name), now + PATIENCE)
        self._clients[client.fd] = client
        if not self._allowed(client.peer.address):
            self._log.write_fields(messages.HTTP_REFUSED, {"from": client.peer})
            client.send(Response(HTTPStatus.FORBIDDEN).write(None))

    def _go_on(self, client: _Client) -> None:
        try:
            if client.read() and client.asks:
                self._respond(client)
            client.write()
        except OSError:
            client.over = True
        if client.over:
            self._drop(client)

    def _respond(self, client: _Client) -> None:
        found = parse(client.head)
        if found is None:
            return
        request = found if isinstance(found, Request) else None
        response = found if isinstance(found, Response) else self._answer(found)
        self._log.write_fields(
            messages.HTTP_REQUEST,
            {
                "from": client.peer,
                "target": request and request.target,
                "status": response.status.value,
            },
        )
        client.send(response.write(request))

    def _drop(self, client: _Client) -> None:
        del self._clients[client.fd]
        client.sock.close()


class _Client:
    """One connection: it asks, it is answered, and its end is waited for."""

    def __init__(self, sock: socket.socket, peer: Sockaddr, deadline: float) -> None:
        sock.setblocking(False)
        self.sock = sock
        self.fd = sock.fileno()
        self.peer = peer
        self.deadline = deadline
        self.head = b""
        self.asks = True  # until it has been answered
        self.over = False
        self._read = 0
        self._response = memoryview(b"")

    @property
    def wants(self) -> int:
        return select.POLLOUT if self._response else select.POLLIN

    def read(self) -> bool:
        """Take what it sends; of what comes behind its request nothing is kept."""
        if self._response:
            return False
        try:
            octets = self.sock.recv(PIECE)
        except BlockingIOError:
            return False
        self._read += len(octets)
        self.over = not octets or self._read > MOST_READ
        if self.asks:
            self.head = (self.head + octets)[: MOST_OCTETS + 1]
        return not self.over

    def send(self, octets: bytes) -> None:
        self.asks = False
        self._response = memoryview(octets)

    def write(self) -> None:
        """Send on; behind the last octet say so, because a reset could overtake the response."""
        if not self._response:
            return
        try:
            self._response = self._response[self.sock.send(self._response) :]
        except BlockingIOError:
            return
        if not self._response:
            self.sock.shutdown(socket.SHUT_WR)
