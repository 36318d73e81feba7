"""door - the listener of a crew, as the parent sees it.

    door = Door(service, forget)
    door.open(boards)           start its process, unless it is there; OSError
    door.leave()                it accepts no more and ends; False if there is no process
    door.bury(pid, status)      was it this one?

A listener that died is missed by nobody but new clients, and started again in the next
cycle of the parent; its children go on, and so does the queue, of which the parent has
both ends.
See also: listener.py, crew.py.
"""

from __future__ import annotations

import os
import signal
import socket
from functools import partial
from typing import Callable, Optional, Sequence

from . import messages
from .forking import spawn
from .handoff import Handoff
from .intake import Intake
from .listener import Doorkeeper
from .reaping import cause
from .scoreboard import Scoreboard
from .service import Service
from .source import Direct
from .stopping import Stopping


class Door:
    """The listener's process, and the queue that leads from it to the children."""

    def __init__(self, service: Service, forget: Callable[[], None]) -> None:
        self._service = service
        self._forget = forget
        self.handoff = Handoff()
        self._pid: Optional[int] = None
        self._line: Optional[socket.socket] = None
        self.leaving = False

    @property
    def is_open(self) -> bool:
        return self._pid is not None

    def open(self, boards: Sequence[Scoreboard]) -> None:
        if self._pid is None and not self.leaving:
            log = self._service.log
            self._pid, self._line = spawn(partial(self._doorkeeper, boards), log)

    def _doorkeeper(self, boards: Sequence[Scoreboard], line: socket.socket) -> Doorkeeper:
        service = self._service
        self._forget()
        service.begin()
        source = Direct(service.listeners)
        stopping = Stopping(line, service.log, source.sockets)
        stopping.arm()
        service.title.show("listener")
        intake = Intake(source, stopping, service.log)
        return Doorkeeper(service, boards, self.handoff, intake)

    def leave(self) -> bool:
        self.leaving = True
        if self._pid is None:
            return False
        os.kill(self._pid, signal.SIGQUIT)
        return True

    def stop(self) -> None:
        self.leaving = True
        if self._line is not None:
            self._line.close()

    def forget(self) -> None:
        """In another process."""
        if self._line is not None:
            self._line.close()

    def signal(self, number: signal.Signals) -> None:
        if self._pid is not None:
            os.kill(self._pid, number)

    def bury(self, pid: int, status: int) -> bool:
        if pid != self._pid:
            return False
        self._pid = None
        code = os.waitstatus_to_exitcode(status)
        if not self.leaving or code:
            self._service.log.write(messages.LISTENER_DIED, pid=pid, by=cause(code))
        return True
