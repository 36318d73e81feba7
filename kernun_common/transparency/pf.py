"""pf - a proxy's part of FreeBSD's packet filter, by pfctl(8).

    filter = Pf("imap4-proxy", "MAIL")          a Filter, redirect.py

Rules are in the anchor PROGRAM/NAME, which the main rules must refer to by `rdr-anchor
"PROGRAM/*"`; where they do not, or pf is not enabled, rules would have no effect, so that is an
error.  The original destination comes from pf's table of states.

No FreeBSD was at hand: what is told to pfctl(8), and how its answers are read, has been checked
against its manual and source, and by tests with answers that are made up.
See also: ruleset.py, state_table.py, pf.conf(5).
"""

from __future__ import annotations

import socket
from typing import Optional, Sequence

from kernun_common.commands import find, run
from kernun_common.errors import Unavailable
from kernun_common.netio.devices import Devices
from kernun_common.sockaddr import Address, Sockaddr

from .ruleset import Redirection, pf, pf_anchor
from .state_table import StateTable

ENABLED = "Status: Enabled"


class Pf:
    """See the file's first lines."""

    def __init__(self, program: str, name: str, states: Optional[StateTable] = None) -> None:
        self.table = pf_anchor(program, name)
        self.mark: Optional[int] = None
        self._states = states or StateTable()
        self._callers = {f'rdr-anchor "{it}"' for it in (f"{program}/*", self.table)}
        self._line = f'rdr-anchor "{program}/*"'

    @property
    def fds(self) -> Sequence[int]:
        return self._states.fds

    def check(self, client_sources: bool) -> None:
        find("pfctl")
        if client_sources:
            raise Unavailable("source-address client is not possible with pf")
        if ENABLED not in run(["pfctl", "-q", "-s", "info"]):
            raise Unavailable("pf is not enabled")
        lines = run(["pfctl", "-q", "-s", "nat"]).splitlines()
        if not any(line.startswith(caller) for line in lines for caller in self._callers):
            raise Unavailable(f"the rules of pf, pf.conf(5), have no line {self._line}")

    def load(self, redirections: Sequence[Redirection], client_sources: bool) -> None:
        text = pf(redirections, _reachable(redirections))
        had = bool(self.fds)
        if redirections:
            self._states.open()
        try:
            run(["pfctl", "-q", "-a", self.table, "-f", "-"], text)
        except Unavailable:
            if not had:
                self._states.close()
            raise

    def present(self) -> bool:
        """Is there anything of ours?"""
        return bool(run(["pfctl", "-q", "-a", self.table, "-s", "nat"]).strip())

    def clear(self) -> bool:
        """Was there anything?"""
        try:
            present = self.present()
        except Unavailable:
            present = False  # an anchor that nobody has filled cannot be shown
        run(["pfctl", "-q", "-a", self.table, "-F", "nat"])
        self._states.close()
        return present

    def original_dst(self, sock: socket.socket) -> Sockaddr:
        return self._states.original_dst(sock)


def _reachable(redirections: Sequence[Redirection]) -> Optional[Address]:
    """Where clients by IPv6 are redirected to: FreeBSD lets none in by a device for [::1]."""
    if all(one.version == 4 for one in redirections):
        return None
    return Devices().reachable(6)
