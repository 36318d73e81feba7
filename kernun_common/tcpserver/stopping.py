"""stopping - what a child knows of its own end.

    stopping = Stopping(line, log, sockets)     `line` is one end of a socket pair; the
                                                parent holds the other and never writes
    stopping.arm()
    poll(stopping.fd)                           readable: end at once, say BYE
    poll(stopping.leave_fd)                     readable: serve no further session
    with stopping.session(): ...                tells it when the child is busy

A child ends at once on SIGTERM, SIGINT, and when its parent is gone, which closes
the line; it leaves after its session on SIGQUIT.  Either descriptor, once it is
readable, is so for ever: nobody has to drain it, and nobody can miss it.

A session may be in any system call when a signal arrives, and may last for days,
so what cannot wait for its end is done by the handler: the log level (SIGUSR1,
SIGUSR2), and closing the listening sockets, because connections would queue at
them for a child that does not come back.

See also: tcpserver(7), signals.py.
"""

from __future__ import annotations

import os
import signal
import socket
from contextlib import contextmanager
from typing import Iterator, Sequence

from kernun_common.log.sinks import Log

from .signals import unblock


class Stopping:
    """Two descriptors and the handlers that make them readable."""

    def __init__(self, line: socket.socket, log: Log, sockets: Sequence[socket.socket]) -> None:
        self._line = line
        self._log = log
        self._sockets = sockets
        self._leave_read, self._leave_write = os.pipe()
        self._busy = False
        self.leaving = False

    @property
    def fd(self) -> int:
        return self._line.fileno()

    @property
    def leave_fd(self) -> int:
        return self._leave_read

    @property
    def stopping(self) -> bool:
        """Must the session end at once?  A system call: ask when `fd` is readable."""
        try:
            return self._line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False

    def arm(self) -> None:
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGQUIT, self._on_leave)
        signal.signal(signal.SIGUSR1, self._on_raise)
        signal.signal(signal.SIGUSR2, self._on_lower)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGWINCH, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        unblock()

    @contextmanager
    def session(self) -> Iterator[None]:
        """While the child is busy."""
        self._busy = True
        if self.leaving:  # told so between the last look and now
            self._unlisten()
        try:
            yield
        finally:
            self._busy = False

    def leave(self) -> None:
        """Serve no further session."""
        if not self.leaving:
            self.leaving = True
            os.close(self._leave_write)
            if self._busy:
                self._unlisten()

    def _unlisten(self) -> None:
        for listening in self._sockets:
            listening.close()

    def _on_stop(self, number: int, frame: object) -> None:
        self._line.shutdown(socket.SHUT_RD)
        self.leave()

    def _on_leave(self, number: int, frame: object) -> None:
        self.leave()

    def _on_raise(self, number: int, frame: object) -> None:
        self._log.raise_level()

    def _on_lower(self, number: int, frame: object) -> None:
        self._log.lower_level()
