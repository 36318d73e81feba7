"""handoff - connections on their way from the listener to a child.

    handoff = Handoff()                             before the processes are forked
    handoff.give(sock, listener_number)             in the listener; the token of this one
    handoff.take()                                  in a child: Handed, None if another was faster

One queue for all children: whoever is idle takes the next one.  Tokens count from 1
in the order in which connections are given, and they are taken in this order.
See also: unix(7), SCM_RIGHTS.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
from typing import NamedTuple, Optional

_ENVELOPE = struct.Struct("!QI")  # token, number of the listener


class Handed(NamedTuple):
    """A connection that was taken."""

    sock: socket.socket
    token: int
    listener: int


class Handoff:
    """Both ends of the queue; every process has them and uses one."""

    def __init__(self) -> None:
        self._out, self._in = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._out.setblocking(False)
        self._in.setblocking(False)
        self._token = 0

    def count_from(self, token: int) -> None:
        """The next one to be given has this token: in a listener that takes over."""
        self._token = token - 1

    @property
    def fd(self) -> int:
        """Readable when there is a connection to take."""
        return self._out.fileno()

    def give(self, sock: socket.socket, listener: int) -> int:
        """BlockingIOError where the queue is full; the caller closes its own descriptor."""
        envelope = _ENVELOPE.pack(self._token + 1, listener)
        socket.send_fds(self._in, [envelope], [sock.fileno()])
        self._token += 1
        return self._token

    def take(self) -> Optional[Handed]:
        """OSError where this process can have no more descriptors; the connection is lost."""
        try:
            envelope, descriptors, _, _ = socket.recv_fds(self._out, _ENVELOPE.size, 1)
        except BlockingIOError:
            return None
        if not descriptors:
            raise OSError(errno.EMFILE, os.strerror(errno.EMFILE))
        token, listener = _ENVELOPE.unpack(envelope)
        return Handed(socket.socket(fileno=descriptors[0]), token, listener)

    def close(self) -> None:
        """What was given and not taken ends with the last process that has this open."""
        self._out.close()
        self._in.close()
