"""logs - the parent's care for the logs in use, and for the processes that write their files.

    logs = Logs()
    logs.use(log, title)        start its helper, if it has one
    logs.keep(in_use)           close those that no service uses any longer
    logs.bury(pid)              was this a helper?  It is started again in the next `cycle`
    logs.close()                at the very end: a helper ends last

A reload that changes nothing about logs keeps the log, so mostly there is one.
See also: ../log/sinks.py.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Collection, Dict, List

from kernun_common.log.sinks import Log

from .title import Title


class Logs:
    """All of one parent."""

    def __init__(self) -> None:
        self._logs: Dict[Log, Callable[[], None]] = {}  # and what sets its helper's title
        self._helperless: List[Log] = []

    def use(self, log: Log, title: Title) -> None:
        if log not in self._logs:
            self._logs[log] = partial(title.show, "log")
            log.start_helper(self._logs[log])

    def keep(self, in_use: Collection[Log]) -> None:
        for log in [log for log in self._logs if log not in in_use]:
            del self._logs[log]
            self._helperless = [other for other in self._helperless if other is not log]
            log.close()

    def bury(self, pid: int) -> bool:
        orphans = [log for log in self._logs if log.helper_pid == pid]
        self._helperless += orphans
        return bool(orphans)

    def cycle(self) -> None:
        """Start missing helpers; one that cannot start is tried again in the next cycle."""
        for log in self._helperless[:]:
            try:
                log.start_helper(self._logs[log])
            except OSError:
                continue  # lines are kept for it
            self._helperless.remove(log)

    def raise_level(self) -> None:
        for log in self._logs:
            log.raise_level()

    def lower_level(self) -> None:
        for log in self._logs:
            log.lower_level()

    def reopen(self) -> None:
        for log in self._logs:
            log.reopen()

    def close(self) -> None:
        self.keep(())
