"""monitors - the parent's care for the process that tells others how the proxy is.

    monitors = Monitors()
    monitors.use(crews)             at the beginning and after a reload; the first is in force
    monitors.bury(pid, status)      was this the helper?  It is started again in a `cycle`
    monitors.cycle(now)
    monitors.end()                  who asks for the proxy's health is told 503 from now on
    monitors.forget()               in a child, which has no use for what is the parent's
    monitors.close()                at the very end

A reload gets another helper, which sees what the new and what the old children do;
what was counted by those that are gone counts on.

See also: ../monitoring/helper.py.
"""

from __future__ import annotations

import os
import socket
import time
from collections import Counter
from contextlib import suppress
from functools import partial
from typing import Dict, List, Optional, Protocol, Sequence, Set

from kernun_common.log.helper import wait_for
from kernun_common.monitoring import messages
from kernun_common.monitoring.board import Board, Tally
from kernun_common.monitoring.helper import KEEP, Origin, Watch

from .forking import spawn
from .reaping import cause
from .service import Service
from .state import Counts

PAUSE = 1.0  # seconds, after the helper died or could not be started


class Serving(Protocol):
    """Those who serve by one configuration; crew.py."""

    @property
    def service(self) -> Service: ...

    @property
    def counts(self) -> Counts: ...


class Monitors:
    """See the file's first lines."""

    def __init__(self) -> None:
        self._started = time.time()
        self._service: Optional[Service] = None
        self._watch: Optional[Watch] = None
        self._boards: List[Board] = []
        self._past: Tally = Counter()
        self._pid: Optional[int] = None  # of the helper
        self._line: Optional[socket.socket] = None
        self._leaving: Set[int] = set()  # pids of helpers that were told to end
        self._not_before = 0.0

    def use(self, crews: Sequence[Serving]) -> None:
        self._take_over([crew.service for crew in crews])
        self._service = crews[0].service
        before, self._watch = self._watch, self._new_watch(crews)
        self._end_helper(before)
        if self._watch is not None:
            self._start(time.monotonic())

    def _new_watch(self, crews: Sequence[Serving]) -> Optional[Watch]:
        """None where the configuration in force wants nothing of all this."""
        service = crews[0].service
        board = service.facility.board
        if board is None:
            return None
        service.facility.sit(board.parents_slot, service.log)
        origin = Origin(os.getpid(), self._started)
        children = partial(_children, tuple(crews))
        return Watch(service.facility, origin, self._boards, children, self._past, service.log)

    def _end_helper(self, before: Optional[Watch]) -> None:
        """It takes its file with it, unless the next one writes the same."""
        if self._line is None:
            _remove(before)
        elif _path(before) == _path(self._watch):
            with suppress(OSError):  # it has just died
                self._line.send(KEEP)
        self._leave()

    def _take_over(self, services: Sequence[Service]) -> None:
        """What was counted on boards that nobody writes on any longer is kept."""
        boards = [one.facility.board for one in services if one.facility.board is not None]
        for board in self._boards:
            if board not in boards:
                self._past.update(board.tally())
        self._boards = boards

    def _start(self, now: float) -> None:
        service, watch = self._service, self._watch
        assert service is not None and watch is not None
        try:
            self._pid, self._line = spawn(partial(Helper, service, watch), service.log)
        except OSError as error:
            self._not_before = now + PAUSE
            service.log.write(messages.HELPER_FAILED, reason=error.strerror)
        else:
            service.log.write(messages.STARTED, pid=self._pid, file=_path(watch))

    def _leave(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._pid is not None:
            self._leaving.add(self._pid)
        self._line = self._pid = None

    def bury(self, pid: int, status: int) -> bool:
        if pid in self._leaving:
            self._leaving.discard(pid)
            return True
        if pid != self._pid or self._service is None:
            return False
        by = cause(os.waitstatus_to_exitcode(status))
        self._service.log.write(messages.HELPER_DIED, pid=pid, by=by)
        self._leave()
        self._leaving.discard(pid)
        self._not_before = time.monotonic() + PAUSE
        return True

    def cycle(self, now: float) -> None:
        if self._watch is not None and self._pid is None and now >= self._not_before:
            self._start(now)

    def end(self) -> None:
        for board in self._boards:
            board.ending = True

    def forget(self) -> None:
        if self._line is not None:
            self._line.close()
        if self._service is not None:
            self._service.facility.forget()

    def close(self) -> None:
        self._leave()
        for pid in self._leaving:
            wait_for(pid)
        _remove(self._watch)
        if self._service is not None:
            self._service.facility.close()


class Helper:
    """The process itself; what children give up, it does, too."""

    def __init__(self, service: Service, watch: Watch, line: socket.socket) -> None:
        watch.detach(line)
        service.title.show("monitor")
        service.begin()
        self._watch = watch
        self._line = line

    def run(self) -> None:
        self._watch.work(self._line)


def _children(crews: Sequence[Serving]) -> Dict[str, int]:
    counts = Counts(*map(sum, zip(*(crew.counts for crew in crews))))
    return counts._asdict()


def _path(watch: Optional[Watch]) -> Optional[str]:
    return None if watch is None or watch.file is None else watch.file.path


def _remove(watch: Optional[Watch]) -> None:
    if watch is not None and watch.file is not None:
        watch.file.remove()
