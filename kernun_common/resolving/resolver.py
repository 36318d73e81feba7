"""resolver - who is asked for names and addresses: name servers, or the system.

    resolver = resolver_of(proxy.use_resolver)
    alone(resolver.names(client, deadline), wait)       Answer, or Unavailable
    for name, result in look_up(names, resolver): ...   either; for names in a configuration

See also: stub.py, system.py, steps.py, keeper.py.
"""

from __future__ import annotations

import math
import time
from functools import partial
from typing import Iterable, Iterator, Protocol, Tuple, Union

from ..errors import Unavailable
from ..sockaddr import Address
from .query import Answer
from .section import Resolver as Section
from .steps import Steps, Together
from .stub import StubResolver
from . import system

Result = Union[Answer[Address], Unavailable]


class Resolver(Protocol):
    """Both of them; `section` holds the times."""

    @property
    def section(self) -> Section: ...

    def addresses(self, name: str, deadline: float) -> Steps[Answer[Address]]: ...

    def names(self, of: Address, deadline: float) -> Steps[Answer[str]]: ...


def resolver_of(section: Section | None) -> Resolver:
    """The resolver of a proxy: its name servers, or without `use-resolver` the system."""
    return system.SystemResolver() if section is None else StubResolver(section)


def configured(name: str, resolver: Resolver) -> Steps[Answer[Address]]:
    """The look-up of a name in the configuration, within conf-timeout from now."""
    return resolver.addresses(name, time.monotonic() + resolver.section.conf_timeout)


def look_up(names: Iterable[str], resolver: Resolver) -> Iterator[Tuple[str, Result]]:
    """The results for names in the configuration, in the order in which they come."""
    together: Together[str, Answer[Address]] = Together()
    for name in names:
        together.start(name, partial(configured, name, resolver))
    while together:
        yield from together.wait(math.inf)


# --- transition: the former one, until nobody uses it any more ---

import os
import select
import signal
import socket
import time
from typing import Callable, NoReturn, Sequence, Tuple

from ..errors import Unavailable
from ..sockaddr import Address, address
from .cache import Cache

TTL = 60.0  # seconds; the system's answers bear no time to live of their own
CACHE_SIZE = 1000  # names; more than a configuration holds
ANSWER_SIZE = 65536  # octets; a pipe takes that much at once, some thousand addresses

Lookup = Callable[[str], Sequence[str]]
Wait = Callable[[int, int, float], bool]


def getaddrinfo(name: str) -> Sequence[str]:
    """The addresses of a name as the system gives them, each once; socket.gaierror."""
    found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class SystemResolver:
    """Names to addresses; what the parent knows its children inherit."""

    def __init__(self, lookup: Lookup = getaddrinfo) -> None:
        self._lookup = lookup
        self._cache: Cache[Tuple[Address, ...]] = Cache(CACHE_SIZE)

    def addresses(self, name: str, deadline: float, wait: Wait) -> Sequence[Address]:
        """Never empty; Unavailable where there is none before `deadline` (monotonic)."""
        now = time.monotonic()
        known = self._cache.get(name, now)
        if known is None:
            known = self._ask(name, deadline, wait)
            self._cache.put(name, known, now + TTL)
        return known

    def _ask(self, name: str, deadline: float, wait: Wait) -> Tuple[Address, ...]:
        verdict, _, rest = _in_helper(self._lookup, name, deadline, wait).partition("\n")
        if verdict != "ok":
            raise Unavailable(f"{name}: {rest}")
        return tuple(address(line) for line in rest.split("\n"))


def _in_helper(lookup: Lookup, name: str, deadline: float, wait: Wait) -> str:
    """What a helper process says: `ok` or `failed`, and lines."""
    read_end, write_end = os.pipe()
    helper = os.fork()
    if not helper:
        _help(lookup, name, write_end)
    os.close(write_end)
    try:
        if not wait(read_end, select.POLLIN, deadline):
            return "failed\nno answer in time"
        return os.read(read_end, ANSWER_SIZE).decode() or "failed\nthe look-up broke off"
    finally:
        os.close(read_end)
        os.kill(helper, signal.SIGKILL)
        os.waitpid(helper, 0)


def _help(lookup: Lookup, name: str, write_end: int) -> NoReturn:
    """In the helper, which never returns: not even by an exception."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.write(write_end, _answer(lookup, name).encode()[:ANSWER_SIZE])
    finally:
        os._exit(0)


def _answer(lookup: Lookup, name: str) -> str:
    try:
        return "ok\n" + "\n".join(lookup(name))
    except (OSError, UnicodeError) as failure:
        return f"failed\n{failure}"
