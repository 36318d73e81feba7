"""parent - the process that keeps the children of one proxy; tcpserver(7).

    status = Parent(service, renew, supervisor).run()

It never reads an octet of a client.  Signals are noted and read in the loop, which
wakes for them and once in a parent-cycle.  The verbs:

    size        keep the number of idle children between its limits
    reap        bury children, say how they died
    reload      take another configuration
    finish      end when the sessions have ended
    stop        end now

`renew(service)` is what a reload calls: it returns the next service, with the sockets
that it shares with this one, or raises ConfigurationErrors.  It comes into force when its
helpers are ready; then the children of the old one leave after their sessions.

See also: crew.py, pace.py, storm.py; ../application/run.py.
"""

from __future__ import annotations

import gc
import math
import select
import signal
import time
from contextlib import suppress
from typing import Callable, Iterable, List, Optional, Protocol, Tuple

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.log.message import Message
from kernun_common.log.sinks import Log

from . import messages
from .crew import Crew
from .listen_on import Listener, gone, unlisten
from .logs import Logs
from .monitors import Monitors
from .pace import MILLISECOND, Pace
from .reaping import cause, dead
from .report import Report
from .service import Service
from .signals import Notes
from .storm import COULD_NOT_BEGIN, LIMIT, Death, StormGuard

LAST_MOMENT = 1.0  # seconds of terminate-wait that are kept for burying what had to be killed


class Supervisor(Protocol):
    """Who wants to know how the parent is; ../application/notify.py.

    `fd` becomes readable when the supervisor is gone and the parent must end.
    """

    @property
    def fd(self) -> Optional[int]: ...

    def ready(self) -> None: ...

    def reloading(self) -> None: ...

    def stopping(self) -> None: ...

    def alive(self, status: str) -> None: ...


class Parent:
    """See the file's first lines."""

    def __init__(
        self, service: Service, renew: Callable[[Service], Service], supervisor: Supervisor
    ) -> None:
        self._renew = renew
        self._supervisor = supervisor
        self._verbs = {
            signal.SIGCHLD: self.reap,
            signal.SIGHUP: self.reload,
            signal.SIGTERM: self.stop,
            signal.SIGINT: self.stop,
            signal.SIGQUIT: self.finish,
            signal.SIGUSR1: self.raise_level,
            signal.SIGUSR2: self.lower_level,
            signal.SIGWINCH: self.reopen_logs,
        }
        self._notes = Notes(self._verbs)
        self._guard = StormGuard()
        self._crew = Crew(service, self._forget)
        self._pace = Pace(service.limits)
        self._report = Report(service.limits.info_cycle, time.monotonic())
        self._old_crews: List[Crew] = []
        self._coming: Optional[Crew] = self._crew  # waits for its helpers
        self._reload_again = False
        self._logs = Logs()
        self._monitors = Monitors()
        self._next_cycle = 0.0
        self._ending = False
        self._deadline = math.inf
        self._killed = False
        self._status = 0

    @property
    def _log(self) -> Log:
        return self._crew.service.log

    @property
    def _crews(self) -> List[Crew]:
        coming = [] if self._coming in (None, self._crew) else [self._coming]
        return [self._crew, *self._old_crews, *coming]

    def _forget(self) -> None:
        """In a child: it has no use for what is its parent's."""
        self._notes.close()
        self._monitors.forget()
        for crew in self._crews:
            crew.forget()

    def run(self) -> int:
        """Until the proxy has ended; returns the exit status."""
        self._notes.arm()
        self._await(self._crew)
        poll = self._poller()
        while not self._over():
            pause = max(0.0, self._next_cycle - time.monotonic())
            if self._supervisor_is_gone(poll.poll(pause * 1000)):
                self.stop()
            for number in self._notes.take():
                self._verbs[number]()
            if time.monotonic() >= self._next_cycle:
                self._cycle(time.monotonic())
        self._monitors.close()
        service = self._crew.service
        service.rules.remove()
        service.log.write(messages.ENDED, name=service.name, sessions=self._crew.sessions)
        self._logs.close()
        return self._status

    def _poller(self) -> select.poll:
        poll = select.poll()
        poll.register(self._notes.fd, select.POLLIN)
        if self._supervisor.fd is not None:
            poll.register(self._supervisor.fd, select.POLLIN)
        return poll

    def _supervisor_is_gone(self, ready: List[Tuple[int, int]]) -> bool:
        return any(fd == self._supervisor.fd for fd, _ in ready)

    def _over(self) -> bool:
        return self._ending and all(crew.gone for crew in self._crews)

    def _begin(self) -> None:
        """Start the first children of the service that has come into force."""
        service = self._crew.service
        gc.collect()
        gc.freeze()  # what is there now is never collected, so children do not copy it
        self._monitors.use(self._crews)
        for listener in service.listeners:
            service.log.write(messages.BOUND, at=listener.at)
        self._pace.start(self._crew, service.limits.init_children, time.monotonic())
        self._open_door()
        service.log.write(messages.STARTED, name=service.name, children=len(self._crew))

    def _cycle(self, now: float) -> None:
        limits = self._crew.service.limits
        self._next_cycle = now + limits.parent_cycle * MILLISECOND
        self._logs.cycle()
        self._monitors.cycle(now)
        if self._ending:
            self._hasten(now)
        else:
            self._look_at_coming(now)
            self._size(now)
        total = sum(map(len, self._crews))
        self._crew.service.title.show(f"parent, {total} children")
        self._report.cycle(self._crew, now)
        self._supervisor.alive(f"{total} children, {self._crew.counts.busy} sessions")

    def _open_door(self) -> None:
        with suppress(OSError):  # it is tried again in each cycle
            self._crew.open_door([crew.board for crew in self._old_crews])

    def _size(self, now: float) -> None:
        if self._coming is self._crew:
            return  # nothing is in force yet
        self._crew.start_helpers(now)
        self._open_door()
        self._pace.cycle(self._crew, sum(map(len, self._old_crews)), now)
        if self._pace.failed:
            self._give_up()

    def reap(self) -> None:
        """Bury all children that have ended."""
        for pid, status in dead():
            if not self._logs.bury(pid) and not self._monitors.bury(pid, status):
                self._bury(pid, status, time.monotonic())
        self._old_crews = [crew for crew in self._old_crews if not crew.gone]
        self._logs.keep([crew.service.log for crew in self._crews])

    def _bury(self, pid: int, status: int, now: float) -> None:
        for crew in self._crews:
            death = crew.bury(pid, status, now)
            if death is not None:
                self._tell_of(death)
                if self._guard.note(death, now) and not self._ending:
                    self._log.write(messages.FORK_STORM, deaths=LIMIT, last=cause(death.code))
                    self._give_up()

    def _tell_of(self, death: Death) -> None:
        if death.code == 0:
            self._log.write(messages.CHILD_LEFT, pid=death.pid, sessions=death.sessions)
        elif not self._killed:
            self._log.write(
                messages.CHILD_DIED,
                pid=death.pid,
                by=cause(death.code),
                sessions=death.sessions,
                state=death.state.name,
            )

    def reload(self) -> None:
        """Take the configuration as it is now in its file; keep the old one if it is bad."""
        if self._ending:
            return
        self._supervisor.reloading()
        if self._coming is not None:
            self._reload_again = True
            return
        try:
            service = self._renew(self._crew.service)
        except ConfigurationErrors as errors:
            for error in errors:
                self._log.write(messages.RELOAD_FAILED, at=error.where, reason=error.text)
            self._supervisor.ready()
        else:
            self._await(Crew(service, self._forget))

    def _await(self, crew: Crew) -> None:
        """It comes into force when its helpers are ready: at once, if it has none."""
        self._coming = crew
        self._logs.use(crew.service.log, crew.service.title)
        self._look_at_coming(time.monotonic())

    def _look_at_coming(self, now: float) -> None:
        crew = self._coming
        if crew is None:
            return
        crew.start_helpers(now)
        if not crew.ready:
            return
        self._coming = None
        if crew is self._crew:
            self._begin()
        else:
            self._replace(crew)
        self._supervisor.ready()
        if self._reload_again:
            self._reload_again = False
            self.reload()

    def _replace(self, crew: Crew) -> None:
        """The new children are there before the old ones leave."""
        old, self._crew = self._crew, crew
        self._old_crews.append(old)
        self._pace = Pace(crew.service.limits)
        self._begin()
        old.retire()
        self._drop(old.service, crew.service)

    def _drop(self, service: Service, kept: Service) -> None:
        """Close the sockets of a service that is not in force any longer, or never will be."""
        self._unbind(gone(service.listeners, kept.listeners))
        service.facility.close(kept.facility)

    def finish(self) -> None:
        """End when the open sessions have ended."""
        if not self._ending:
            self._end(messages.GRACEFUL_END)
            for crew in self._crews:
                crew.retire()

    def stop(self) -> None:
        """End now, within terminate-wait."""
        if self._deadline == math.inf:
            wait = self._crew.service.limits.terminate_wait
            self._deadline = time.monotonic() + max(wait - LAST_MOMENT, wait / 2)
            self._end(messages.IMMEDIATE_END)
            for crew in self._crews:
                crew.stop()

    def _end(self, message: Message) -> None:
        service = self._crew.service
        busy = sum(crew.counts.busy for crew in self._crews)
        self._log.write(message, name=service.name, busy=busy)
        if not self._ending:
            self._ending = True
            self._monitors.end()
            self._supervisor.stopping()
            self._unbind(service.listeners)
            service.rules.withdraw()
            if self._coming is not None and self._coming is not self._crew:
                self._drop(self._coming.service, service)

    def _give_up(self) -> None:
        self._status = COULD_NOT_BEGIN
        self.stop()

    def _hasten(self, now: float) -> None:
        if now >= self._deadline and not self._killed:
            self._killed = True
            self._log.write(messages.KILLED, children=sum(map(len, self._crews)))
            self._signal(signal.SIGKILL)

    def _signal(self, number: signal.Signals) -> None:
        for crew in self._crews:
            crew.signal(number)

    def _unbind(self, listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            unlisten(listener)
            self._log.write(messages.UNBOUND, at=listener.at)

    def raise_level(self) -> None:
        self._logs.raise_level()
        self._pass_level_on(signal.SIGUSR1)

    def lower_level(self) -> None:
        self._logs.lower_level()
        self._pass_level_on(signal.SIGUSR2)

    def _pass_level_on(self, number: signal.Signals) -> None:
        self._signal(number)
        self._log.write(messages.LEVEL, level=self._log.level)

    def reopen_logs(self) -> None:
        self._logs.reopen()
