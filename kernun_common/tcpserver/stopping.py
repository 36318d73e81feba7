"""stopping - what a child knows of its own end.

    stopping = Stopping(line, log, sockets)     `line` is one end of a socket pair; the
                                                parent holds the other and never writes
    stopping.arm()
    poll(stopping.fd)                           readable: end at once, say BYE
    poll(stopping.wake_fd)                      readable while idle: take_notice(), then
    stopping.leaving                            serve no further session
    with stopping.session(): ...                tells it when the child is busy

A child ends at once when its parent closes the line, which it does also by dying,
and on SIGTERM and SIGINT; it leaves after its session on SIGQUIT.  `fd`, once it is
readable, is so for ever: nobody has to drain it, and nobody can miss it.

Why a parent does not stop its children by a signal: one that arrives in the last
moment before a system call does not interrupt the call, and Python runs the handler
only after it.  Against that (kernun-monitor -k, kill) an idle child has `wake_fd`, and
a session polls `wakeup`.

A session may last for days, so what cannot wait for its end is done by the handler:
the log level (SIGUSR1, SIGUSR2), and closing the listening sockets, because
connections would queue at them for a child that does not come back.

See also: tcpserver(7), crew.py.
"""

from __future__ import annotations

import signal
import socket
from contextlib import contextmanager, suppress
from typing import Iterator, Sequence

from kernun_common.log.sinks import Log

from .signals import Wakeup, unblock


class Stopping:
    """Two descriptors, and the handlers that make them readable."""

    def __init__(self, line: socket.socket, log: Log, sockets: Sequence[socket.socket]) -> None:
        self._line = line
        self._log = log
        self._sockets = sockets
        self.wakeup = Wakeup()
        self._busy = False
        self.leaving = False

    @property
    def fd(self) -> int:
        return self._line.fileno()

    @property
    def wake_fd(self) -> int:
        return self.wakeup.fd

    @property
    def stopping(self) -> bool:
        """Must the session end at once?  A system call: ask when `fd` is readable."""
        try:
            return self._line.recv(1, socket.MSG_PEEK | socket.MSG_DONTWAIT) == b""
        except BlockingIOError:
            return False

    def arm(self) -> None:
        self.wakeup.arm()
        signal.signal(signal.SIGTERM, self._on_stop)
        signal.signal(signal.SIGINT, self._on_stop)
        signal.signal(signal.SIGQUIT, self._on_leave)
        signal.signal(signal.SIGUSR1, self._on_raise)
        signal.signal(signal.SIGUSR2, self._on_lower)
        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.signal(signal.SIGWINCH, signal.SIG_IGN)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        unblock()

    def take_notice(self) -> None:
        """`wake_fd` is quiet again until the next signal; what this one said is known."""
        self.wakeup.drain()

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
        self.leaving = True
        if self._busy:
            self._unlisten()

    def _unlisten(self) -> None:
        for listening in self._sockets:
            listening.close()

    def _on_stop(self, number: int, frame: object) -> None:
        with suppress(OSError):  # the parent was faster, which some systems report
            self._line.shutdown(socket.SHUT_RD)
        self.leave()

    def _on_leave(self, number: int, frame: object) -> None:
        self.leave()

    def _on_raise(self, number: int, frame: object) -> None:
        self._log.raise_level()

    def _on_lower(self, number: int, frame: object) -> None:
        self._log.lower_level()
