"""lock - one after another change the queueing disciplines of a network namespace.

    with locked(): ...              Unavailable: somebody else has been at it for too long

It is a lock of the namespace's file in /proc, so proxies of one namespace wait for each other,
and who is killed gives it back.  Who changes disciplines by hand is not kept from it.
See also: network_namespaces(7), flock(2).
"""

from __future__ import annotations

import errno
import fcntl
import os
import time
from contextlib import contextmanager
from typing import Iterator

from kernun_common import commands
from kernun_common.errors import Unavailable

NAMESPACE = "/proc/self/ns/net"
PAUSE = 0.05  # seconds, from one attempt to the next


@contextmanager
def locked(path: str = NAMESPACE) -> Iterator[None]:
    try:
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except OSError as failure:
        raise _unavailable(path, failure) from failure
    try:
        _lock(fd, path)
        yield
    finally:
        os.close(fd)


def _lock(fd: int, path: str) -> None:
    deadline = time.monotonic() + commands.PATIENCE
    while True:
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except OSError as failure:
            if failure.errno not in (errno.EWOULDBLOCK, errno.EINTR):
                raise _unavailable(path, failure) from failure
        if time.monotonic() > deadline:
            text = f"another program has had the lock of {path} for {commands.PATIENCE:g} s"
            raise Unavailable(text)
        time.sleep(PAUSE)


def _unavailable(path: str, failure: OSError) -> Unavailable:
    return Unavailable(f"{path} cannot be locked: {failure.strerror}")
