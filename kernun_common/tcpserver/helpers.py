"""helpers - processes beside the children of a service, which do something for all of them.

    helpers = Helpers(service, forget)      `forget` closes what is the parent's, in a helper
    helpers.start(now)                      those that are not there; again in every cycle
    helpers.ready                           may clients be served?
    helpers.bury(pid, status, now)          was it one of these?
    helpers.stop()                          they end

A helper ends when its line is closed, which the parent does also by dying.  One that
died is missed by no session: what it has done stands, and another one goes on.  The
service does not wait for one that died before it was ready.
See also: service.py, ../application/naming.py.
"""

from __future__ import annotations

import os
import socket
import time
from functools import partial
from signal import Signals
from typing import Callable, Dict, NamedTuple, Set

from kernun_common.log.helper import wait_for
from kernun_common.log.message import Message

from . import messages
from .forking import spawn
from .reaping import cause
from .service import Helper, Service
from .stopping import Stopping

PAUSE = 1.0  # seconds until one that died, or could not be started, is started again


class Running(NamedTuple):
    """What the parent knows of a helper."""

    helper: Helper
    line: socket.socket


class Worker:
    """What runs in the helper's process."""

    def __init__(self, helper: Helper, stopping: Stopping) -> None:
        self._helper = helper
        self._stopping = stopping

    def run(self) -> None:
        self._helper.work(self._stopping.fd)


class Helpers:
    """The parent's side of the helpers of one service."""

    def __init__(self, service: Service, forget: Callable[[], None]) -> None:
        self._service = service
        self._forget = forget
        self._running: Dict[int, Running] = {}
        self._due: Dict[Helper, float] = dict.fromkeys(service.helpers, 0.0)  # to be started then
        self._given_up: Set[Helper] = set()  # waiting for it
        self._ending = False

    def __len__(self) -> int:
        return len(self._running)

    @property
    def ready(self) -> bool:
        waited_for = set(self._service.helpers) - self._given_up
        return all(helper.ready() for helper in waited_for)

    def start(self, now: float) -> None:
        for helper in [helper for helper, due in self._due.items() if due <= now]:
            try:
                pid, line = spawn(partial(self._worker, helper), self._service.log)
            except OSError as error:
                self._due[helper] = now + PAUSE
                self._tell(messages.HELPER_FAILED, helper, reason=error.strerror)
            else:
                del self._due[helper]
                self._running[pid] = Running(helper, line)

    def _worker(self, helper: Helper, line: socket.socket) -> Worker:
        self._forget()
        for listener in self._service.listeners:
            listener.sock.close()
        helper.begin()
        stopping = Stopping(line, self._service.log, ())
        stopping.arm()
        self._service.title.show(helper.title)
        return Worker(helper, stopping)

    def bury(self, pid: int, status: int, now: float) -> bool:
        running = self._running.pop(pid, None)
        if running is None:
            return False
        helper, line = running
        line.close()
        if not self._ending:
            self._due[helper] = now + PAUSE
            self._given_up.add(helper)
            code = os.waitstatus_to_exitcode(status)
            self._tell(messages.HELPER_DIED, helper, pid=pid, by=cause(code))
        return True

    def look(self) -> None:
        """Bury those that have ended, in a process where nobody else does."""
        for pid in list(self._running):
            ended, status = os.waitpid(pid, os.WNOHANG)
            if ended:
                self.bury(pid, status, time.monotonic())

    def close(self) -> None:
        """At the very end, in such a process."""
        self.stop()
        for pid in self._running:
            wait_for(pid)

    def _tell(self, message: Message, helper: Helper, **fields: object) -> None:
        self._service.log.write(message, title=helper.title, **fields)

    def stop(self) -> None:
        self._ending = True
        self._due.clear()
        self.forget()

    def forget(self) -> None:
        """In another process."""
        for running in self._running.values():
            running.line.close()

    def signal(self, number: Signals) -> None:
        for pid in self._running:
            os.kill(pid, number)
