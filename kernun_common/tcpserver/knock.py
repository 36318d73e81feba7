"""knock - one child wakes another one of those that wait.

    knock = Knock()         before the processes are forked
    knock.give()            one process that waits for `fd` with EPOLLEXCLUSIVE is woken
    knock.take()            by that one, so that it wakes no more

Where all of them are busy it waits for the first one that is not.
See also: intake.py, which says when.
"""

from __future__ import annotations

import socket


class Knock:
    """Both ends of the line; every process has them."""

    def __init__(self) -> None:
        self._out, self._in = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._out.setblocking(False)
        self._in.setblocking(False)

    @property
    def fd(self) -> int:
        """Readable when somebody has knocked."""
        return self._out.fileno()

    def give(self) -> None:
        try:
            self._in.send(b".")
        except BlockingIOError:
            pass  # enough has been said already

    def take(self) -> None:
        try:
            self._out.recv(1)
        except BlockingIOError:
            pass  # another one was faster
