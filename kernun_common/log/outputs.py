"""outputs - where lines go: standard error, syslog, a file by way of the helper.

    output.put(message, fields, data_limit)

An output makes the line (time, host, program, process), as text or as JSON, and
sends it.  It never fails and never blocks for long: what cannot be written is
counted, and the count is the first thing written when it can be again (APPL-880).

    if output.gather(): ... output.flush() ... output.stop_gathering()

Between these a file's lines are collected and sent together, at `flush` or when
they fill BATCH octets, which costs the session and the helper less.
See also: format.py, helper.py, logging(7).
"""

from __future__ import annotations

import os
import socket
import time
from typing import Callable, Mapping, Optional, Protocol, Sequence

from . import messages
from .format import FACILITIES, FILE_LIMIT, SYSLOG_LIMIT, iso_stamp, json_line, lines, stamp
from .helper import Helper
from .message import DATA_LIMIT, Message
from .patience import Patience

Fields = Mapping[str, object]

BATCH = 8192  # octets of lines that go to the helper together; a longer line goes alone


class Clock:
    """The local time as log lines have it, made once a second."""

    def __init__(self) -> None:
        self._second = -1
        self._stamp = self._iso_stamp = ""

    def stamp(self) -> str:
        self._look()
        return self._stamp

    def iso_stamp(self) -> str:
        self._look()
        return self._iso_stamp

    def _look(self) -> None:
        second = int(time.time())
        if second != self._second:
            self._second = second
            moment = time.localtime(second)
            self._stamp = stamp(moment)
            self._iso_stamp = iso_stamp(moment, moment.tm_gmtoff)


class Output(Protocol):
    """What `Log` writes to."""

    fds: Sequence[int]

    def put(self, message: Message, fields: Fields, data_limit: int) -> None: ...

    def gather(self) -> bool: ...

    def flush(self) -> None: ...

    def stop_gathering(self) -> None: ...


class LineOutput:
    """What all have in common; an heir says what a line begins with and how it is sent."""

    limit = FILE_LIMIT
    fds: Sequence[int] = ()  # that a daemon must not close

    def __init__(self, program: str, json: bool = False) -> None:
        self._program = program
        self._host = socket.gethostname().partition(".")[0]
        self._clock = Clock()
        self._make = self._json if json else self._text
        self._lost = 0

    def prefix(self, severity: int) -> str:
        """What a line of text begins with: `Sep  8 07:40:22 fw imap4-proxy[2018]: `"""
        return f"{self._clock.stamp()} {self._host} {self._program}[{os.getpid()}]: "

    def envelope(self, severity: int) -> str:
        """What an object of JSON has before it, which is nothing in a file."""
        return ""

    def send(self, line: bytes) -> bool:
        """Write one line (without its end); False if it is lost."""
        raise NotImplementedError

    def put(self, message: Message, fields: Fields, data_limit: int) -> None:
        if self._lost:
            self._report_lost()
        if not all(map(self.send, self.made(message, fields, data_limit))):
            self.fail(message, fields, data_limit)

    def gather(self) -> bool:
        """Collect lines from now on, where it helps; False: each is sent at once as before."""
        return False

    def flush(self) -> None:
        """Send what was collected."""

    def stop_gathering(self) -> None:
        """Send what was collected, and from now on each line at once."""

    def made(self, message: Message, fields: Fields, data_limit: int) -> list[bytes]:
        """The lines (without their ends) of a message."""
        texts = self._make(message, fields, data_limit)
        return [text.encode("ascii", "backslashreplace") for text in texts]

    def fail(self, message: Message, fields: Fields, data_limit: int) -> None:
        """What becomes of a message that could not be sent: it is counted."""
        self._lost += 1

    def _text(self, message: Message, fields: Fields, data_limit: int) -> list[str]:
        prefix = self.prefix(message.severity.syslog)
        return lines(prefix, message.tag, message.render(fields, data_limit), self.limit)

    def _json(self, message: Message, fields: Fields, data_limit: int) -> list[str]:
        head = {
            "time": self._clock.iso_stamp(),
            "host": self._host,
            "program": self._program,
            "pid": os.getpid(),
        }
        envelope = self.envelope(message.severity.syslog)
        line = envelope + json_line(head, message, fields, data_limit)
        if len(line) > FILE_LIMIT:  # an object cannot be continued, only its values cut
            return self._json(message, fields, data_limit // 2)
        return [line]

    def _report_lost(self) -> None:
        if self.send(self.lost_line(self._lost)):
            self._lost = 0

    def lost_line(self, count: int) -> bytes:
        """The line (without its end) that tells of lines lost."""
        (line,) = self.made(messages.LINES_LOST, {"count": count}, DATA_LIMIT)
        return line


class StandardError(LineOutput):
    """Lines to a file descriptor that is open already; 2 is standard error."""

    def __init__(self, program: str, json: bool = False, fd: int = 2) -> None:
        super().__init__(program, json)
        self._fd = fd

    def send(self, line: bytes) -> bool:
        try:
            os.write(self._fd, line + b"\n")
        except OSError:
            return False
        return True


class File(LineOutput):
    """Lines to file `number` of the log helper."""

    def __init__(self, program: str, helper: Helper, number: int, json: bool = False) -> None:
        super().__init__(program, json)
        self._helper = helper
        self._number = number
        self._gathers = False
        self._held: list[bytes] = []
        self._size = 0  # octets of what is held

    def put(self, message: Message, fields: Fields, data_limit: int) -> None:
        if not self._gathers:
            super().put(message, fields, data_limit)
            return
        for line in self.made(message, fields, data_limit):
            if self._size + len(line) >= BATCH:
                self.flush()
            self._held.append(line)
            self._size += len(line) + 1

    def gather(self) -> bool:
        self._gathers = True
        return True

    def flush(self) -> None:
        if not self._held:
            return
        if self._lost:
            self._report_lost()
        held, self._held, self._size = self._held, [], 0
        if not self.send(b"\n".join(held)):
            self._lost += len(held)

    def stop_gathering(self) -> None:
        self.flush()
        self._gathers = False

    def send(self, line: bytes) -> bool:
        return self._helper.send(self._number, line + b"\n")


class Syslog(LineOutput):
    """Packets to the local syslog daemon, as RFC 3164 has them and syslog(3) sends them.

    Without the host: the daemon adds it, and would take it for the program.
    `on_failure` gets, as `put` did, each message that the daemon does not take.
    """

    limit = SYSLOG_LIMIT

    def __init__(
        self, program: str, facility: str, json: bool = False, path: str = "/dev/log"
    ) -> None:
        super().__init__(program, json)
        self.on_failure: Optional[Callable[[Message, Fields, int], object]] = None
        self._facility = FACILITIES[facility] << 3
        self._path = path
        self._patience = Patience()
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.setblocking(False)
        self.fds = [self._socket.fileno()]
        self.connect()

    def prefix(self, severity: int) -> str:
        """`<22>Sep  8 07:40:22 imap4-proxy[2018]: `"""
        priority = self._facility | severity
        return f"<{priority}>{self._clock.stamp()} {self._program}[{os.getpid()}]: "

    envelope = prefix

    def connect(self) -> bool:
        """Once more; False if there is no syslog daemon."""
        try:
            self._socket.connect(self._path)
        except OSError:
            return False
        return True

    def fail(self, message: Message, fields: Fields, data_limit: int) -> None:
        if self.on_failure is None:
            super().fail(message, fields, data_limit)
        else:
            self.on_failure(message, fields, data_limit)

    def send(self, line: bytes) -> bool:
        """At once, or after one more try: the daemon was restarted, or its queue was full."""
        try:
            self._socket.send(line)
        except BlockingIOError:
            return self._patience.wait(self._socket.fileno()) and self._try(line)
        except OSError:
            return self.connect() and self._try(line)
        return True

    def _try(self, line: bytes) -> bool:
        try:
            self._socket.send(line)
        except OSError:
            return False
        return True
