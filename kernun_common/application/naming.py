"""naming - the names that a proxy has to do with: those in its configuration, and its clients'.

    naming = Naming.of(section, log)                before any child is forked
    naming = Naming.of(section, log, former)        at a reload: what was known is known
    naming.resolution()                             for a session: what the former stand for now
    naming.client_names(address, wait)              what a client is called
    naming.keep(stop_fd)                            in a helper process: until it becomes readable
    naming.ready                                    every name has been asked for

See also: resolving(7), names.py, ../resolving/keeper.py, ../resolving/client_names.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Optional, Tuple

from kernun_common.acl.facts import Resolution
from kernun_common.log.sinks import Log
from kernun_common.resolving.client_names import ClientNames
from kernun_common.resolving.keeper import Keeper
from kernun_common.resolving.query import preload
from kernun_common.resolving.resolver import resolver_of
from kernun_common.resolving.steps import Wait
from kernun_common.resolving.table import Table
from kernun_common.sockaddr import Address

from .names import host_names
from .section import Application


@dataclass(frozen=True)
class Naming:
    """See the file's first lines."""

    keeper: Keeper
    table: Table
    clients: ClientNames

    @classmethod
    def of(cls, section: Application, log: Log, former: Optional[Naming] = None) -> Naming:
        preload()
        resolver = resolver_of(section.use_resolver)
        names = [name for name, _ in host_names([section])]
        table = Table(names, former.resolution() if former is not None else {})
        keeper = Keeper(table, resolver, section.cfg_resolution, log)
        return cls(keeper, table, ClientNames(resolver, log))

    @property
    def ready(self) -> bool:
        return self.table.published or not self.table.names

    def resolution(self) -> Resolution:
        return self.table.read()

    def client_names(self, client: Address, wait: Wait) -> Optional[Tuple[str, ...]]:
        return self.clients.of(client, wait)

    def keep(self, stop_fd: int) -> None:
        self.keeper.keep(stop_fd)
