"""resolver - asks the system's resolver, within a time.

    resolver = SystemResolver()
    resolver.addresses("imap.example.org", deadline, wait)   ->  addresses, in the order to try

getaddrinfo(3) cannot be given up half way, so a helper process calls it and
writes what it learnt into a pipe: one fork per name and TTL.  A helper that is
late is killed.  The system tells no time to live; its answers are kept for TTL
seconds, and a look-up that fails is not remembered.

`wait(fd, mask, deadline)` says whether the descriptor became ready in time; it
is ../netio/waiting.py's.  No answer in time, no such name, no address:
Unavailable, saying which.
See also: resolving(7), cache.py, ../netio/connect.py.
"""

from __future__ import annotations

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
