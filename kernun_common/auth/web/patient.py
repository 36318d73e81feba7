"""patient - a TLS connection that blocks as a plain one does, as the files of cheroot want it.

    files = Patient(connection, seconds)        for socket.SocketIO

Of pyOpenSSL a step that has to wait for octets fails (WantReadError).  cheroot tries again where
it reads a line, but not where it reads the rest of a form: one that came in two pieces was
answered by 500.  Here each step waits, `seconds` at most, and then raises TimeoutError.
OSError: the browser has gone.  SSL.Error: what it sends is not TLS.
"""

from __future__ import annotations

import select
import time
from typing import Any, Callable

from OpenSSL import SSL

from ...netio.waiting import Waiter

_CLOSED = -1  # what pyOpenSSL says of an end without notice; it is no errno


class Patient:
    """See the file's first lines; all else is the connection's own."""

    def __init__(self, connection: SSL.Connection, seconds: float) -> None:
        self._connection = connection
        self._seconds = seconds

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)

    def recv_into(self, buffer: Any) -> int:
        """0 at the end."""
        try:
            return self._done(lambda: self._connection.recv_into(buffer))
        except SSL.ZeroReturnError:
            return 0
        except SSL.SysCallError as failure:
            if failure.args[0] == _CLOSED:
                return 0
            raise OSError(*failure.args) from failure

    def send(self, octets: bytes) -> int:
        try:
            return self._done(lambda: self._connection.send(octets))
        except SSL.SysCallError as failure:
            raise OSError(*failure.args) from failure

    def _done(self, step: Callable[[], int]) -> int:
        deadline = time.monotonic() + self._seconds
        while True:
            try:
                return step()
            except SSL.WantReadError:
                mask = select.POLLIN
            except SSL.WantWriteError:
                mask = select.POLLOUT
            if not Waiter().until(self._connection.fileno(), mask, deadline):
                raise TimeoutError("timed out")
