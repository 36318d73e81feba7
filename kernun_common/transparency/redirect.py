"""redirect - the rules of one proxy in the system's packet filter: there, changed, gone.

    rules = Rules("imap4-proxy", "MAIL")
    rules.complaint(client_sources)             what install would say; None as far as one can see
    rules.install(redirections, client_sources, log)    Unavailable: nothing has changed
    rules.original_dst(sock)        where a client that was accepted wanted to go
    rules.fds                       what a daemon must not close for that
    rules.withdraw()                redirect nobody any more; what open sessions need stays
    rules.remove()                  at the very end
    rules.keep(fd); delegate()      in a helper; in the process that has one

`install` replaces, in one transaction, whatever rules of this proxy are there, also those that a
parent left that was killed.  A table of the proxy's name that nobody of ours has made is left
alone, and nothing is installed.  Connections that have been redirected go on without rules.
Without redirections it removes what there is.  Where that fails and this process has installed
it, it is Unavailable, too: clients would be redirected to where nobody listens any more.

Once packets of servers are led back to the proxy (`client_sources`), they are until the end:
sessions of an earlier configuration may need it.

Linux: nft(8) and ip(8).  FreeBSD: pfctl(8).
See also: ruleset.py, routing.py, pf.py, transparency(7).
"""

from __future__ import annotations

import select
import socket
import sys
from contextlib import suppress
from typing import List, Optional, Protocol, Sequence

from kernun_common.commands import find, run
from kernun_common.errors import Unavailable
from kernun_common.log.sinks import Log
from kernun_common.sockaddr import Sockaddr

from . import messages
from .original_dst import original_dst
from .pf import Pf
from .routing import install_commands, mark_of, remove_commands
from .ruleset import COMMENT, FAMILIES, Redirection, nft, nft_table


class Filter(Protocol):
    """The packet filter of a system.

    `table` is the name of the proxy's own part of it, `mark` that of packets from servers.
    """

    table: str
    mark: Optional[int]

    def check(self, client_sources: bool) -> None: ...

    def load(self, redirections: Sequence[Redirection], client_sources: bool) -> None: ...

    def present(self) -> bool: ...

    def clear(self) -> bool: ...

    def original_dst(self, sock: socket.socket) -> Sockaddr: ...

    @property
    def fds(self) -> Sequence[int]: ...


class Nftables:
    """Linux."""

    def __init__(self, program: str, name: str) -> None:
        self.table = nft_table(program, name)
        self.mark: Optional[int] = None
        self.fds: Sequence[int] = ()
        self._number = mark_of(self.table)

    def check(self, client_sources: bool) -> None:
        find("nft")
        if client_sources:
            find("ip")

    def load(self, redirections: Sequence[Redirection], client_sources: bool) -> None:
        present, routed = self._present(), self.mark is not None
        try:
            if client_sources and not routed:
                self._route()
            run(["nft", "-f", "-"], nft(self.table, redirections, self.mark, present))
        except Unavailable:
            if not routed:
                self._unroute()
            raise

    def present(self) -> bool:
        """Is there anything of ours?"""
        return bool(self._present())

    def clear(self) -> bool:
        """Was there anything?"""
        present = self._present()
        if present:
            run(["nft", "-f", "-"], nft(self.table, (), None, present))
        self._unroute()
        return bool(present)

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        return original_dst(sock)

    def _present(self) -> List[int]:
        """The versions of our tables; Unavailable where one is not ours."""
        listed = run(["nft", "list", "tables"]).splitlines()
        tables = {version: f"{family} {self.table}" for version, family in FAMILIES.items()}
        found = [version for version in tables if f"table {tables[version]}" in listed]
        for version in found:
            if COMMENT not in run(["nft", "list", "table", *tables[version].split(" ")]):
                text = "is there already, and no proxy has made it"
                raise Unavailable(f"the table {tables[version]} {text}")
        return found

    def _route(self) -> None:
        self._unroute()
        self.mark = self._number
        for version in FAMILIES:
            run(["ip", f"-{version}", "-batch", "-"], install_commands(self.mark))

    def _unroute(self) -> None:
        """Also what a killed parent has left; without ip(8) nobody has made any."""
        self.mark = None
        try:
            find("ip")
        except Unavailable:
            return
        for version in FAMILIES:
            command = ["ip", f"-{version}", "-force", "-batch", "-"]
            run(command, remove_commands(self._number), must_succeed=False)


def filter_of(program: str, name: str, platform: str) -> Filter:
    return Nftables(program, name) if platform == "linux" else Pf(program, name)


class Rules:
    """See the file's first lines."""

    def __init__(self, program: str, name: str, platform: str = sys.platform) -> None:
        self._filter = filter_of(program, name, platform)
        self._log: Optional[Log] = None  # from the first rule to the last
        self._client_sources = False
        self._delegated = False

    def complaint(self, client_sources: bool) -> Optional[str]:
        try:
            self._filter.check(client_sources)
        except Unavailable as failure:
            return failure.what
        return None

    def install(
        self, redirections: Sequence[Redirection], client_sources: bool, log: Log
    ) -> None:
        wanted = client_sources or self._client_sources
        if not redirections and not wanted:
            self._clear_unwanted(log)
            return
        self._filter.check(wanted)
        self._filter.load(redirections, wanted)
        self._client_sources, self._log = wanted, log
        self._tell_installed(log, len(redirections))

    def _tell_installed(self, log: Log, redirections: int) -> None:
        mark = self._filter.mark
        log.write(
            messages.INSTALLED,
            table=self._filter.table,
            redirections=redirections,
            mark=f"{mark:#x}" if mark is not None else None,
        )

    def _clear_unwanted(self, log: Log) -> None:
        """Nobody wants rules: those of before go."""
        if self._log is None:
            self._clear_left(log)
            return
        try:
            found = self._filter.clear()
        except Unavailable as failure:
            text = f"those that are there cannot be removed: {failure.what}"
            raise Unavailable(text) from failure
        self._log = None
        if found:
            log.write(messages.REMOVED, table=self._filter.table)

    def _clear_left(self, log: Log) -> None:
        """By a parent that was killed.  Who may not look for it has left nothing."""
        with suppress(Unavailable):
            if self._filter.present():
                self._remove(log)
            else:
                self._filter.clear()

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        """The socket's own address where nobody was redirected; OSError where it has gone."""
        return self._filter.original_dst(sock)

    @property
    def fds(self) -> Sequence[int]:
        return self._filter.fds

    def withdraw(self) -> None:
        if self._log is None or self._delegated:
            return
        if not self._client_sources:
            self.remove()
            return
        try:
            self._filter.load((), True)
        except Unavailable as failure:
            self._tell_not_removed(self._log, failure)
        else:
            self._tell_installed(self._log, 0)

    def remove(self) -> None:
        if self._log is not None and not self._delegated:
            self._remove(self._log)

    def _remove(self, log: Log) -> None:
        self._log = None
        try:
            self._filter.clear()
        except Unavailable as failure:
            self._tell_not_removed(log, failure)
        else:
            log.write(messages.REMOVED, table=self._filter.table)

    def _tell_not_removed(self, log: Log, failure: Unavailable) -> None:
        log.write(messages.NOT_REMOVED, table=self._filter.table, reason=failure.what)

    def delegate(self) -> None:
        """Another process, which has called `keep`, removes them; this one will not be allowed."""
        self._delegated = True

    def keep(self, fd: int) -> None:
        """Until the descriptor is readable, and then remove them."""
        poll = select.poll()
        poll.register(fd, select.POLLIN)
        poll.poll()
        if self._log is not None:
            self._remove(self._log)
