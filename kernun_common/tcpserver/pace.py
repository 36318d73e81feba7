"""pace - starts and stops children, cycle by cycle, as sizing says.

    pace = Pace(limits)
    pace.cycle(crew, others, now)       once in a parent-cycle
    pace.start(crew, number, now)       at the beginning: init-children
    pace.failed                         no child can be had, the parent has to give up

A fork that the system refuses is tried again after fork-wait, fork-retries times.
Then, if there are children, the proxy goes on with those and starts anew with its
tries; if there is none, it has failed.

See also: sizing.py, crew.py, tcpserver(5).
"""

from __future__ import annotations

from kernun_common.log.sinks import Log

from . import messages
from .crew import Crew
from .section import TcpServer
from .sizing import Plan, plan
from .state import Counts

MILLISECOND = 0.001


class Pace:
    """What has to be remembered from cycle to cycle."""

    def __init__(self, limits: TcpServer) -> None:
        self._limits = limits
        self._rate = limits.min_start_rate
        self._full = False
        self._refused = 0  # forks, one after the other
        self._not_before = 0.0
        self.failed = False

    def cycle(self, crew: Crew, others: int, now: float) -> None:
        """`others` is the number of children that serve under an old configuration."""
        if now < self._not_before:
            return
        counts = crew.counts
        todo = plan(counts, self._limits, self._rate, others)
        self._rate = todo.rate
        self._tell(crew.service.log, counts, todo)
        self.start(crew, todo.start, now)
        crew.leave(todo.stop)

    def _tell(self, log: Log, counts: Counts, todo: Plan) -> None:
        idle, busy = counts.idle, counts.busy
        if todo.start or todo.stop:
            log.write(messages.SIZED, idle=idle, busy=busy, start=todo.start, stop=todo.stop)
        if todo.full and not self._full:
            log.write(messages.MAX_CHILDREN, limit=self._limits.max_children, busy=busy)
        self._full = todo.full

    def start(self, crew: Crew, number: int, now: float) -> None:
        for _ in range(number):
            try:
                pid = crew.spawn(now)
            except OSError as error:
                self._on_refusal(crew, error, now)
                return
            self._refused = 0
            crew.service.log.write(messages.CHILD_STARTED, pid=pid)

    def _on_refusal(self, crew: Crew, error: OSError, now: float) -> None:
        log = crew.service.log
        self._refused += 1
        self._not_before = now + self._limits.fork_wait * MILLISECOND
        log.write(messages.FORK_FAILED, number=self._refused, reason=error.strerror)
        if self._refused > self._limits.fork_retries:
            self.failed = not len(crew)
            if self.failed:
                log.write(messages.NO_CHILD, tries=self._refused, reason=error.strerror)
            self._refused = 0
