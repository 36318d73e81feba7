"""naming - the names that a proxy has to do with: those in its configuration, and its clients'.

    naming = Naming.of(section, log)                before any child is forked
    naming = Naming.of(section, log, former)        at a reload: what was known is known
    naming.resolution()                             for a session: what the former stand for now
    naming.client_names(address, wait)              what a client is called
    naming.resolver                                 whom it asks
    naming.helpers(privileges)                      the process that keeps the former up to date

See also: resolving(7), names.py, ../resolving/keeper.py, ../resolving/client_names.py.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Optional, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log
from kernun_common.resolving.client_names import ClientNames
from kernun_common.resolving.keeper import Keeper
from kernun_common.resolving.query import preload
from kernun_common.resolving.resolver import Resolver, resolver_of
from kernun_common.resolving.system import SystemResolver
from kernun_common.resolving.table import Table
from kernun_common.sockaddr import Address
from kernun_common.steps import Wait
from kernun_common.tcpserver.service import Helper

from .names import host_names
from .privileges import Privileges
from .section import Application

TITLE = "names"


@dataclass(frozen=True)
class Naming:
    """See the file's first lines."""

    resolver: Resolver
    keeper: Keeper
    table: Table
    clients: ClientNames

    @classmethod
    def of(cls, section: Application, log: Log, former: Optional[Naming] = None) -> Naming:
        if section.use_resolver is not None:
            preload()
        resolver = resolver_of(section.use_resolver)
        names = [name for name, _ in host_names([section])]
        table = Table(names, former.resolution() if former is not None else {})
        keeper = Keeper(table, resolver, section.cfg_resolution, log)
        return cls(resolver, keeper, table, ClientNames(resolver, log))

    def resolution(self) -> Resolution:
        return self.table.read()

    def client_names(self, client: Address, wait: Wait) -> Optional[Tuple[str, ...]]:
        return self.clients.of(client, wait)

    def helpers(self, privileges: Privileges) -> Tuple[Helper, ...]:
        """None where the configuration names no host.

        The helper gives up what children do, but for the root where it asks the system,
        which needs its files for that.
        """
        if not self.table.names:
            return ()
        asks_system = isinstance(self.resolver, SystemResolver)
        given_up = replace(privileges, keep=0)
        if asks_system:
            given_up = replace(given_up, root=None)
        return (Helper(TITLE, self.keeper.keep, given_up.give_up, self.table.is_published),)
