"""errnos - what system calls can fail with, by their manual pages, and sockets whose calls do.

    with failing(sock, "recv", errno.ECONNRESET) as faulty: ...     the same connection
    @pytest.mark.parametrize("error", CONNECT, ids=name)

socket(7), tcp(7) and ip(7) are counted among each.  What says "not now" (EAGAIN, EINPROGRESS)
is no failure; EINTR is Python's to handle (PEP 475).
"""

from __future__ import annotations

import errno
import os
import socket
from typing import Any, Callable

_TCP = (
    *(errno.ECONNRESET, errno.ECONNABORTED, errno.ETIMEDOUT, errno.EPIPE, errno.ENOTCONN),
    *(errno.EHOSTUNREACH, errno.ENETUNREACH, errno.ENETDOWN, errno.EHOSTDOWN, errno.ENETRESET),
    *(errno.ENOBUFS, errno.ENOMEM, errno.EPROTO, errno.EOPNOTSUPP, errno.EACCES, errno.EPERM),
)
RECV = (*_TCP, errno.ECONNREFUSED, errno.EINVAL)
SEND = (*_TCP, errno.EMSGSIZE, errno.EISCONN, errno.EDESTADDRREQ, errno.EINVAL)
CONNECT = (
    *(*_TCP, errno.EADDRINUSE, errno.EADDRNOTAVAIL, errno.EAFNOSUPPORT, errno.EAGAIN),
    *(errno.EALREADY, errno.ECONNREFUSED, errno.EISCONN, errno.EPROTOTYPE, errno.EINVAL),
)
SOCKET = (
    *(errno.EACCES, errno.EAFNOSUPPORT, errno.EINVAL, errno.EMFILE, errno.ENFILE),
    *(errno.ENOBUFS, errno.ENOMEM, errno.EPROTONOSUPPORT),
)
SET = (errno.EINVAL, errno.ENOPROTOOPT, errno.ENOBUFS, errno.ENOMEM, errno.EPERM, errno.ECONNRESET)
SHUTDOWN = (errno.ENOTCONN, errno.EINVAL, errno.ENOBUFS, errno.ECONNRESET)
POLL = (errno.ENOMEM, errno.EINVAL)
SPLICE = (*_TCP, errno.EINVAL, errno.EBADF, errno.ESPIPE)
ACCEPT = (*_TCP, errno.EMFILE, errno.ENFILE, errno.EINVAL)


def name(error: int) -> str:
    return errno.errorcode[error]


def fail(error: int) -> Callable[..., Any]:
    """What stands in the place of a call."""

    def call(*args: Any, **options: Any) -> Any:
        raise OSError(error, os.strerror(error))

    return call


def failing(sock: socket.socket, call: str, error: int) -> socket.socket:
    """The same socket, of which this call fails."""
    faulty = type("Faulty", (socket.socket,), {call: fail(error)})
    made: socket.socket = faulty(fileno=sock.detach())
    return made
