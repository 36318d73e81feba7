"""installed - what a proxy has in the kernel: rules of the packet filter, classes for its queues.

    installed = Installed("imap4-proxy", "MAIL")
    installed.install(section, redirections, log)   ConfigurationError: nothing has changed
    errors = list(complaints(section))              what that would say, as far as one can see
    installed.original_dst(sock)    where a client that was redirected wanted to go
    installed.fds                   what a daemon must not close for that
    installed.withdraw()            redirect nobody any more; what open sessions need stays
    installed.remove()              at the very end
    installed.helpers(section)      the process that does that, where this one is not allowed to

See also: rules.py, ../transparency/redirect.py, ../traffic_shaping/apply.py.
"""

from __future__ import annotations

import socket
from typing import Iterator, Sequence, Tuple

from kernun_common.configuration.schema import Section
from kernun_common.errors import ConfigurationError, Unavailable
from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.service import Helper
from kernun_common.traffic_shaping.apply import Shaping
from kernun_common.traffic_shaping.section import queues_of, shaped
from kernun_common.transparency.redirect import Rules
from kernun_common.transparency.ruleset import Redirection

from .rules import rules_place, uses_client_sources, uses_rules
from .section import Application

RULES = "the rules for the packet filter cannot be installed"
CLASSES = "the classes for queues cannot be installed"


class Installed:
    """See the file's first lines."""

    def __init__(self, program: str, name: str) -> None:
        self._rules = Rules(program, name)
        self.shaping = Shaping(program, name)

    def install(
        self, section: Application, redirections: Sequence[Redirection], log: Log
    ) -> None:
        """Both or none."""
        try:
            with self.shaping.installed(queues_of(section), log):
                self._install_rules(section, redirections, log)
        except Unavailable as failure:
            raise _bad_queues(section, failure.what) from failure

    def _install_rules(
        self, section: Application, redirections: Sequence[Redirection], log: Log
    ) -> None:
        try:
            self._rules.install(redirections, uses_client_sources(section), log)
        except Unavailable as failure:
            where = rules_place(section)
            raise ConfigurationError(where, f"{RULES}: {failure.what}") from failure

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        return self._rules.original_dst(sock)

    @property
    def fds(self) -> Sequence[int]:
        return self._rules.fds

    def withdraw(self) -> None:
        self._rules.withdraw()

    def remove(self) -> None:
        self._rules.remove()
        self.shaping.remove()

    def delegate(self) -> None:
        """To the helper."""
        self._rules.delegate()
        self.shaping.delegate()

    def helpers(self, section: Application) -> Tuple[Helper, ...]:
        """A single process gives up what it would take to remove them."""
        if section.singleproc and (uses_rules(section) or shaped(section)):
            return (Helper("rules", self._keep),)
        return ()

    def _keep(self, fd: int) -> None:
        self._rules.keep(fd)
        self.shaping.keep(fd)


def complaints(section: Application) -> Iterator[ConfigurationError]:
    """The program is called as its section is."""
    program = section.TABLE.keyword
    if uses_rules(section):
        complaint = Rules(program, section.name).complaint(uses_client_sources(section))
        if complaint is not None:
            yield ConfigurationError(rules_place(section), f"{RULES}: {complaint}")
    if queues_of(section):
        complaint = Shaping(program, section.name).complaint(queues_of(section))
        if complaint is not None:
            yield _bad_queues(section, complaint)


def _bad_queues(section: Section, what: str) -> ConfigurationError:
    """At the first queue that needs them: it takes only one."""
    queues = shaped(section) or queues_of(section)
    where = next((queue.where for queue in queues), section.where)
    return ConfigurationError(where, f"{CLASSES}: {what}")
