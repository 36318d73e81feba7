"""solo - one process that listens and serves, one session at a time; for debugging.

    status = solo.run(service, supervisor)

There is nobody to reload, to grow or to replace a child that died.  Signals mean what
they mean to a child; SIGHUP does nothing.  There is nobody either who closes the line
when a signal came in a bad moment (stopping.py), so a timer looks after that.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from contextlib import ExitStack
from typing import NamedTuple

from . import messages
from .child import Child
from .helpers import Helpers
from .listen_on import unlisten
from .monitors import Monitors
from .renewal import Supervisor
from .scoreboard import Scoreboard
from .service import Service
from .source import Direct
from .state import Counts
from .stopping import Stopping

HEARTBEAT = 0.5  # seconds; interrupts what waits, so that handlers run
PAUSE = 0.02  # seconds; between two looks whether helpers are ready


class Alone(NamedTuple):
    """What serves here, as monitors.py has it."""

    service: Service
    board: Scoreboard

    @property
    def counts(self) -> Counts:
        return self.board.counts()


def run(service: Service, supervisor: Supervisor) -> int:
    """Until told to end, or until a fault ended a session; returns the exit status."""
    log = service.log
    log.start_helper(lambda: service.title.show("log"))
    alone, monitors = Alone(service, Scoreboard(1)), Monitors()
    monitors.use([alone])
    helpers = Helpers(service, monitors.forget)
    helpers.start(time.monotonic())
    service.memory.bound()
    service.begin()
    service.facility.sit(0, log)
    with ExitStack() as ends:
        line = _line(supervisor, ends)
        source = Direct(service.listeners)
        stopping = Stopping(line, log, source.sockets)
        stopping.arm()
        signal.signal(signal.SIGWINCH, lambda number, frame: log.reopen())
        signal.signal(signal.SIGALRM, lambda number, frame: None)
        signal.setitimer(signal.ITIMER_REAL, HEARTBEAT, HEARTBEAT)
        while not (helpers.ready or stopping.leaving):
            time.sleep(PAUSE)
            helpers.look()
        for listener in service.listeners:
            log.write(messages.BOUND, at=listener.at)
        log.write(messages.STARTED, name=service.name, children=0)
        supervisor.ready()
        Child(service, alone.board, 0, stopping, source).run(None)
        signal.setitimer(signal.ITIMER_REAL, 0)
        supervisor.stopping()
    helpers.close()
    monitors.close()
    for listener in service.listeners:
        unlisten(listener)
    log.close()
    return 0


def _line(supervisor: Supervisor, ends: ExitStack) -> socket.socket:
    """What is closed when this process must end: the supervisor's, or one that stays open."""
    if supervisor.fd is not None:
        return ends.enter_context(socket.socket(fileno=os.dup(supervisor.fd)))
    line, end = socket.socketpair()
    ends.enter_context(end)
    return ends.enter_context(line)
