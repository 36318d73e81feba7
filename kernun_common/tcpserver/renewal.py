"""renewal - a service comes into force: the first one, and another one by a reload.

    renewal = Renewal(crews, renew, supervisor, logs, crew_of, begin)
    renewal.start()             the first one
    renewal.reload()            take the configuration as it is now in its file
    renewal.cycle(now)          does it come into force?
    renewal.abandon()           the program ends: what is still to come never will
    renewal.unbind(listeners)

`crew_of` makes the crew of a service, and `begin` starts its first children.  A service comes
into force when its helpers are ready: at once, if it has none.
See also: crews.py, parent.py; tcpserver(7).
"""

from __future__ import annotations

import time
from typing import Callable, Iterable, Optional, Protocol

from kernun_common.configuration.result import ConfigurationErrors

from . import messages
from .crew import Crew
from .crews import Crews
from .listen_on import Listener, gone, unlisten
from .logs import Logs
from .service import Service


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


class Renewal:
    def __init__(
        self,
        crews: Crews,
        renew: Callable[[Service], Service],
        supervisor: Supervisor,
        logs: Logs,
        crew_of: Callable[[Service], Crew],
        begin: Callable[[], None],
    ) -> None:
        self._crews = crews
        self._renew = renew
        self._supervisor = supervisor
        self._logs = logs
        self._crew_of = crew_of
        self._begin = begin
        self._again = False  # a reload was wanted while one was under way

    def start(self) -> None:
        self._await(self._crews.current)

    def reload(self) -> None:
        """Keep the old configuration if the new one is bad."""
        crews = self._crews
        self._supervisor.reloading()
        if crews.coming is not None:
            self._again = True
            return
        try:
            service = self._renew(crews.current.service)
        except ConfigurationErrors as errors:
            log = crews.current.service.log
            for error in errors:
                log.write(messages.RELOAD_FAILED, at=error.where, reason=error.text)
            self._supervisor.ready()
        else:
            self._await(self._crew_of(service))

    def _await(self, crew: Crew) -> None:
        self._crews.coming = crew
        self._logs.use(crew.service.log, crew.service.title)
        self.cycle(time.monotonic())

    def cycle(self, now: float) -> None:
        crew = self._crews.arrived(now)
        if crew is None:
            return
        if crew is self._crews.current:
            self._begin()
        else:
            self._replace(crew)
        self._supervisor.ready()
        if self._again:
            self._again = False
            self.reload()

    def _replace(self, crew: Crew) -> None:
        """The new children are there before the old ones leave."""
        old = self._crews.replace(crew)
        self._begin()
        old.retire()
        self._drop(old.service, crew.service)

    def abandon(self) -> None:
        if self._crews.newcomer is not None:
            self._drop(self._crews.newcomer.service, self._crews.current.service)

    def _drop(self, service: Service, kept: Service) -> None:
        """Close the sockets of a service that is not in force any longer, or never will be."""
        self.unbind(gone(service.listeners, kept.listeners))
        service.facility.close(kept.facility)

    def unbind(self, listeners: Iterable[Listener]) -> None:
        for listener in listeners:
            unlisten(listener)
            self._crews.current.service.log.write(messages.UNBOUND, at=listener.at)
