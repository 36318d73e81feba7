"""waiting - for one descriptor, within a deadline, while the program may end.

    waiter = Waiter(stop_fd)
    if not waiter.until(fd, POLLIN, deadline): raise Timeout(...)

For the steps of a session that have one thing to wait for: connecting, a
handshake, a look-up, the close.  Deadlines are of time.monotonic().  What is put
off until there is nothing else to do (`idle`) is done when a wait takes longer
than BRIEF.

A signal that arrives in the last moment before the system call does not interrupt
it; its `wakeup` does, and the handler has its turn.
"""

from __future__ import annotations

import select
import time
from typing import Callable, Dict, List, Protocol, Tuple

BRIEF = 50  # milliseconds
LONGEST = (1 << 31) - 1  # milliseconds that poll takes: 24 days, longer than anybody waits


class Wakeup(Protocol):
    """Readable from a signal on, until it is drained; tcpserver/signals.py."""

    @property
    def fd(self) -> int: ...

    def drain(self) -> None: ...


class Waiter:
    """`stop_fd` becomes readable when the program ends; None if nothing tells."""

    def __init__(
        self,
        stop_fd: int | None = None,
        idle: Callable[[], object] = lambda: None,
        wakeup: Wakeup | None = None,
    ) -> None:
        self._stop_fd = stop_fd
        self._idle = idle
        self._wakeup = wakeup

    def until(self, fd: int, mask: int, deadline: float) -> bool:
        """Is `fd` ready before the deadline, and before the program ends?"""
        poll = select.poll()
        poll.register(fd, mask)
        if self._stop_fd is not None:
            poll.register(self._stop_fd, select.POLLIN)
        ready = self._wait(poll, deadline)
        return fd in ready and self._stop_fd not in ready

    def _wait(self, poll: select.poll, deadline: float) -> Dict[int, int]:
        wakeup = self._wakeup
        if wakeup is None:
            return dict(wait(poll, deadline, self._idle))
        poll.register(wakeup.fd, select.POLLIN)
        while set(ready := dict(wait(poll, deadline, self._idle))) == {wakeup.fd}:
            wakeup.drain()
        return ready


def wait(poll: select.poll, deadline: float, idle: Callable[[], object]) -> List[Tuple[int, int]]:
    """As poll.poll does, until the deadline."""
    patience = milliseconds(deadline - time.monotonic())
    ready = poll.poll(min(patience, BRIEF))
    if ready or patience <= BRIEF:
        return ready
    idle()
    return poll.poll(milliseconds(deadline - time.monotonic()))


def milliseconds(seconds: float) -> int:
    """For poll: rounded up, so that the time is over when it returns; never negative."""
    return min(max(0, int(seconds * 1000) + 1), LONGEST)
