"""tls_socket - TLS as ssl(5) describes it, as the client library of Redis wants a socket.

    sock = secured(sock, context, "redis.example.org", seconds)

It has recv, sendall, settimeout, gettimeout, fileno, shutdown and close, and blocks for its
timeout at most: TimeoutError then.  ConnectionError: the handshake, the server's
certificate or its name, and whatever breaks TLS later.
See also: ../tls/upgrade.py.
"""

from __future__ import annotations

import errno
import os
import socket
import time
from typing import Optional

from ..errors import PeerClosed, PeerError, Side, Timeout
from ..netio.conn import Conn
from ..netio.section import SockOpt
from ..netio.waiting import Waiter
from ..tls.context import Context
from ..tls.upgrade import upgrade

FOREVER = 1e6  # seconds


def secured(sock: socket.socket, context: Context, name: str, seconds: float) -> TlsSocket:
    """`sock` is connected, and closed where this fails; `name` is the server's in the file."""
    try:
        conn = Conn(sock, Side.SERVER, SockOpt())
        upgrade(conn, context, name, Waiter(), time.monotonic() + seconds)
        return TlsSocket(conn, seconds)
    except (PeerError, PeerClosed) as failure:
        sock.close()
        raise ConnectionError(f"TLS: {failure}") from failure
    except Timeout as failure:
        sock.close()
        raise TimeoutError("no TLS in time") from failure


class TlsSocket:
    """See the file's first lines."""

    def __init__(self, conn: Conn, seconds: Optional[float]) -> None:
        self._conn = conn
        self._seconds = seconds
        self._waiter = Waiter()

    def settimeout(self, seconds: Optional[float]) -> None:
        self._seconds = seconds

    def gettimeout(self) -> Optional[float]:
        return self._seconds

    def fileno(self) -> int:
        return self._conn.fd

    def recv(self, most: int) -> bytes:
        """b"" at the server's end."""
        deadline = self._deadline()
        try:
            while (octets := self._conn.receive(most)) is None:
                self._wait(self._conn.read_wants, deadline)
            return octets
        except PeerClosed:
            return b""
        except PeerError as failure:
            raise ConnectionError(failure.reason) from failure

    def sendall(self, octets: bytes) -> None:
        deadline = self._deadline()
        self._conn.send(octets)
        while self._conn.pending:
            self._wait(self._conn.write_wants, deadline)
            self._conn.flush()
        if self._conn.deaf:
            raise ConnectionError("the server is gone")

    def shutdown(self, how: int) -> None:
        self._conn.finish()

    def close(self) -> None:
        self._conn.close()

    def _deadline(self) -> float:
        return time.monotonic() + (FOREVER if self._seconds is None else self._seconds)

    def _wait(self, mask: int, deadline: float) -> None:
        if not self._waiter.until(self._conn.fd, mask, deadline):
            number = errno.EWOULDBLOCK if self._seconds == 0 else errno.ETIMEDOUT
            raise OSError(number, os.strerror(number))  # BlockingIOError or TimeoutError
