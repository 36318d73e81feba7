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

See also: crews.py, renewal.py, ending.py, pace.py; ../application/run.py.
"""

from __future__ import annotations

import select
import signal
import time
from contextlib import suppress
from typing import Callable, List, Tuple

from kernun_common.log.sinks import Log

from . import messages
from .crew import Crew
from .crews import Crews
from .ending import Ending
from .garbage import settle
from .logs import Logs
from .monitors import Monitors
from .pace import MILLISECOND, Pace
from .reaping import cause, dead
from .renewal import Renewal, Supervisor
from .report import Report
from .service import Service
from .signals import Notes
from .storm import LIMIT, Death, StormGuard


class Parent:
    """See the file's first lines."""

    def __init__(
        self, service: Service, renew: Callable[[Service], Service], supervisor: Supervisor
    ) -> None:
        self._supervisor = supervisor
        self._logs = Logs()
        self._monitors = Monitors()
        self._crews = Crews(self._crew_of(service))
        self._ending = Ending(self._crews, self._withdraw)
        self._renewal = Renewal(
            self._crews, renew, supervisor, self._logs, self._crew_of, self._begin
        )
        self._guard = StormGuard()
        self._pace = Pace(service.limits)
        self._report = Report(service.limits.info_cycle, time.monotonic())
        self._next_cycle = 0.0
        self._verbs = {
            signal.SIGCHLD: self.reap,
            signal.SIGHUP: self.reload,
            signal.SIGTERM: self._ending.stop,
            signal.SIGINT: self._ending.stop,
            signal.SIGQUIT: self._ending.finish,
            signal.SIGUSR1: self.raise_level,
            signal.SIGUSR2: self.lower_level,
            signal.SIGWINCH: self._logs.reopen,
        }
        self._notes = Notes(self._verbs)

    @property
    def _service(self) -> Service:
        """The one in force."""
        return self._crews.current.service

    @property
    def _log(self) -> Log:
        return self._service.log

    def _crew_of(self, service: Service) -> Crew:
        return Crew(service, self._forget)

    def _forget(self) -> None:
        """In a child: it has no use for what is its parent's."""
        self._notes.close()
        self._monitors.forget()
        self._crews.forget()

    def run(self) -> int:
        """Until the proxy has ended; returns the exit status."""
        self._notes.arm()
        self._renewal.start()
        poll = self._poller()
        while not self._ending.over:
            pause = max(0.0, self._next_cycle - time.monotonic())
            if self._supervisor_is_gone(poll.poll(pause * 1000)):
                self._ending.stop()
            for number in self._notes.take():
                self._verbs[number]()
            if time.monotonic() >= self._next_cycle:
                self._cycle(time.monotonic())
        self._monitors.close()
        service = self._service
        service.rules.remove()
        service.log.write(messages.ENDED, name=service.name, sessions=self._crews.current.sessions)
        self._logs.close()
        return self._ending.status

    def _poller(self) -> select.poll:
        poll = select.poll()
        poll.register(self._notes.fd, select.POLLIN)
        if self._supervisor.fd is not None:
            poll.register(self._supervisor.fd, select.POLLIN)
        return poll

    def _supervisor_is_gone(self, ready: List[Tuple[int, int]]) -> bool:
        return any(fd == self._supervisor.fd for fd, _ in ready)

    # --- size --------------------------------------------------------------------------------

    def _begin(self) -> None:
        """Start the first children of the service that has come into force."""
        service, crew = self._service, self._crews.current
        settle()
        self._monitors.use(list(self._crews))
        for listener in service.listeners:
            service.log.write(messages.BOUND, at=listener.at)
        self._pace = Pace(service.limits)
        self._pace.start(crew, service.limits.init_children, time.monotonic())
        self._open_door()
        service.log.write(messages.STARTED, name=service.name, children=len(crew))

    def _cycle(self, now: float) -> None:
        self._next_cycle = now + self._service.limits.parent_cycle * MILLISECOND
        self._logs.cycle()
        self._monitors.cycle(now)
        if self._ending.begun:
            self._ending.hasten(now)
        else:
            self._renewal.cycle(now)
            self._size(now)
        crew, children = self._crews.current, self._crews.children
        self._service.title.show(f"parent, {children} children")
        self._report.cycle(crew, now)
        self._supervisor.alive(f"{children} children, {crew.counts.busy} sessions")

    def _open_door(self) -> None:
        with suppress(OSError):  # it is tried again in each cycle
            self._crews.current.open_door(self._crews.old_boards)

    def _size(self, now: float) -> None:
        if not self._crews.in_force:
            return
        self._crews.current.start_helpers(now)
        self._open_door()
        self._pace.cycle(self._crews.current, self._crews.old_children, now)
        if self._pace.failed:
            self._ending.give_up()

    # --- reap --------------------------------------------------------------------------------

    def reap(self) -> None:
        """Bury all children that have ended."""
        for pid, status in dead():
            if not self._logs.bury(pid) and not self._monitors.bury(pid, status):
                self._bury(pid, status, time.monotonic())
        self._crews.drop_gone()
        self._logs.keep([crew.service.log for crew in self._crews])

    def _bury(self, pid: int, status: int, now: float) -> None:
        for death in self._crews.bury(pid, status, now):
            self._tell_of(death)
            if self._guard.note(death, now) and not self._ending.begun:
                self._log.write(messages.FORK_STORM, deaths=LIMIT, last=cause(death.code))
                self._ending.give_up()

    def _tell_of(self, death: Death) -> None:
        if death.code == 0:
            self._log.write(messages.CHILD_LEFT, pid=death.pid, sessions=death.sessions)
        elif not self._ending.killed:
            self._log.write(
                messages.CHILD_DIED,
                pid=death.pid,
                by=cause(death.code),
                sessions=death.sessions,
                state=death.state.name,
            )

    # --- reload, finish, stop ----------------------------------------------------------------

    def reload(self) -> None:
        """Take the configuration as it is now in its file, unless the program ends."""
        if not self._ending.begun:
            self._renewal.reload()

    def _withdraw(self) -> None:
        """The program ends: nobody is let in any more."""
        self._monitors.end()
        self._supervisor.stopping()
        self._renewal.unbind(self._service.listeners)
        self._service.rules.withdraw()
        self._renewal.abandon()

    # --- log ---------------------------------------------------------------------------------

    def raise_level(self) -> None:
        self._logs.raise_level()
        self._pass_level_on(signal.SIGUSR1)

    def lower_level(self) -> None:
        self._logs.lower_level()
        self._pass_level_on(signal.SIGUSR2)

    def _pass_level_on(self, number: signal.Signals) -> None:
        self._crews.signal(number)
        self._log.write(messages.LEVEL, level=self._log.level)
