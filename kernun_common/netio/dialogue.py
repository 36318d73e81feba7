"""dialogue - one question to a server, over a connection of its own; netio(7).

    answer = yield from converse(place, options, resolution, script, shape)     Steps of ../steps.py

`place` is a host and port, or the path of a unix socket.  What is said is the business
of the script, script.py; how fast it is said, that of the shape, shape.py.

A server that stops listening before it has heard everything is not an error here:
the rest is thrown away, and the script sees what it has answered.  If that is not all that
the script needs, so that it speaks on, there is no answer.

Times are those of netio(5): conn-timeout for connecting, send-timeout while the
server takes nothing, and recv-timeout for the whole answer, from the time when
everything was sent; close-timeout is how long the system goes on waiting for the
server's end afterwards (0: a reset).  Unavailable: no answer, and why.
See also: connect.py, which finds the server of a session.
"""

from __future__ import annotations

import errno
import math
import os
import select
import socket
import time
from typing import Optional, TypeVar, Union

from kernun_common.acl.facts import Resolution
from kernun_common.configuration.types import Sock

from ..errors import Unavailable
from ..sockaddr import Sockaddr
from ..steps import Steps, Want
from .conn import LINGER_NOT, configure
from .connect import addresses_of, attempts
from .script import CLOSED, Arrived, Passing, Script
from .section import SockOpt
from .shape import UNSHAPED, Shape

Place = Union[Sock, str]

RETRY_SECONDS = 0.05
HEARD_AT_MOST = 1 << 20  # octets that arrive while one piece is sent; more have to wait

T = TypeVar("T")


def converse(
    place: Place,
    options: SockOpt,
    resolution: Resolution,
    script: Script[T],
    shape: Shape = UNSHAPED,
) -> Steps[T]:
    """What the script returns; the script is closed in any case."""
    try:
        with (yield from _connected(place, options, resolution)) as sock:
            shape.give(sock)
            answer = yield from _Line(sock, options).run(script)
            _take_leave(sock, options.close_timeout)
            return answer
    except OSError as failure:
        raise Unavailable(failure.strerror or str(failure)) from failure
    finally:
        script.close()


def _connected(place: Place, options: SockOpt, resolution: Resolution) -> Steps[socket.socket]:
    if isinstance(place, str):
        return (yield from _at_path(place, options.conn_timeout))
    failures = []
    addresses = addresses_of(place, resolution)
    if not addresses:
        raise Unavailable(f"{place.host}: no address is known")
    for server, deadline in attempts(addresses, place.port, options.conn_timeout):
        try:
            return (yield from _at_address(server, options, deadline))
        except OSError as failure:
            failures.append(f"{server}: {failure.strerror or failure}")
    raise Unavailable("; ".join(failures))


def _at_path(path: str, seconds: float) -> Steps[socket.socket]:
    """A unix socket whose queue is full says so, instead of letting one wait: unix(7), EAGAIN."""
    sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    deadline = time.monotonic() + seconds
    try:
        while True:
            try:
                yield from _reach(sock, path, deadline)
                break
            except BlockingIOError:
                if time.monotonic() >= deadline:
                    raise
                yield from _pause(RETRY_SECONDS)
    except BaseException:
        sock.close()
        raise
    return sock


def _at_address(server: Sockaddr, options: SockOpt, deadline: float) -> Steps[socket.socket]:
    family = socket.AF_INET if server.family == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        configure(sock, options)
        yield from _reach(sock, (server.host, server.port), deadline)
    except BaseException:
        sock.close()
        raise
    return sock


def _reach(sock: socket.socket, name: object, deadline: float) -> Steps[None]:
    sock.setblocking(False)
    error = sock.connect_ex(name)  # type: ignore[arg-type]
    if error == errno.EINPROGRESS:
        yield from _ready(sock, select.POLLOUT, deadline, "conn-timeout")
        error = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
    if error:
        raise OSError(error, os.strerror(error))


def _pause(seconds: float) -> Steps[None]:
    """A pipe into which nobody writes."""
    ends = os.pipe()
    try:
        yield Want(ends[0], 0, time.monotonic() + seconds)
    finally:
        for end in ends:
            os.close(end)


def _ready(sock: socket.socket, mask: int, deadline: float, which: str) -> Steps[None]:
    if not (yield Want(sock.fileno(), mask, deadline)):
        raise TimeoutError(errno.ETIMEDOUT, f"nothing within {which}")


class _Line:
    """A connection while a script is spoken over it."""

    def __init__(self, sock: socket.socket, options: SockOpt) -> None:
        self._sock = sock
        self._options = options
        self._arrived = bytearray()
        self._deaf = False  # it takes nothing more
        self._ended = False  # nothing more comes from it
        self._answer_by = math.inf

    def run(self, script: Script[T]) -> Steps[T]:
        try:
            outgoing = next(script)
            while True:
                arrived = yield from self._turn(outgoing)
                outgoing = script.send(arrived)
        except StopIteration as end:
            answer: T = end.value
            return answer

    def _turn(self, outgoing: Union[bytes, Passing]) -> Steps[Arrived]:
        if not outgoing:
            return (yield from self._listen())
        yield from self._say(outgoing)
        self._answer_by = time.monotonic() + self._options.recv_timeout
        self._take_in()
        if self._deaf and self._ended and not self._arrived:
            raise Unavailable(CLOSED)  # whoever goes on speaking has not got an answer
        return self._told()

    def _listen(self) -> Steps[Arrived]:
        if self._ended and not self._arrived:
            return None
        while not self._arrived and not self._ended:
            yield from _ready(self._sock, select.POLLIN, self._answer_by, "recv-timeout")
            self._take_in()
        return self._told() or None

    def _told(self) -> bytes:
        arrived = bytes(self._arrived)
        self._arrived.clear()
        return arrived

    def _say(self, outgoing: Union[bytes, Passing]) -> Steps[None]:
        octets, fd = outgoing if isinstance(outgoing, Passing) else (outgoing, None)
        rest, seconds = memoryview(octets), self._options.send_timeout
        deadline = time.monotonic() + seconds
        while rest and not self._deaf:
            taken = self._write(rest, fd)
            if taken:
                rest, fd, deadline = rest[taken:], None, time.monotonic() + seconds
            elif not self._deaf:
                hears = not self._ended and len(self._arrived) < HEARD_AT_MOST
                mask = select.POLLOUT | select.POLLIN if hears else select.POLLOUT
                yield from _ready(self._sock, mask, deadline, "send-timeout")
                self._take_in()

    def _write(self, octets: memoryview, fd: Optional[int]) -> int:
        octets = octets[:self._options.send_bufsize]
        try:
            if fd is not None:
                return socket.send_fds(self._sock, [octets], [fd])
            return self._sock.send(octets)
        except BlockingIOError:
            return 0
        except (BrokenPipeError, ConnectionError):
            self._deaf = True
            return 0

    def _take_in(self) -> None:
        """What has arrived, without waiting."""
        if self._ended:
            return
        try:
            octets = self._sock.recv(self._options.recv_bufsize)
        except BlockingIOError:
            return
        except ConnectionError:
            octets = b""
        self._arrived += octets
        self._ended = not octets


def _take_leave(sock: socket.socket, seconds: float) -> None:
    """What close-timeout says of the socket that is closed next."""
    if sock.family == socket.AF_UNIX:
        return
    if seconds == 0:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
    elif hasattr(socket, "TCP_LINGER2"):
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_LINGER2, math.ceil(seconds))
