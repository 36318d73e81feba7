"""source - where a process gets its connections from.

    source.fds              readable when there may be a connection
    source.accept(fd)       Accepted; None: another process was faster, or the client has gone
    source.knock            by it processes wake each other; None: no need
    source.sockets          at which connections would queue for it: closed when it leaves

`Direct` has the listening sockets themselves; `Queue` has what the listener gives.
OSError: the system had a connection, but could not hand it over.
"""

from __future__ import annotations

import socket
from typing import NamedTuple, Optional, Protocol, Sequence

from kernun_common.sockaddr import Sockaddr

from .handoff import Handoff
from .knock import Knock
from .listen_on import Listener


class Accepted(NamedTuple):
    """A client's connection, and where it arrived."""

    sock: socket.socket
    peer: Sockaddr
    listener: Listener
    token: int = 0  # of the queue; 0 where there is none


class Source(Protocol):
    """See the file's first lines."""

    knock: Optional[Knock]

    @property
    def fds(self) -> Sequence[int]: ...

    @property
    def sockets(self) -> Sequence[socket.socket]: ...

    def accept(self, fd: int) -> Optional[Accepted]: ...


class Direct:
    """From the listening sockets."""

    def __init__(self, listeners: Sequence[Listener], knock: Optional[Knock] = None) -> None:
        """`knock` is that of all processes that listen there, if there are several sockets."""
        self.knock = knock
        self._listeners = {listener.sock.fileno(): listener for listener in listeners}

    @property
    def fds(self) -> Sequence[int]:
        return list(self._listeners)

    @property
    def sockets(self) -> Sequence[socket.socket]:
        return [listener.sock for listener in self._listeners.values()]

    def accept(self, fd: int) -> Optional[Accepted]:
        listener = self._listeners[fd]
        try:
            sock, name = listener.sock.accept()
        except (BlockingIOError, ConnectionAbortedError):
            return None
        return Accepted(sock, Sockaddr.of(name), listener)


class Queue:
    """From the listener, which accepts at all of these; this process does not."""

    knock: Optional[Knock] = None

    def __init__(self, handoff: Handoff, listeners: Sequence[Listener]) -> None:
        self._handoff = handoff
        self._listeners = listeners
        for listener in listeners:
            listener.sock.close()

    @property
    def fds(self) -> Sequence[int]:
        return [self._handoff.fd]

    @property
    def sockets(self) -> Sequence[socket.socket]:
        return []

    def accept(self, fd: int) -> Optional[Accepted]:
        handed = self._handoff.take()
        if handed is None:
            return None
        try:
            peer = Sockaddr.of(handed.sock.getpeername())
        except OSError:  # the client has gone
            handed.sock.close()
            return None
        return Accepted(handed.sock, peer, self._listeners[handed.listener], handed.token)
