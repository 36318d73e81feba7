"""waiting - for one descriptor, within a deadline, while the program may end.

    waiter = Waiter(stop_fd)
    if not waiter.until(fd, POLLIN, deadline): raise Timeout(...)

For the steps of a session that have one thing to wait for: connecting, a
handshake, a look-up, the close.  Deadlines are of time.monotonic().
"""

from __future__ import annotations

import select
import time

LONGEST = (1 << 31) - 1  # milliseconds that poll takes: 24 days, longer than anybody waits


class Waiter:
    """`stop_fd` becomes readable when the program ends; None if nothing tells."""

    def __init__(self, stop_fd: int | None = None) -> None:
        self._stop_fd = stop_fd

    def until(self, fd: int, mask: int, deadline: float) -> bool:
        """Is `fd` ready before the deadline, and before the program ends?"""
        poll = select.poll()
        poll.register(fd, mask)
        if self._stop_fd is not None:
            poll.register(self._stop_fd, select.POLLIN)
        ready = dict(poll.poll(milliseconds(deadline - time.monotonic())))
        return fd in ready and self._stop_fd not in ready


def milliseconds(seconds: float) -> int:
    """For poll: rounded up, so that the time is over when it returns; never negative."""
    return min(max(0, int(seconds * 1000) + 1), LONGEST)
