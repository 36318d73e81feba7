"""forking - a process that lives by itself, with a line to its parent.

    pid, line = spawn(make, log, *arguments)        OSError where the system refuses

`make(line)` is what the new process does first; what it makes is then run, with these
arguments.  Signals are held back until handlers for them are in place (stopping.py).
Both ends of the line are sockets of a pair: when the parent closes its end, or dies,
the process sees it.

See also: child.py, life.
"""

from __future__ import annotations

import os
import socket
from functools import partial
from typing import Callable, Tuple

from kernun_common.log.sinks import Log

from .child import Worker, life
from .signals import blocked

CRASHED = 1  # exit status where not even `life` could end as it should


def spawn(
    make: Callable[[socket.socket], Worker], log: Log, *arguments: object
) -> Tuple[int, socket.socket]:
    """In the parent; it never returns in the new process."""
    ours, line = socket.socketpair()
    with line, blocked():
        try:
            pid = os.fork()
        except OSError:
            ours.close()
            raise
        if pid == 0:
            status = CRASHED
            try:
                ours.close()
                status = life(partial(make, line), log, *arguments)
            finally:
                os._exit(status)
    return pid, ours
