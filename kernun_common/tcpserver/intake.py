"""intake - wait for the next connection, and for the end, whatever comes first.

    intake = Intake(source, stopping, log)
    accepted = intake.next()            None when it is time to leave
    intake.rest(seconds)                wait without accepting
    intake.over                         it is time to leave

A connection wakes one process of those that wait (EPOLLEXCLUSIVE, Linux); with poll alone, all.
With several sockets, who was woken for one of them may take a connection from another.  For that
one somebody else was woken, whom the system lets sleep on, since there is nothing left that would
wake it; the first connection would wait until the next one comes.  So who takes one, and sees
that there are more, knocks, and one that waits looks at all sockets.

A process that was woken by a connection takes it, even if it was told to leave at
the same moment: the system has woken nobody else for it.
"""

from __future__ import annotations

import errno
import select
from collections import deque
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
        self._fds = deque(source.fds)
        self._knock = source.knock
        knocks = () if self._knock is None else (self._knock.fd,)
        self._poll = _poller((*source.fds, *knocks), (stopping.fd, stopping.wake_fd))
        self._more = select.poll()
        for fd in source.fds:
            self._more.register(fd, select.POLLIN)
        self._resting = select.poll()
        for fd in (stopping.fd, stopping.wake_fd):
            self._resting.register(fd, select.POLLIN)
        self.over = False

    def next(self) -> Optional[Accepted]:
        wait: Optional[int] = 0  # what is there already; then, for whatever comes
        while not self._told():
            ready = [fd for fd, _ in self._poll.poll(wait)]
            if self._stopping.fd in ready:
                self.over = True
                return None
            if self._knock is not None and self._knock.fd in ready:
                self._knock.take()
            accepted = self._take_or_rest()
            if accepted is not None:
                return accepted
            if self._stopping.wake_fd in ready:
                self._stopping.take_notice()
            wait = None
        return None

    def _take_or_rest(self) -> Optional[Accepted]:
        while not self.over:
            try:
                return self._take()
            except OSError as error:
                self._log.write(messages.ACCEPT_FAILED, reason=error.strerror)
                self.rest(ACCEPT_PAUSE)
        return None

    def _take(self) -> Optional[Accepted]:
        """From the first socket that has one; the next time another one comes first."""
        for _ in range(len(self._fds)):
            fd = self._fds[0]
            self._fds.rotate(-1)
            accepted = self._accept(fd)
            if accepted is not None:
                if self._knock is not None and self._more.poll(0):
                    self._knock.give()
                return accepted
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
            if error.errno != errno.EINVAL:
                raise
            self._poll.unregister(fd)  # the parent has unbound it, for all processes
            self._more.unregister(fd)
            self._fds.remove(fd)
            return None


def _poller(connections: Sequence[int], others: Sequence[int]) -> Poller:
    poller: Poller
    if hasattr(select, "epoll"):
        poller, mask = select.epoll(), select.EPOLLIN | select.EPOLLEXCLUSIVE
    else:
        poller, mask = select.poll(), select.POLLIN
    for fd in connections:
        poller.register(fd, mask)
    for fd in others:
        poller.register(fd, select.POLLIN)
    return poller
