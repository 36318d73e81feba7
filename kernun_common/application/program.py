"""program - what distinguishes one daemon of the family from another."""

from __future__ import annotations

from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Callable, ContextManager, NamedTuple, Optional, Tuple, Type

from kernun_common.configuration.schema import Section
from kernun_common.log.sinks import Log
from kernun_common.monitoring.seat import Seat
from kernun_common.netio.shape import UNSHAPED, Shape
from kernun_common.tcpserver.service import Serve
from kernun_common.tcpserver.title import Title
from kernun_common.traffic_shaping.section import Queue

from .naming import Naming


class Means(NamedTuple):
    """What sessions get from the daemon.

    A log; the title of their process and a seat at the board that is monitored, to show
    themselves by; the names that they have to do with; what a queue is to their sockets; and
    what looks after the memory that work takes, ../tcpserver/memory.py.
    """

    log: Log
    title: Title
    seat: Seat
    naming: Naming
    shape: Callable[[Optional[Queue]], Shape] = lambda queue: UNSHAPED
    sparing: Callable[[], ContextManager[None]] = nullcontext


@dataclass(frozen=True)
class Program:
    """Its name, its language, and how it serves.

    `prepare` gets the section of a proxy and the means of its sessions.  It does in the
    parent what children must not do later (TLS contexts, imports), and returns what
    serves a session.  It raises ConfigurationError or ConfigurationErrors.
    """

    name: str
    version_tag: str
    root: Tuple[Type[Section], ...]  # the sections that may stand at top level
    keyword: str  # of the section that is a proxy: its class is derived from Application
    prepare: Callable[[Any, Means], Serve]
    packages: Tuple[str, ...] = ("kernun_common",)  # that hold its messages
