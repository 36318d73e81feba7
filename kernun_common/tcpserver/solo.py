"""solo - one process that listens and serves, one session at a time; for debugging.

    status = solo.run(service, supervisor)

There is nobody to reload, to grow or to replace a child that died.  Signals mean what
they mean to a child; SIGHUP does nothing.
"""

from __future__ import annotations

import signal
import socket

from . import messages
from .child import Child
from .listen_on import unlisten
from .parent import Supervisor
from .scoreboard import Scoreboard
from .service import Service
from .stopping import Stopping


def run(service: Service, supervisor: Supervisor) -> int:
    """Until told to end; returns the exit status.  What a session raises comes out."""
    log = service.log
    log.start_helper(lambda: service.title.show("log"))
    line, end = socket.socketpair()
    with line, end:
        stopping = Stopping(line, log, [listener.sock for listener in service.listeners])
        stopping.arm()
        signal.signal(signal.SIGWINCH, lambda number, frame: log.reopen())
        for listener in service.listeners:
            log.write(messages.BOUND, at=listener.at)
        supervisor.ready()
        Child(service, Scoreboard(1), 0, stopping).run(None)
        supervisor.stopping()
    for listener in service.listeners:
        unlisten(listener)
    log.close()
    return 0
