"""patience - how long a line may hold up the session that wrote it.

    if patience.wait(fd): try once more          else: the line is lost

A receiver that is only busy is waited for, a tenth of a second at most.  One that
stands still (a dead disk, a stopped syslogd) would so slow every line of a
session down; so, once the wait was in vain, there is none for a second.
"""

from __future__ import annotations

import select
import time

PATIENCE = 0.1  # seconds: longer would be felt by a user
GRUDGE = 1.0  # seconds: a session waits a tenth of its time at most


class Patience:
    """The patience of one process with one receiver."""

    def __init__(self) -> None:
        self._lost_until = 0.0

    def wait(self, fd: int) -> bool:
        """Until `fd` takes octets again; False if it does not in time."""
        if time.monotonic() < self._lost_until:
            return False
        poll = select.poll()
        poll.register(fd, select.POLLOUT)
        if poll.poll(PATIENCE * 1000):
            return True
        self._lost_until = time.monotonic() + GRUDGE
        return False
