"""helper - the process beside a parent that tells others how the proxy is.

    watch = Watch(facility, parent, boards, children, past, log)        in the parent
    watch.detach(line)          in the helper, first of all
    watch.work(line)            until the other end of `line` is closed, or says KEEP

Once in an interval it looks at the boards, works out how fast the sessions are, and
publishes what it has seen; in between it answers over HTTP.  `boards` are those of the
configuration in force and of older ones whose sessions have not ended; `past` is what
was counted on those that are gone.

It ends with its parent, and takes the file with it; but where it was told to keep the
file another helper writes that.  Signals meant for the proxy do
not end it: while sessions are still open, somebody may want to know of them.
See also: ../tcpserver/monitors.py, which starts it.
"""

from __future__ import annotations

import select
import socket
import time
from collections import Counter
from typing import Callable, Mapping, NamedTuple, Optional, Sequence

from kernun_common.log.helper import stand_apart
from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Address

from . import messages
from .admission import admits
from .board import Board, Tally
from .exporter import Exporter, Sight
from .facility import Facility
from .publish import Publication, sweep
from .speed import Meter
from .status import Session, Status
from .web import Web

KEEP = b"k"


class Origin(NamedTuple):
    """The parent: its pid, and when it began, in seconds since the epoch."""

    pid: int
    started: float


class Watch:
    """See the file's first lines."""

    def __init__(
        self,
        facility: Facility,
        parent: Origin,
        boards: Sequence[Board],
        children: Callable[[], Mapping[str, int]],
        past: Tally,
        log: Log,
    ) -> None:
        """`children` tells how many are in which state; the first of `boards` is in force."""
        self._facility = facility
        self._parent = parent
        self._boards = boards
        self._children = children
        self._past = past
        self._log = log
        self._interval = facility.section.interval
        self._meter = Meter()
        self.file = self._publication(facility.folder)  # None: nothing is published
        self._published = True

    def _publication(self, folder: Optional[str]) -> Optional[Publication]:
        if folder is None:
            return None
        return Publication(folder, self._facility.subject.name, self._parent.pid)

    def detach(self, line: socket.socket) -> None:
        """In the helper: leave to the parent what is the parent's."""
        stand_apart([line.fileno(), *self._facility.fds, *self._log.fds])

    def work(self, line: socket.socket) -> None:
        """See the file's first lines."""
        folder = self._facility.folder_inside
        file = self._publication(folder)
        if folder is not None:
            sweep(folder)
        self._loop(line.fileno(), self._web(), file)
        if file is not None and line.recv(len(KEEP)) != KEEP:
            file.remove()

    def _web(self) -> Web:
        sock = self._facility.sock
        exporter = Exporter(self.look, self._interval)
        sockets = () if sock is None else (sock,)
        return Web(sockets, self._admits, exporter.answer, self._log)

    def _admits(self, address: Address) -> bool:
        http = self._facility.section.http
        return http is not None and admits(http, address)

    def _loop(self, line: int, web: Web, file: Optional[Publication]) -> None:
        due = 0.0
        while True:
            now = time.monotonic()
            if now >= due:
                due = now + self._interval
                self._tick(file)
            web.expire(now)
            ready = _wait([(line, select.POLLIN), *web.wants()], min(due, web.deadline) - now)
            if line in ready:
                return
            for fd in ready:
                web.attend(fd, time.monotonic())

    def _tick(self, file: Optional[Publication]) -> None:
        now = time.time()
        self._meter.tick((each for board in self._boards for each in board.sessions()), now)
        if file is not None:
            self._publish(file)

    def _publish(self, file: Publication) -> None:
        try:
            file.write(self._status().write())
        except OSError as error:
            if self._published:
                reason = error.strerror
                self._log.write(messages.NOT_PUBLISHED, file=file.path, reason=reason)
            self._published = False
        else:
            self._published = True

    # --- what is to be seen ------------------------------------------------------------------

    def look(self) -> Sight:
        tally: Tally = Counter(self._past)
        for board in self._boards:
            tally.update(board.tally())
        return Sight(self._status(), tally)

    def _status(self) -> Status:
        now, subject = time.time(), self._facility.subject
        return Status(
            program=subject.program,
            name=subject.name,
            parent=self._parent.pid,
            started=self._parent.started,
            at=now,
            interval=self._interval,
            ending=self._boards[0].ending,
            children=self._children(),
            sessions=tuple(
                Session.of(shown, self._meter.speed(shown, now))
                for board in self._boards
                for shown in board.sessions()
            ),
        )


def _wait(wanted: Sequence[tuple[int, int]], seconds: float) -> list[int]:
    """The descriptors that are ready."""
    poll = select.poll()
    for fd, mask in wanted:
        poll.register(fd, mask)
    return [fd for fd, _ in poll.poll(max(0.0, seconds) * 1000)]
