"""helper - the process that writes, rotates and reopens the log files.

    helper = Helper([LogFile(...), ...], lost_line)      before any child is forked
    helper.start()               -> its pid; again after it died
    helper.send(0, lines)        in any process: False if they are lost
    helper.reopen()              in any process
    helper.close()               in the parent, as the last thing

Children have other users, limits and roots than the log files do, and two
processes cannot rotate one file; so they write through one socket pair, a packet
for one line or some, to this child of the parent.  It ends by itself when the last
process that could write has gone and what they wrote is on disk; signals meant for
the proxy do not end it.

When the queue of the socket pair is full, because the disk is slow, a line waits a
little (patience.py) and is lost then; who sends counts the lost ones (outputs.py).

The parent keeps the reading end open too, so a helper that was killed loses only
what it had read and not written; its successor reads on from there.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from typing import Callable, Iterator, Optional, Sequence

from .format import FILE_LIMIT
from .log_file import LogFile
from .patience import Patience

QUEUE = 1 << 20  # octets; the system may allow less (net.core.wmem_max)
BATCH = 256  # packets written at once, at most
FAREWELL = 3.0  # seconds: for what is still queued when the program ends

_PACKET = FILE_LIMIT + 2  # octets: the file's number, one line at least, its end

_REOPEN = b"\xff"
_STOP = b"\xfe"
_IGNORED = (
    signal.SIGINT,
    signal.SIGTERM,
    signal.SIGQUIT,
    signal.SIGHUP,
    signal.SIGUSR1,
    signal.SIGUSR2,
    signal.SIGWINCH,
    signal.SIGPIPE,
)


class Helper:
    """Both ends of the socket pair, and the process at the reading end."""

    def __init__(self, files: Sequence[LogFile], lost_line: Callable[[int], bytes]) -> None:
        self._files = files
        self._lost_line = lost_line
        self._reader, self._writer = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._writer.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, QUEUE)
        self._writer.setblocking(False)
        self._patience = Patience()
        self.pid: Optional[int] = None

    @property
    def fds(self) -> list[int]:
        """What a daemon must not close."""
        files = [file.fd for file in self._files if file.is_open]
        return [self._reader.fileno(), self._writer.fileno(), *files]

    def start(self, title: Optional[Callable[[], None]] = None) -> int:
        """Fork the helper; `title` is called in it.  The caller must have one thread only.

        OSError: a file cannot be opened, or no process can be had.
        """
        for file in self._files:
            file.open()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                self._become_helper(title, parent)
                status = 0
            finally:
                os._exit(status)
        for file in self._files:  # the helper's from now on: it puts them aside
            file.close()
        return self.pid

    def _become_helper(self, title: Optional[Callable[[], None]], parent: int) -> None:
        self._writer.close()
        stand_apart([self._reader.fileno(), *(file.fd for file in self._files)])
        if title is not None:
            title()
        Scribe(self._reader, self._files, self._lost_line, parent).work()

    def send(self, number: int, lines: bytes) -> bool:
        """Hand lines with their ends over to file `number`; False if there was no room in time.

        At most FILE_LIMIT octets and the end of the last.
        """
        return self._send(bytes([number]) + lines)

    def reopen(self) -> bool:
        """Tell the helper to open its files anew, behind every line sent so far."""
        return self._send(_REOPEN)

    def stop_parent(self) -> bool:
        """Have the helper end the proxy: children may not signal the parent themselves."""
        return self._send(_STOP)

    def _send(self, packet: bytes) -> bool:
        try:
            self._writer.send(packet)
        except BlockingIOError:
            return self._send_patiently(packet)
        except OSError:
            return False
        return True

    def _send_patiently(self, packet: bytes) -> bool:
        if not self._patience.wait(self._writer.fileno()):
            return False
        try:
            self._writer.send(packet)
        except OSError:
            return False
        return True

    def close(self) -> None:
        """In the parent, when its children are gone: all that was sent gets written, now."""
        self._writer.close()
        if self.pid is None:  # it was never started: what waits for it is written here
            Scribe(self._reader, self._files, self._lost_line).work()
        else:
            wait_for(self.pid)
        self._reader.close()
        for file in self._files:
            file.close()


def wait_for(pid: int) -> None:
    """Until it has ended; one that does not within `FAREWELL` is killed."""
    end = time.monotonic() + FAREWELL
    try:
        while os.waitpid(pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > end:
                os.kill(pid, signal.SIGKILL)
            time.sleep(0.01)
    except ChildProcessError:
        pass  # somebody else has reaped it


class Scribe:
    """What the helper does: from packets to files, until the last writer has gone."""

    def __init__(
        self,
        reader: socket.socket,
        files: Sequence[LogFile],
        lost_line: Callable[[int], bytes],
        parent: Optional[int] = None,
    ) -> None:
        self._reader = reader
        self._files = files
        self._lost_line = lost_line
        self._parent = parent
        self._lost = [0 for _ in files]

    def work(self) -> None:
        """Wait for a line, take with it what else is there, write; until the end."""
        while packet := self._reader.recv(_PACKET):
            batch = list(self._batch(packet))
            for number in range(len(self._files)):
                self._write(number, [line[1:] for line in batch if line[0] == number])
            if _REOPEN in batch:
                self._reopen()
            if _STOP in batch:
                self._stop_parent()

    def _batch(self, packet: bytes) -> Iterator[bytes]:
        """This packet, and those that are there already; what is behind a reopen waits for it."""
        yield packet
        for _ in range(BATCH):
            if packet == _REOPEN:
                return
            try:
                packet = self._reader.recv(_PACKET, socket.MSG_DONTWAIT)
            except BlockingIOError:
                return
            if not packet:
                return
            yield packet

    def _write(self, number: int, lines: list[bytes]) -> None:
        if not lines:
            return
        lost = self._lost[number]
        report = [self._lost_line(lost)] if lost else []
        try:
            self._files[number].write(b"".join(report + lines))
        except OSError:
            self._lost[number] += sum(some.count(b"\n") for some in lines)
        else:
            self._lost[number] = 0

    def _stop_parent(self) -> None:
        if self._parent == os.getppid():  # whom else it might be, when the parent has gone
            os.kill(self._parent, signal.SIGTERM)

    def _reopen(self) -> None:
        for file in self._files:
            try:
                file.reopen()
            except OSError:
                pass  # the old one is still open, see LogFile


def stand_apart(kept: Sequence[int]) -> None:
    """In a helper: signals meant for the proxy do nothing, descriptors but `kept` are closed.

    So it holds no listening socket and no other end of anything.
    """
    signal.set_wakeup_fd(-1)
    for number in _IGNORED:
        signal.signal(number, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_SETMASK, ())
    _close_all_but([0, 1, 2, *kept])


def _close_all_but(kept: Sequence[int]) -> None:
    first = 0
    for fd in sorted(set(kept)):
        if first < fd:  # closerange(0, 0) closes everything
            os.closerange(first, fd)
        first = fd + 1
    os.closerange(first, os.sysconf("SC_OPEN_MAX"))
