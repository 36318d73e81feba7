"""system - asks the system's resolver: hosts(5), DNS, and whatever else it is set up for.

    resolver = SystemResolver()
    answer = yield from resolver.addresses("imap.example.org", deadline)
    answer = yield from resolver.names(client, deadline)

The same as stub.py.  getaddrinfo(3) and its like cannot be given up half way, so
a process of its own calls them and writes what it learnt into a pipe; one that
is late is killed.  The system tells no time to live; its answers count as good
for TTL seconds.

See also: resolving(7), steps.py.
"""

from __future__ import annotations

import os
import select
import signal
import socket
from typing import Callable, List, NoReturn, Sequence

from ..errors import Unavailable
from ..sockaddr import Address, address
from ..steps import Steps, Want
from .query import Answer
from .section import Resolver

TTL = 60  # seconds
ANSWER_SIZE = 65536  # octets; a pipe takes that much at once, some thousand addresses

_NO_SUCH_NAME = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
_OK = "ok"

Lookup = Callable[[str], Sequence[str]]


def getaddrinfo(name: str) -> Sequence[str]:
    """The addresses of a name as the system gives them, each once; socket.gaierror."""
    try:
        found = socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)
    except socket.gaierror as failure:
        if failure.errno in _NO_SUCH_NAME:
            return ()
        raise
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def gethostbyaddr(text: str) -> Sequence[str]:
    """The names of an address that lead back to it; socket.gaierror."""
    try:
        name, aliases, _ = socket.gethostbyaddr(text)
    except socket.herror:
        return ()
    names = dict.fromkeys(each.rstrip(".").lower() for each in (name, *aliases))
    return [each for each in names if address(text) in map(address, getaddrinfo(each))]


class SystemResolver:
    """See the file's first lines; its times are the defaults of a section `resolver`."""

    def __init__(
        self, forward: Lookup = getaddrinfo, reverse: Lookup = gethostbyaddr
    ) -> None:
        self.section = Resolver(server=())
        self._forward = forward
        self._reverse = reverse

    def addresses(self, name: str, deadline: float) -> Steps[Answer[Address]]:
        """All that the name stands for, in the system's order."""
        lines = yield from _in_helper(self._forward, name, deadline)
        return Answer(tuple(map(address, lines)), TTL)

    def names(self, of: Address, deadline: float) -> Steps[Answer[str]]:
        """The names of an address that lead back to it."""
        lines = yield from _in_helper(self._reverse, str(of), deadline)
        return Answer(tuple(lines), TTL)


def _in_helper(lookup: Lookup, subject: str, deadline: float) -> Steps[List[str]]:
    """What a helper process learns, line by line."""
    read_end, write_end = os.pipe()
    helper = os.fork()
    if not helper:
        _help(lookup, subject, write_end)
    os.close(write_end)
    try:
        if not (yield Want(read_end, select.POLLIN, deadline)):
            raise Unavailable("no answer in time")
        said = os.read(read_end, ANSWER_SIZE).decode()
    finally:
        os.close(read_end)
        os.kill(helper, signal.SIGKILL)
        os.waitpid(helper, 0)
    verdict, *lines = said.splitlines() or ["the look-up broke off"]
    if verdict != _OK:
        raise Unavailable(verdict)
    return lines


def _help(lookup: Lookup, subject: str, write_end: int) -> NoReturn:
    """In the helper, which never returns: not even by an exception."""
    try:
        signal.set_wakeup_fd(-1)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.write(write_end, _said(lookup, subject).encode()[:ANSWER_SIZE])
    finally:
        os._exit(0)


def _said(lookup: Lookup, subject: str) -> str:
    try:
        return "\n".join((_OK, *lookup(subject)))
    except (OSError, UnicodeError) as failure:
        return str(failure).replace("\n", " ")
