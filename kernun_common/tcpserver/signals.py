"""signals - a handler takes a note, a loop reads the notes.

    notes = Notes((SIGCHLD, SIGTERM))
    notes.arm()
    poll(notes.fd)                      readable when there are notes
    for number in notes.take(): ...

`hold` keeps signals back while things are made that have to be removed; `blocked` does so
across a fork, until the child has handlers of its
own; what arrives meanwhile is delivered then.

See also: tcpserver(7) for the meaning of each signal; stopping.py for children.
"""

from __future__ import annotations

import os
import signal
from contextlib import contextmanager
from typing import Iterable, Iterator

HANDLED = frozenset(
    {
        signal.SIGHUP,
        signal.SIGINT,
        signal.SIGQUIT,
        signal.SIGTERM,
        signal.SIGUSR1,
        signal.SIGUSR2,
        signal.SIGWINCH,
        signal.SIGCHLD,
    }
)


@contextmanager
def blocked() -> Iterator[None]:
    """No handler of ours runs inside; pending signals are delivered at the end."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def hold() -> None:
    """From now on, until `unblock`: what would end the process waits until it can do so well."""
    signal.pthread_sigmask(signal.SIG_BLOCK, HANDLED)


def unblock() -> None:
    """When handlers are in place: in a child, inside of `blocked`."""
    signal.pthread_sigmask(signal.SIG_UNBLOCK, HANDLED)


class Wakeup:
    """A descriptor that is readable from any signal that has a handler until it is drained.

    The system's part of the handler writes to it, so no poll can miss a signal that
    arrives just before it.
    """

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        for end in (self._read, self._write):
            os.set_blocking(end, False)

    @property
    def fd(self) -> int:
        return self._read

    def arm(self) -> None:
        signal.set_wakeup_fd(self._write, warn_on_full_buffer=False)

    def drain(self) -> None:
        try:
            while os.read(self._read, 4096):
                pass
        except BlockingIOError:
            pass

    def close(self) -> None:
        signal.set_wakeup_fd(-1)
        os.close(self._read)
        os.close(self._write)


class Notes:
    """Signals that have arrived, in their order, and a descriptor that tells of them."""

    def __init__(self, numbers: Iterable[signal.Signals]) -> None:
        self._numbers = tuple(numbers)
        self._arrived: list[signal.Signals] = []
        self._wakeup = Wakeup()

    @property
    def fd(self) -> int:
        return self._wakeup.fd

    def arm(self) -> None:
        self._wakeup.arm()
        for number in self._numbers:
            signal.signal(number, self._note)
        unblock()

    def _note(self, number: int, frame: object) -> None:
        self._arrived.append(signal.Signals(number))

    def take(self) -> list[signal.Signals]:
        """The notes since the last time; `fd` is quiet until the next signal."""
        self._wakeup.drain()
        arrived = self._arrived[:]
        del self._arrived[: len(arrived)]
        return arrived

    def close(self) -> None:
        """In a child, which has no use for its parent's notes."""
        self._wakeup.close()
