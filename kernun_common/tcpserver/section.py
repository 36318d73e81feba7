"""section - what the administrator may write about listening and about children.

    listen-on { }       listen-on(5): where to listen
    tcpserver { }       tcpserver(5): how many processes serve

See also: listen_rows.py, listen_on.py, sizing.py, parent.py.
"""

from __future__ import annotations

from itertools import chain
from typing import Iterable, Iterator, List, Optional, Tuple

from kernun_common.configuration.schema import Section, item, items, section
from kernun_common.errors import Where

from .listen_rows import (
    Claim,
    NonTransparent,
    Row,
    Transparent,
    non_transparent_complaint,
    overlap,
    transparent_complaint,
)


def positive(number: float) -> Optional[str]:
    """The check of an item that must not be zero."""
    return None if number > 0 else "must not be zero"


Wanted = Tuple[Where, Row]  # a row of listen-on, or what another item wants likewise


def listened_twice(
    sections: Iterable[ListenOn], others: Iterable[Wanted] = ()
) -> Iterator[Tuple[Where, str]]:
    """The rows of all these sections, and others, that want a socket which an earlier one has."""
    wanted = ((where, row.claims) for where, row in chain(*map(_rows, sections), others))
    return _wanted_twice(wanted, "a socket of this row is listened on already")


def caught_twice(sections: Iterable[ListenOn]) -> Iterator[Tuple[Where, str]]:
    """The rows of all these sections that redirect clients whom an earlier one has got."""
    wanted = (
        (where, row.catches)
        for where, row in chain(*map(_rows, sections))
        if isinstance(row, Transparent)
    )
    return _wanted_twice(wanted, "clients that this row catches are redirected already")


def _wanted_twice(
    wanted: Iterable[Tuple[Where, List[Claim]]], text: str
) -> Iterator[Tuple[Where, str]]:
    earlier: List[Tuple[Where, Claim]] = []
    for where, claims in wanted:
        for there, other in earlier:
            if any(overlap(claim, other) for claim in claims):
                yield where, f"{text}, see {there}"
                break
        earlier += ((where, claim) for claim in claims)


def _rows(listen_on: ListenOn) -> Iterator[Wanted]:
    for index, row in enumerate(listen_on.non_transparent):
        yield listen_on.place("non_transparent", index), row
    for index, other in enumerate(listen_on.transparent):
        yield listen_on.place("transparent", index), other


@section("listen-on", "Where the proxy listens.")
class ListenOn(Section):
    """The sockets of one proxy; there is a row, for no section of a file is empty."""

    non_transparent: Tuple[NonTransparent, ...] = items(
        "[address] <host> host [version ip4|ip6] port port [to port] [proxy-protocol host-set]"
        " | iface ref:interface [alias str-set] [version ip4|ip6] port port [to port]",
        into=NonTransparent,
        check=non_transparent_complaint,
        text="Listen on this port, or on every port of this range, for clients that connect to the"
        " proxy itself; [0.0.0.0] and [::] are all addresses of the machine, and a name stands for"
        " all its addresses or for those of one version. With `iface`, listen on the addresses"
        " that the device has at the start, but for link-local ones, or on those of the aliases"
        " whose names belong to the set. Connections from the hosts behind `proxy-protocol` must"
        " begin with a PROXY header, within ten seconds; what it says of the client and of the"
        " client's destination counts for all that follows. From any other host such a header is"
        " not read as one.",
    )
    transparent: Tuple[Transparent, ...] = items(
        "[address] <host> host port port [to port] [redirect port-list]"
        " | iface ref:interface [alias str-set] [version ip4|ip6] port port [to port]"
        " [redirect port-list]",
        into=Transparent,
        check=transparent_complaint,
        text="Redirect clients that come in by a device and address a port behind `redirect` of"
        " any machine but this one; the proxy listens for them on this port, or on every port of"
        " this range, transparency(7). An address means the device that carries it, and its"
        " version; [0.0.0.0] and [::] mean all devices. With `iface`, it is that device, for both"
        " versions, for one of them, or for those that the aliases have. Of a range, the n-th"
        " port is for the n-th one behind `redirect`; a single port is for all of them. Without"
        " `redirect` it is 143.",
    )

    def complaints(self) -> Iterable[Tuple[Where, str]]:
        yield from listened_twice([self])
        yield from caught_twice([self])


@section("tcpserver", "The processes that serve clients.")
class TcpServer(Section):
    """Limits and paces of the parent; tcpserver(7) explains how they work together."""

    queue_size: int = item(
        "uint16",
        default="2000",
        check=positive,
        text="So many connections may wait in the system until a child accepts them.",
    )
    init_children: int = item(
        "uint16", default="5", check=positive, text="Children started at the beginning."
    )
    max_children: int = item(
        "uint16", default="500", check=positive, text="The most children, so the most sessions."
    )
    min_idle: int = item(
        "uint16",
        default="5",
        check=positive,
        text="While fewer children than this are idle, more are started.",
    )
    max_idle: int = item(
        "uint16",
        default="20",
        check=positive,
        text="While more children than this are idle, some are stopped.",
    )
    parent_cycle: int = item(
        "uint16",
        default="200",
        check=positive,
        text="Milliseconds between two looks of the parent at its children.",
    )
    info_cycle: int = item(
        "uint16",
        default="300",
        text="Seconds between two reports TCPS-717 on the children; 0 means none.",
    )
    min_start_rate: int = item(
        "uint16",
        default="1",
        check=positive,
        text="Children started in the first cycle in which idle ones lack; the number doubles"
        " from cycle to cycle as long as they do.",
    )
    max_start_rate: int = item(
        "uint16", default="32", check=positive, text="The most children started in one cycle."
    )
    kill_rate: int = item(
        "uint16",
        default="4",
        check=positive,
        text="The most idle children stopped in one cycle.",
    )
    fork_wait: int = item(
        "uint16",
        default="1000",
        text="Milliseconds to wait after a child could not be started.",
    )
    fork_retries: int = item(
        "uint16",
        default="3",
        text="So many times the start of a child is tried again; if it fails then, and there is"
        " no child at all, the program ends.",
    )
    listener: bool = item(
        "yes-no",
        default="no",
        text="One process accepts for all children; needed by the four items that follow.",
    )
    max_children_per_ip: int = item(
        "uint16",
        default="0",
        text="The most sessions of one address at a time; 0 means any number.",
    )
    conn_rate: int = item(
        "uint16",
        default="0",
        text="The most connections that are accepted in a second; further ones wait.  0 means any"
        " number.",
    )
    conn_rate_per_ip: int = item(
        "uint16",
        default="0",
        text="The most connections of one address in a second; if there are more, this address is"
        " denied for the rest of that second and the next.  0 means any number.",
    )
    conn_rate_table: int = item(
        "uint32",
        default="4096",
        check=positive,
        text="Of so many addresses the connections of a second are counted, those seen last.",
    )
    max_sessions: int = item(
        "uint32",
        default="1000",
        check=positive,
        text="A child leaves after so many sessions, and another takes its place.",
    )
    child_memory: int = item(
        "size",
        default="256M",
        text="So much memory a child may take beyond what it is started with. A mail that needs"
        " more is refused, and the child goes on; what needs more elsewhere ends the session, and"
        " the child is replaced.  0 means any amount.",
    )
    terminate_wait: float = item(
        "seconds",
        default="10",
        check=positive,
        text="The longest time that an immediate end may take; children that have not ended by"
        " then are killed.",
    )

    def complaints(self) -> Iterable[Tuple[str, str]]:
        if self.init_children > self.max_children:
            yield "init_children", "init-children must not be greater than max-children"
        if self.min_idle >= self.max_idle:
            yield "min_idle", "min-idle must be less than max-idle"
        if self.max_idle > self.max_children:
            yield "max_idle", "max-idle must not be greater than max-children"
        if self.min_start_rate > self.max_start_rate:
            yield "min_start_rate", "min-start-rate must not be greater than max-start-rate"
        yield from self._complaints_about_listener()

    def _complaints_about_listener(self) -> Iterator[Tuple[str, str]]:
        limits = ("max_children_per_ip", "conn_rate", "conn_rate_per_ip")
        if not self.listener:
            usual = TcpServer()  # what show-proxy prints of it is no complaint
            for limit in (*limits, "conn_rate_table"):
                if getattr(self, limit) != getattr(usual, limit):
                    yield limit, "needs listener yes"
        if self.max_children_per_ip > self.max_children:
            yield limits[0], "max-children-per-ip must not be greater than max-children"
        if 0 < self.conn_rate < self.conn_rate_per_ip:
            yield limits[2], "conn-rate-per-ip must not be greater than conn-rate"
