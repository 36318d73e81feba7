"""obliging - a mail server that says OK to everything and remembers what it was told.

    server = Obliging()
    server.greeting                             b"* OK [CAPABILITY ...] ready\\r\\n"
    server.feed(b"p1 NOOP\\r\\n")                 b"p1 OK done\\r\\n"
    server.commands                             [b"NOOP"]

Without sockets; `script` and `deaf` let a FakeServer play it.  It knows literals, the
exchanges of AUTHENTICATE and IDLE, and what stands in `answers` beside: the
untagged lines before the tagged one, by command.
"""

from __future__ import annotations

import re
import select
from typing import Generator, Mapping

from .peers import Peer

CAPABILITIES = b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE NAMESPACE UIDPLUS AUTH=PLAIN"
Waiting = Generator[None, None, bytes]  # for octets, in the end the result

_LITERAL = re.compile(rb"\{([0-9]+)(\+?)\}\r\n\Z")
_SELECTED = b"* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [UIDVALIDITY 1] .\r\n"


class Obliging:
    """One connection; `commands` stand without tag and last CRLF, literals included."""

    def __init__(
        self, capabilities: bytes = CAPABILITIES, answers: Mapping[bytes, bytes] = {}
    ) -> None:
        self.greeting = b"* OK [CAPABILITY " + capabilities + b"] ready\r\n"
        self.commands: list[bytes] = []
        self.over = False
        self._answers = {
            b"CAPABILITY": b"* CAPABILITY " + capabilities + b"\r\n",
            b"SELECT": _SELECTED,
            b"LOGOUT": b"* BYE see you\r\n",
            **answers,
        }
        self._buffer = b""
        self._answer = b""
        self._play = self._session()
        next(self._play)

    def feed(self, octets: bytes) -> bytes:
        """What it answers to these octets of the client."""
        self._buffer += octets
        self._answer = b""
        next(self._play, None)
        return self._answer

    def _session(self) -> Generator[None, None, None]:
        """Stops where more octets are needed."""
        while not self.over:
            command = yield from self._command()
            tag, _, rest = command.partition(b" ")
            name = re.split(rb"[ \r]", rest, maxsplit=1)[0].upper()
            self.commands.append(rest.removesuffix(b"\r\n"))
            if name == b"IDLE" or (name == b"AUTHENTICATE" and rest.count(b" ") == 1):
                self._answer += b"+ \r\n"
                yield from self._line()
            self._answer += self._answers.get(name, b"") + tag + b" OK " + name + b" done\r\n"
            self.over = name == b"LOGOUT"

    def _command(self) -> Waiting:
        command = yield from self._line()
        while literal := _LITERAL.search(command):
            if not literal[2]:
                self._answer += b"+ go on\r\n"
            command += yield from self._octets(int(literal[1]))
            command += yield from self._line()
        return command

    def _line(self) -> Waiting:
        while (end := self._buffer.find(b"\r\n")) < 0:
            yield
        return self._take(end + 2)

    def _octets(self, count: int) -> Waiting:
        while len(self._buffer) < count:
            yield
        return self._take(count)

    def _take(self, count: int) -> bytes:
        taken, self._buffer = self._buffer[:count], self._buffer[count:]
        return taken


def script(server: Obliging, peer: Peer) -> None:
    """Let it talk to the peer of a FakeServer, to the end of the connection."""
    peer.send(server.greeting)
    while not server.over:
        peer.send(server.feed(peer.some()))


def deaf(server: Obliging, peer: Peer, commands: int) -> None:
    """As `script`, but behind so many commands nothing is read until the other side is gone."""
    peer.send(server.greeting)
    while len(server.commands) < commands:
        peer.send(server.feed(peer.some()))
    closed = select.poll()
    closed.register(peer.socket, select.POLLRDHUP)
    closed.poll()
