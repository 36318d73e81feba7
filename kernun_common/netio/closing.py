"""closing - the end of a session's connections, in a way that loses nothing.

    close([client, server], stop_fd, idle=log.flush)

For each connection at the same time: what is queued is sent, while the peer
takes any of it within send-timeout; the peer is told that nothing more follows
(TLS close_notify, FIN); then its own end is awaited for close-timeout, and what
it still sends is thrown away.  Only then is the socket closed: closing one with
octets unread is a TCP reset, and a reset can overtake the last line sent.

close-timeout 0: nobody is waited for, and a peer that has not closed first gets
a reset.  When the program ends nobody is waited for longer than HURRY seconds.
See also: netio(7).
"""

from __future__ import annotations

import select
import time
from typing import Callable, Iterable

from .conn import Conn
from .waiting import wait

HURRY = 2.0  # seconds; less than terminate-wait leaves the child


def close(
    conns: Iterable[Conn],
    stop_fd: int | None = None,
    idle: Callable[[], object] = lambda: None,
) -> None:
    """Close all of them; blocks for send-timeout and close-timeout at most.

    `idle` is called when that is not over soon (waiting.BRIEF).
    """
    _Closing(conns, stop_fd, idle).run()


class _Leaving:
    """One connection on its way: flushing, then waiting for the peer's end."""

    def __init__(self, conn: Conn, now: float) -> None:
        self.conn = conn
        self.deadline = now + conn.options.send_timeout
        self.mask = select.POLLOUT
        self.step: Callable[[float], bool] = self.flush

    def flush(self, now: float) -> bool:
        """Is this connection done with?"""
        conn = self.conn
        before = conn.pending
        conn.flush()
        if conn.pending:
            if conn.pending < before:
                self.deadline = now + conn.options.send_timeout
            self.mask = conn.wants(False)
            return False
        return self._end(now)

    def _end(self, now: float) -> bool:
        conn = self.conn
        if conn.ended or conn.deaf:
            return True
        if not conn.options.close_timeout:
            conn.reset()
            return True
        conn.finish()
        self.deadline = now + conn.options.close_timeout
        self.mask = select.POLLIN
        self.step = self.drain
        return False

    def drain(self, now: float) -> bool:
        """As flush."""
        return self.conn.drain()

    def give_up(self) -> None:
        if self.conn.pending:
            self.conn.reset()


class _Closing:
    def __init__(
        self, conns: Iterable[Conn], stop_fd: int | None, idle: Callable[[], object]
    ) -> None:
        now = time.monotonic()
        self._leaving = [_Leaving(conn, now) for conn in conns]
        self._stop_fd = stop_fd
        self._idle = idle

    def run(self) -> None:
        self._step(self._leaving)
        while self._leaving:
            ready = self._wait()
            self._step([one for one in self._leaving if one.conn.fd in ready])
            self._give_up()

    def _step(self, some: Iterable[_Leaving]) -> None:
        now = time.monotonic()
        for one in list(some):
            if one.step(now):
                self._leave(one)

    def _leave(self, one: _Leaving) -> None:
        one.conn.close()
        self._leaving.remove(one)

    def _wait(self) -> set[int]:
        poll = select.poll()
        for one in self._leaving:
            poll.register(one.conn.fd, one.mask)
        if self._stop_fd is not None:
            poll.register(self._stop_fd, select.POLLIN)
        deadline = min(one.deadline for one in self._leaving)
        ready = {fd for fd, _ in wait(poll, deadline, self._idle)}
        if self._stop_fd in ready:
            self._hurry()
        return ready

    def _hurry(self) -> None:
        latest = time.monotonic() + HURRY
        for one in self._leaving:
            one.deadline = min(one.deadline, latest)
        self._stop_fd = None

    def _give_up(self) -> None:
        now = time.monotonic()
        for one in self._leaving[:]:
            if now >= one.deadline:
                one.give_up()
                self._leave(one)
