"""service - one configuration in force: where to listen, who serves, within which limits.

The parent has one, and gets another one by a reload; children that still serve
under an old one keep it until they leave.
"""

from __future__ import annotations

import socket
from dataclasses import dataclass, field
from typing import Callable, List, Protocol, Sequence, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log
from kernun_common.monitoring.facility import Facility, disabled
from kernun_common.sockaddr import Sockaddr

from .arrival import Arrival
from .listen_on import Listener
from .memory import Memory
from .section import TcpServer
from .stopping import Stopping
from .title import Title

# Serves one session, from an accepted connection to its end.  It closes the
# connection, ends in good time once `Stopping.fd` is readable, and raises nothing.
Serve = Callable[[socket.socket, Arrival, Stopping], None]


def _nothing() -> None:
    """A child that has nothing to do first."""


def _no_names() -> Resolution:
    """Where the configuration has none."""
    return {}


def _at_once() -> bool:
    """A helper that nobody has to wait for."""
    return True


@dataclass(frozen=True)
class Helper:
    """A process beside the children; helpers.py."""

    title: str
    work: Callable[[int], None]  # until this descriptor is readable
    begin: Callable[[], None] = _nothing  # what it does first; OSError if it cannot
    ready: Callable[[], bool] = _at_once  # asked in the parent: may clients be served?


class Rules(Protocol):
    """The packet filter's part; ../transparency/redirect.py."""

    @property
    def fds(self) -> Sequence[int]: ...

    def original_dst(self, sock: socket.socket) -> Sockaddr: ...

    def withdraw(self) -> None: ...

    def remove(self) -> None: ...


class NoRules:
    """Nobody is redirected."""

    fds: Sequence[int] = ()

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        return Sockaddr.of(sock.getsockname())

    def withdraw(self) -> None:
        pass

    def remove(self) -> None:
        pass


@dataclass(frozen=True)
class Service:
    """What a parent and its children work by; made by the application."""

    name: str
    limits: TcpServer
    listeners: Tuple[Listener, ...]
    serve: Serve
    log: Log
    title: Title
    begin: Callable[[], None] = _nothing  # what a child does first; OSError if it cannot
    facility: Facility = field(default_factory=disabled)  # by which it is monitored
    helpers: Tuple[Helper, ...] = ()
    resolution: Callable[[], Resolution] = _no_names  # what names stand for now
    rules: Rules = NoRules()  # by which clients get here
    memory: Memory = field(default_factory=Memory)  # that a child may take

    @property
    def fds(self) -> List[int]:
        """What a daemon must not close."""
        listening = [listener.sock.fileno() for listener in self.listeners]
        return [*self.log.fds, *listening, *self.facility.fds, *self.rules.fds]

    def close(self) -> None:
        """In a process that has inherited it and has no use for it."""
        for listener in self.listeners:
            listener.sock.close()
        self.facility.forget()
        self.log.close()
