"""proxy - one proxy of a configuration: opened, lived, renewed.

    proxy = Proxy(section, start)
    service = proxy.open()                  ConfigurationErrors: what cannot be had
    status = proxy.live(service, supervisor)

`renew` is what a reload calls.  It changes nothing unless everything can be had.
What decides about processes as such - nodaemon, singleproc, pid-file, and which
proxies there are - counts as it was at the start.
"""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import FrozenSet, Iterable, Iterator, NamedTuple, Optional

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.errors import ConfigurationError, Where
from kernun_common.log.opening import open_log
from kernun_common.log.sinks import Log
from kernun_common.monitoring.facility import open_facility
from kernun_common.tcpserver import solo
from kernun_common.tcpserver.listen_on import Listener, gone, open_listeners, redirections_to
from kernun_common.tcpserver.memory import Memory
from kernun_common.tcpserver.parent import Parent
from kernun_common.tcpserver.renewal import Supervisor
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.title import Title

from . import messages
from .daemon import pid_file, pid_file_complaint
from .installed import Installed
from .naming import Naming
from .privileges import Privileges
from .program import Means, Program
from .reading import read_proxies
from .section import Application
from .subject import subject_of

NO_PID_FILE = 1  # exit status; the same as for anything else that cannot be had


class Start(NamedTuple):
    """How the program was started; no reload changes it."""

    program: Program
    file: str
    foreground: bool
    names: FrozenSet[str]  # of all proxies in the file


class Proxy:
    """See the file's first lines."""

    def __init__(self, section: Application, start: Start) -> None:
        self._section = section
        self._start = start
        self._title = Title(start.program.name, section.name)
        self._naming: Optional[Naming] = None  # of the service that was made last
        self._installed = Installed(start.program.name, section.name)

    @property
    def name(self) -> str:
        return self._section.name

    def open(self) -> Service:
        """Whatever can fail, before the terminal is left."""
        path = self._section.pid_file
        complaint = pid_file_complaint(path) if path is not None else None
        if complaint is not None:
            raise _errors(self._section.place("pid_file"), f"{path}: {complaint}")
        return self._service(self._section, self._open_log(self._section))

    def abandon(self) -> None:
        """After `open`, where the proxy will not live."""
        self._installed.remove()

    def live(self, service: Service, supervisor: Supervisor) -> int:
        """From the first child to the last; the exit status of the process."""
        with ExitStack() as stack:
            stack.callback(self._installed.remove)  # whatever happens
            path = self._section.pid_file
            try:
                if path is not None:
                    stack.enter_context(pid_file(path))
            except OSError as error:
                service.log.write(messages.PID_FILE, file=path, reason=str(error))
                return NO_PID_FILE
            if self._section.singleproc:
                self._installed.delegate()
                return solo.run(service, supervisor)
            return Parent(service, self.renew, supervisor).run()

    def renew(self, service: Service) -> Service:
        """The service by the file as it is now; ConfigurationErrors if it cannot be had."""
        section = self._read_again(service.log)
        log = service.log if self._same_logs(section) else self._open_log(section)
        try:
            renewed = self._service(section, log, service)
        except ConfigurationErrors:
            if log is not service.log:
                log.close()
            raise
        self._section = section
        return renewed

    def _read_again(self, log: Log) -> Application:
        proxies, warnings = read_proxies(self._start.program, self._start.file)
        if {proxy.name for proxy in proxies} != self._start.names:
            where = Where(self._start.file, 1, 1)
            raise _errors(where, "proxies were added, removed or renamed: that needs a restart")
        for warning in warnings:
            log.write(messages.CONFIGURATION_WARNING, at=warning.where, text=warning.text)
        return next(proxy for proxy in proxies if proxy.name == self.name)

    def _same_logs(self, section: Application) -> bool:
        ours = self._section
        return (ours.log_debug, ours.log_stats) == (section.log_debug, section.log_stats)

    def _open_log(self, section: Application) -> Log:
        try:
            return open_log(
                self._start.program.name,
                section.log_debug,
                section.log_stats,
                self._start.foreground,
            )
        except OSError as error:
            logs = (section.log_debug, section.log_stats)
            log = next((it for it in logs if it.file == error.filename), section.log_debug)
            raise _errors(log.place("file"), f"{error.filename}: {error.strerror}") from error

    def _service(
        self, section: Application, log: Log, present: Optional[Service] = None
    ) -> Service:
        """What `present` has open and this one wants, too, stays open; ConfigurationErrors."""
        program, limits = self._start.program, section.tcpserver
        privileges = Privileges.of(section)
        naming = Naming.of(section, log, self._naming)
        memory = Memory(limits.child_memory)
        former = present.facility if present is not None else None
        with ExitStack() as undo, _as_errors():
            facility = open_facility(
                section.monitoring,
                subject_of(program, section, privileges),
                log,
                former,
            )
            undo.callback(facility.close, former)
            service = Service(
                name=section.name,
                limits=limits,
                serve=program.prepare(
                    section,
                    Means(
                        log,
                        self._title,
                        facility.seat,
                        naming,
                        self._installed.shaping.shape,
                        memory.sparing,
                    ),
                ),
                listeners=open_listeners(
                    section.listen_on,
                    limits.queue_size,
                    naming.resolver,
                    present.listeners if present else (),
                ),
                log=log,
                title=self._title,
                begin=privileges.give_up,
                facility=facility,
                helpers=(*naming.helpers(privileges), *self._installed.helpers(section)),
                resolution=naming.resolution,
                rules=self._installed,
                memory=memory,
            )
            undo.callback(_close, gone(service.listeners, present.listeners if present else ()))
            # The last that can fail, so that a reload that fails has changed nothing.
            self._installed.install(section, redirections_to(service.listeners), log)
            undo.pop_all()
        self._naming = naming
        return service


def _close(listeners: Iterable[Listener]) -> None:
    for listener in listeners:
        listener.sock.close()


@contextmanager
def _as_errors() -> Iterator[None]:
    """A single one as ConfigurationErrors."""
    try:
        yield
    except ConfigurationError as error:
        raise ConfigurationErrors([error]) from error


def _errors(where: Where, text: str) -> ConfigurationErrors:
    return ConfigurationErrors([ConfigurationError(where, text)])
