"""outputs - where lines go: standard error, syslog, a file by way of the helper.

    output.put(severity, tag, text)          severity as syslog counts it, 0 to 7

An output completes the line (time, host, program, process), cuts it where the
receiver takes no longer ones, and never fails and never blocks for long: what
cannot be written is counted, and the count is the first thing written when it can
be again (APPL-880).
See also: format.py, helper.py, logging(7).
"""

from __future__ import annotations

import os
import socket
import time
from typing import Protocol, Sequence

from . import messages
from .format import FACILITIES, FILE_LIMIT, SYSLOG_LIMIT, lines, stamp
from .helper import Helper
from .patience import Patience


class Clock:
    """The time as log lines have it, made once a second."""

    def __init__(self) -> None:
        self._second = -1
        self._stamp = ""

    def stamp(self) -> str:
        second = int(time.time())
        if second != self._second:
            self._second = second
            self._stamp = stamp(time.localtime(second))
        return self._stamp


class Output(Protocol):
    """What `Log` writes to."""

    fds: Sequence[int]

    def put(self, severity: int, tag: str, text: str) -> None: ...


class LineOutput:
    """What all have in common; an heir says what a line begins with and how it is sent."""

    limit = FILE_LIMIT
    fds: Sequence[int] = ()  # that a daemon must not close

    def __init__(self, program: str) -> None:
        self._program = program
        self._host = socket.gethostname().partition(".")[0]
        self._clock = Clock()
        self._lost = 0

    def prefix(self, severity: int) -> str:
        """`Sep  8 07:40:22 fw imap4-proxy[2018]: `"""
        return f"{self._clock.stamp()} {self._host} {self._program}[{os.getpid()}]: "

    def send(self, line: bytes) -> bool:
        """Write one line (without its end); False if it is lost."""
        raise NotImplementedError

    def put(self, severity: int, tag: str, text: str) -> None:
        if self._lost:
            self._report_lost()
        for line in lines(self.prefix(severity), tag, text, self.limit):
            if not self.send(line.encode("ascii", "backslashreplace")):
                self._lost += 1

    def _report_lost(self) -> None:
        if self.send(self.lost_line(self._lost)):
            self._lost = 0

    def lost_line(self, count: int) -> bytes:
        row = messages.LINES_LOST
        text = row.render({"count": count})
        return f"{self.prefix(row.severity.syslog)}{row.tag} {text}".encode("ascii", "replace")


class StandardError(LineOutput):
    """Lines to a file descriptor that is open already; 2 is standard error."""

    def __init__(self, program: str, fd: int = 2) -> None:
        super().__init__(program)
        self._fd = fd

    def send(self, line: bytes) -> bool:
        try:
            os.write(self._fd, line + b"\n")
        except OSError:
            return False
        return True


class Syslog(LineOutput):
    """Packets to the local syslog daemon, as RFC 3164 has them and syslog(3) sends them.

    Without the host: the daemon adds it, and would take it for the program.
    """

    limit = SYSLOG_LIMIT

    def __init__(self, program: str, facility: str, path: str = "/dev/log") -> None:
        super().__init__(program)
        self._facility = FACILITIES[facility] << 3
        self._path = path
        self._patience = Patience()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.fds = [self._socket.fileno()]
        self._connect()

    def prefix(self, severity: int) -> str:
        """`<22>Sep  8 07:40:22 imap4-proxy[2018]: `"""
        priority = self._facility | severity
        return f"<{priority}>{self._clock.stamp()} {self._program}[{os.getpid()}]: "

    def send(self, line: bytes) -> bool:
        """At once, or after one more try: the daemon was restarted, or its queue was full."""
        try:
            self._socket.send(line)
        except BlockingIOError:
            return self._patience.wait(self._socket.fileno()) and self._try(line)
        except OSError:
            return self._connect() and self._try(line)
        return True

    def _try(self, line: bytes) -> bool:
        try:
            self._socket.send(line)
        except OSError:
            return False
        return True

    def _connect(self) -> bool:
        try:
            self._socket.connect(self._path)
        except OSError:
            return False
        return True


class File(LineOutput):
    """Lines to file `number` of the log helper."""

    def __init__(self, program: str, helper: Helper, number: int) -> None:
        super().__init__(program)
        self._helper = helper
        self._number = number

    def send(self, line: bytes) -> bool:
        return self._helper.send(self._number, line + b"\n")
