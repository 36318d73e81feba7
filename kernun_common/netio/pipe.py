"""pipe - octets that cross this process inside the kernel: splice(2).

    pipe = Pipe()
    pipe.fill(source_fd, most)      socket -> pipe
    len(pipe)                       octets that are inside
    pipe.drain(destination_fd)      pipe -> socket

A pipe belongs to one session and is closed with it, so octets of one session
can never turn up in another.  The kernel bounds what one user may hold in pipes
(/proc/sys/fs/pipe-user-pages-soft): a large one is asked for, `size` says what
there is.  Systems without splice have `AVAILABLE` false.
"""

from __future__ import annotations

import fcntl
import os

AVAILABLE = hasattr(os, "splice")
SIZES = (1 << 20, 1 << 18)  # octets, tried in turn; otherwise what the kernel gives


class Pipe:
    """A pipe between two sockets."""

    __slots__ = ("_held", "_read_end", "_write_end", "size")

    def __init__(self) -> None:
        """OSError where the process has no descriptors left."""
        self._read_end, self._write_end = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        self.size = self._enlarge()
        self._held = 0

    def _enlarge(self) -> int:
        for size in SIZES:
            try:
                return fcntl.fcntl(self._write_end, fcntl.F_SETPIPE_SZ, size)
            except PermissionError:
                continue
        return fcntl.fcntl(self._write_end, fcntl.F_GETPIPE_SZ)

    def __len__(self) -> int:
        return self._held

    def fill(self, source: int, most: int) -> int | None:
        """Take up to `most` octets from a socket: how many, 0 = its end, None = none yet.

        OSError: a reset, or a path that has died.
        """
        flags = os.SPLICE_F_MOVE | os.SPLICE_F_NONBLOCK
        try:
            moved = os.splice(source, self._write_end, most, flags=flags)
        except BlockingIOError:
            return None
        self._held += moved
        return moved

    def drain(self, destination: int) -> int:
        """Give what is inside to a socket: how many octets it took; OSError if the peer is gone."""
        flags = os.SPLICE_F_MOVE | os.SPLICE_F_NONBLOCK
        try:
            moved = os.splice(self._read_end, destination, self._held, flags=flags)
        except BlockingIOError:
            return 0
        self._held -= moved
        return moved

    def close(self) -> None:
        os.close(self._read_end)
        os.close(self._write_end)
