"""program - what distinguishes one daemon of the family from another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Callable, Tuple, Type

from kernun_common.configuration.schema import Section
from kernun_common.log.sinks import Log
from kernun_common.monitoring.seat import Seat
from kernun_common.tcpserver.service import Serve
from kernun_common.tcpserver.title import Title


@dataclass(frozen=True)
class Program:
    """Its name, its language, and how it serves.

    `prepare` gets the section of a proxy, its log, and what a session shows itself by:
    the title of its process, and a seat at the board that is monitored.  It does in the
    parent what children must not do later (TLS contexts, imports), and returns what
    serves a session.  It raises ConfigurationError or ConfigurationErrors.
    """

    name: str
    version_tag: str
    root: Tuple[Type[Section], ...]  # the sections that may stand at top level
    keyword: str  # of the section that is a proxy: its class is derived from Application
    prepare: Callable[[Any, Log, Title, Seat], Serve]
    packages: Tuple[str, ...] = ("kernun_common",)  # that hold its messages
