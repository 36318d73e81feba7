"""log_file - a file of lines: append, put aside when it is full, reopen.

    file = LogFile(path, Rotation(size, kept))       OSError if it cannot be had
    file.write(octets)                                OSError if they cannot be written

A file that would grow over `size` octets becomes PATH.1, after PATH.1 became
PATH.2 and so on; the last `kept` of these stay.  Where it cannot be put aside it
grows on.  `reopen` serves those who move log files away by themselves.

What cannot be written whole is not written at all, so a full disk leaves no half
line that the next one would be glued to.  Only one process writes to a file.
Files are made for their owner alone: logs hold names and addresses.
"""

from __future__ import annotations

import os
import stat
from typing import NamedTuple, Optional

_FLAGS = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC
_CLOSED = -1


class Rotation(NamedTuple):
    """When a file is put aside (octets), and how many of those put aside are kept."""

    size: int
    kept: int


class LogFile:
    """An open log file; see the file's head."""

    def __init__(self, path: str, rotation: Optional[Rotation] = None) -> None:
        self.path = path
        self._rotation = rotation
        self.fd = _CLOSED
        self.open()

    @property
    def is_open(self) -> bool:
        return self.fd != _CLOSED

    def open(self) -> None:
        """As at the beginning, if it was closed."""
        if not self.is_open:
            self._open()

    def _open(self) -> None:
        self.fd = os.open(self.path, _FLAGS, 0o600)
        status = os.fstat(self.fd)
        self._size = status.st_size
        self._regular = stat.S_ISREG(status.st_mode)

    def write(self, octets: bytes) -> None:
        """Append whole lines, each with its end."""
        if self._is_full(len(octets)):
            self._rotate()
        self._append(octets)
        self._size += len(octets)

    def _is_full(self, more: int) -> bool:
        if not (self._rotation and self._regular and self._size):
            return False
        return self._size + more > self._rotation.size

    def _append(self, octets: bytes) -> None:
        written = 0
        try:
            while written < len(octets):
                written += os.write(self.fd, octets[written:])
        except OSError:
            if written and self._regular:
                os.ftruncate(self.fd, self._size)
            raise

    def _rotate(self) -> None:
        try:
            self._put_aside()
            self.reopen()
        except OSError:
            pass  # the old file is still open, and growing on is better than losing lines

    def _put_aside(self) -> None:
        assert self._rotation is not None
        for number in range(self._rotation.kept - 1, 0, -1):
            _move(f"{self.path}.{number}", f"{self.path}.{number + 1}")
        _move(self.path, f"{self.path}.1")

    def reopen(self) -> None:
        """Open the path anew; where that fails (OSError) the old file stays open."""
        old = self.fd
        self._open()
        os.close(old)

    def close(self) -> None:
        if self.is_open:
            os.close(self.fd)
            self.fd = _CLOSED


def _move(old: str, new: str) -> None:
    try:
        os.rename(old, new)
    except FileNotFoundError:
        pass
