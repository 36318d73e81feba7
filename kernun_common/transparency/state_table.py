"""state_table - pf's connections, as FreeBSD shows them at /dev/pf.

    states = StateTable()
    states.open()                   Unavailable; before children give up what that takes
    states.original_dst(sock)       the socket's own address where nobody was redirected
    states.fds                      what a daemon must not close
    states.close()

It is open for reading: the question is allowed so, and no rule can be changed by way of it.
Children inherit it, and so need no file when a client comes.  See also: natlook.py, pf(4).
"""

from __future__ import annotations

import fcntl
import os
import socket
from typing import Callable, List, Optional

from kernun_common.errors import Unavailable
from kernun_common.sockaddr import Sockaddr

from .natlook import DIOCNATLOOK, answer, question

DEVICE = "/dev/pf"

Ioctl = Callable[[int, int, bytes], bytes]


class StateTable:
    """See the file's first lines."""

    def __init__(self, device: str = DEVICE, ioctl: Ioctl = fcntl.ioctl) -> None:
        self._device = device
        self._ioctl = ioctl
        self._fd: Optional[int] = None

    @property
    def fds(self) -> List[int]:
        return [] if self._fd is None else [self._fd]

    def open(self) -> None:
        """Once is enough."""
        if self._fd is None:
            try:
                self._fd = os.open(self._device, os.O_RDONLY | os.O_CLOEXEC)
            except OSError as failure:
                raise Unavailable(f"{self._device}: {failure.strerror}") from failure

    def close(self) -> None:
        """In this process; another one that has inherited it keeps it."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        """OSError where the connection has gone."""
        own = Sockaddr.of(sock.getsockname())
        if self._fd is None:
            return own
        octets = question(Sockaddr.of(sock.getpeername()), own)
        try:
            return answer(self._ioctl(self._fd, DIOCNATLOOK, octets))
        except OSError:
            return own  # pf knows nothing of it
