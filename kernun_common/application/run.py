"""run - the order of a daemon's life.

    sys.exit(run(program))

Exit status: 0 ended as it was told to; 1 the configuration is bad, or asks for what
cannot be had; 2 the command line is wrong; 3 children cannot be started.
"""

from __future__ import annotations

import os
import sys
from contextlib import contextmanager
from typing import Dict, Iterator, List, Optional

from kernun_common.configuration.result import ConfigurationErrors
from kernun_common.log.opening import open_log
from kernun_common.log.section import LogDebug, LogStats
from kernun_common.log.sinks import to_standard_error
from kernun_common.tcpserver.service import Service
from kernun_common.tcpserver.signals import hold
from kernun_common.tcpserver.title import Title

from . import cli, messages
from .daemon import detach, secure
from .notify import SOCKET, Notify
from .program import Program
from .proxy import Proxy, Start
from .reading import read_proxies
from .top import Top

BAD_CONFIGURATION = 1


def run(program: Program, argv: Optional[List[str]] = None) -> int:
    """From the command line to the exit status; SystemExit after -h, -v and wrong usage."""
    options = cli.parse(program.name, program.version_tag, argv)
    secure()
    try:
        start, proxies = _read(program, options)
        hold()
        services = _open(proxies)
    except ConfigurationErrors as errors:
        print(*errors, sep="\n", file=sys.stderr)
        return BAD_CONFIGURATION
    with _abandoned(proxies):
        if not start.foreground:
            detach(fd for service in services.values() for fd in service.fds)
    return _live(start, services)


def _open(proxies: List[Proxy]) -> Dict[Proxy, Service]:
    """All of them; ConfigurationErrors where one cannot be had, and then none is left."""
    with _abandoned(proxies):
        return {proxy: proxy.open() for proxy in proxies}


@contextmanager
def _abandoned(proxies: List[Proxy]) -> Iterator[None]:
    """What they have in the system goes where they will not live."""
    try:
        yield
    except Exception:
        for proxy in proxies:
            proxy.abandon()
        raise


def _read(program: Program, options: cli.Options) -> tuple[Start, List[Proxy]]:
    """What the configuration asks for; nothing of it is there yet."""
    log = to_standard_error(program.name, options.level)
    log.write(messages.READING_CONFIGURATION, file=options.file)
    sections, warnings = read_proxies(program, options.file)
    log.write(messages.CONFIGURATION_READ, file=options.file, proxies=len(sections))
    for warning in warnings:
        log.write(messages.CONFIGURATION_WARNING, at=warning.where, text=warning.text)
    start = Start(
        program,
        options.file,
        foreground=SOCKET in os.environ or any(section.nodaemon for section in sections),
        names=frozenset(section.name for section in sections),
    )
    return start, [Proxy(section, start) for section in sections]


def _live(start: Start, services: Dict[Proxy, Service]) -> int:
    """One proxy is this process; several have a process each, below this one."""
    notify = Notify(os.environ)
    if len(services) == 1:
        [(proxy, service)] = services.items()
        return proxy.live(service, notify)
    log = open_log(start.program.name, LogDebug(), LogStats(), start.foreground)
    return Top(services, notify, Title(start.program.name, ""), log).run()
