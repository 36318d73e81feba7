"""shape - how fast, and in which class, the octets of a socket leave; traffic-shaping(7).

    Shape(priority, pacing).give(sock)          OSError: the kernel does not allow the class
    UNSHAPED.give(sock)                         as fast as they can

`priority` is the number of a class of the kernel's queueing discipline; pacing is in octets a
second.  Source: socket(7), SO_PRIORITY, which classes of tc-htb(8) go by; SO_MAX_PACING_RATE
of asm-generic/socket.h, an unsigned long.
"""

from __future__ import annotations

import socket
import struct
import sys
from typing import NamedTuple, Optional

SO_MAX_PACING_RATE = 47
_RATE = struct.Struct("@L")
_UNLIMITED = 2 ** (8 * _RATE.size) - 1
_LEAST_CLASS = 0x10000  # smaller numbers are priorities and no classes


class Shape(NamedTuple):
    """See the file's first lines; None: no class, no limit."""

    priority: Optional[int] = None
    pacing: Optional[int] = None

    def give(self, sock: socket.socket) -> None:
        """In place of what the socket had before."""
        if sys.platform != "linux" or sock.family == socket.AF_UNIX:
            return  # no device, nothing to be shaped
        if self.priority is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, self.priority)
        elif sock.getsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY) >= _LEAST_CLASS:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, 0)
        pacing = _UNLIMITED if self.pacing is None else self.pacing
        sock.setsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE, _RATE.pack(pacing))


UNSHAPED = Shape()
