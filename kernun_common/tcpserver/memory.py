"""memory - what a child may take of it beyond what it was born with; child-memory of tcpserver(5).

    memory = Memory(octets)             in the parent; 0 is any amount
    memory.bound()                      in the child, for good, before it gives up its root
    with memory.sparing(): ...          MemoryError in the block once more has been taken

At the very end of memory Python cannot even raise an exception in good order, and aborts.  So
the system's bound (setrlimit(2)) stands RESERVE octets behind the one that is asked for, and
work that may take much is looked after by a timer, every LOOK seconds of CPU time.  What asks
for more than the reserve in one piece is refused by the system, with MemoryError as well.

Linux counts what is the process's own and can be written (RLIMIT_DATA): neither what it shares
with others nor the mails in the mail pool, which are mapped for reading.  Other systems count
everything that is mapped (RLIMIT_AS), and there is no timer.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from contextlib import contextmanager
from typing import Iterator

RESERVE = 16 << 20  # octets
AGAIN = RESERVE // 4  # what handles a MemoryError may take so much
LOOK = 0.01  # seconds

_DATA = 5  # which number of /proc/PID/statm it is, proc(5)


class Memory:
    """See the file's first lines."""

    def __init__(self, most: int = 0) -> None:
        self._most = most
        self._page = os.sysconf("SC_PAGESIZE")
        self._statm = -1
        self._end = 0  # octets of data at which it is too much; 0: any amount
        self._next = 0  # octets at which the timer says so; 0: nobody is looked after

    def bound(self) -> None:
        """The system tells the size of a process by a file, or by a program."""
        if not self._most:
            return
        if sys.platform == "linux":
            self._statm = os.open("/proc/self/statm", os.O_RDONLY | os.O_CLOEXEC)
            self._end = self._data() + self._most
            _limit(resource.RLIMIT_DATA, self._end + RESERVE)
            signal.signal(signal.SIGPROF, self._look)
        else:
            _limit(resource.RLIMIT_AS, whole_size() + self._most + RESERVE)

    def _data(self) -> int:
        return int(os.pread(self._statm, 256, 0).split()[_DATA]) * self._page

    @contextmanager
    def sparing(self) -> Iterator[None]:
        """Only for work that may end anywhere, and leaves nothing half done."""
        if not self._end:
            yield
            return
        self._next = self._end
        try:
            signal.setitimer(signal.ITIMER_PROF, LOOK, LOOK)
            yield
        finally:
            self._next = 0
            signal.setitimer(signal.ITIMER_PROF, 0)

    def _look(self, number: int, frame: object) -> None:
        """A signal that was late is for nobody; again when it was of no avail, in a destructor."""
        if 0 < self._next < self._data():
            self._next += AGAIN
            raise MemoryError


def whole_size() -> int:
    """What ps(1) says of this process, in octets."""
    command = ["ps", "-o", "vsz=", "-p", str(os.getpid())]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True)
    return int(done.stdout) * 1024


def _limit(kind: int, octets: int) -> None:
    """Unless the administrator has set a lower one."""
    _, hard = resource.getrlimit(kind)
    if hard == resource.RLIM_INFINITY or octets < hard:
        resource.setrlimit(kind, (octets, octets))
