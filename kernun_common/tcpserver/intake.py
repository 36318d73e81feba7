"""intake - wait for the next connection, and for the end, whatever comes first.

    intake = Intake(source, stopping, log)
    accepted = intake.next()            None when it is time to leave
    intake.rest(seconds)                wait without accepting
    intake.over                         it is time to leave

Where there is one socket and the system can (EPOLLEXCLUSIVE, Linux), a connection wakes one
process of those that wait; else it wakes them all and the first one has it.  With several
sockets, who was woken for one of them may take a connection from another, for which somebody
else was woken; if nobody else is, the first one would wait until the next connection comes.

A process that was woken by a connection takes it, even if it was told to leave at
the same moment: the system has woken nobody else for it.
"""

from __future__ import annotations

import errno
import select
from typing import Optional, Sequence, Union

from kernun_common.log.sinks import Log

from . import messages
from .source import Accepted, Source
from .stopping import Stopping

ACCEPT_PAUSE = 1.0  # seconds, after the system could not hand a connection over

Poller = Union["select.epoll", "select.poll"]


class Intake:
    """See the file's first lines."""

    def __init__(self, source: Source, stopping: Stopping, log: Log) -> None:
        self._source = source
        self._stopping = stopping
        self._log = log
        self._fds = set(source.fds)
        self._poll = _poller(source.fds, (stopping.fd, stopping.wake_fd))
        self._resting = select.poll()
        for fd in (stopping.fd, stopping.wake_fd):
            self._resting.register(fd, select.POLLIN)
        self.over = False

    def next(self) -> Optional[Accepted]:
        while not self._told():
            ready = [fd for fd, _ in self._poll.poll()]
            if self._stopping.fd in ready:
                self.over = True
                return None
            for fd in self._fds.intersection(ready):
                accepted = self._accept(fd)
                if accepted is not None:
                    return accepted
            if self._stopping.wake_fd in ready:
                self._stopping.take_notice()
        return None

    def rest(self, seconds: float) -> None:
        ready = [fd for fd, _ in self._resting.poll(seconds * 1000)]
        if self._stopping.wake_fd in ready:
            self._stopping.take_notice()
        if self._stopping.fd in ready:
            self.over = True
        self._told()

    def _told(self) -> bool:
        self.over = self.over or self._stopping.leaving
        return self.over

    def _accept(self, fd: int) -> Optional[Accepted]:
        try:
            return self._source.accept(fd)
        except OSError as error:
            if error.errno == errno.EINVAL:  # the parent has unbound it, for all processes
                self._poll.unregister(fd)
                self._fds.discard(fd)
            else:
                self._log.write(messages.ACCEPT_FAILED, reason=error.strerror)
                self.rest(ACCEPT_PAUSE)
            return None


def _poller(connections: Sequence[int], others: Sequence[int]) -> Poller:
    poller: Poller
    if hasattr(select, "epoll"):
        poller, mask = select.epoll(), select.EPOLLIN
        if len(connections) == 1:
            mask |= select.EPOLLEXCLUSIVE
    else:
        poller, mask = select.poll(), select.POLLIN
    for fd in connections:
        poller.register(fd, mask)
    for fd in others:
        poller.register(fd, select.POLLIN)
    return poller
