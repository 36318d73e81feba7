"""rates - how fast octets arrive: peers that measure, whatever they speak.

    timed(peer, count).megabits             a second: so many octets are taken
    ... .paced                              the same, without what the kernel may send at once
    together(arrivals)                      megabits a second of several at the same time

    FakeServer(mailbox(size, arrivals))     an IMAP server: a mail of that size, and what it is sent
    FakeServer(clamd(arrivals))             one that reads a stream and finds nothing
    FakeServer(spamd(arrivals))             one that reads a mail and gives it no score

Who measures may have been late on a busy machine, when some octets had come already: a bound
holds from the moment on when they were asked for, `arrival._replace(begin=asked)`.
"""

from __future__ import annotations

import re
import struct
import time
from typing import Callable, NamedTuple

from .peers import Peer

MEGABIT = 1_000_000
AT_ONCE = 1 << 16  # octets that Linux does not pace where the round trip is short, tcp_tso_autosize


class Arrival(NamedTuple):
    """So many octets within this time."""

    octets: int
    begin: float
    end: float

    @property
    def megabits(self) -> float:
        """A second."""
        return self.octets * 8 / (self.end - self.begin) / MEGABIT

    @property
    def paced(self) -> float:
        """Megabits a second of what a socket that is paced was held back for."""
        return self._replace(octets=self.octets - AT_ONCE).megabits


def together(arrivals: list[Arrival]) -> float:
    """Megabits a second of all of them, from the first octet of the first to the last's last."""
    begin, end = min(one.begin for one in arrivals), max(one.end for one in arrivals)
    return sum(one.octets for one in arrivals) * 8 / (end - begin) / MEGABIT


def timed(peer: Peer, count: int) -> Arrival:
    """Take so many octets."""
    begin = time.monotonic()
    peer.take(count)
    return Arrival(count, begin, time.monotonic())


_SIZE = re.compile(rb"\{(\d+)(\+?)\}\r\n\Z")


def mailbox(size: int, arrivals: list[Arrival]) -> Callable[[Peer], None]:
    """The script of a server; it measures what APPEND brings."""
    def script(peer: Peer) -> None:
        peer.send(b"* OK [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n")
        while True:
            line = peer.line()
            tag, name = line.split()[:2]
            if name == b"APPEND":
                arrivals.append(_append(peer, line))
            elif name == b"FETCH":
                mail = b"x" * (size - 2) + b"\r\n"
                peer.send(b"* 1 FETCH (BODY[] {%d}\r\n" % size + mail + b")\r\n")
            elif name == b"SELECT":
                peer.send(b"* 1 EXISTS\r\n* 0 RECENT\r\n* FLAGS ()\r\n* OK [UIDVALIDITY 1] .\r\n")
            peer.send(tag + b" OK " + name + b" completed\r\n")

    return script


def _append(peer: Peer, line: bytes) -> Arrival:
    found = _SIZE.search(line)
    assert found is not None
    if not found[2]:
        peer.send(b"+ go on\r\n")
    arrival = timed(peer, int(found[1]))
    peer.line()
    return arrival


def clamd(arrivals: list[Arrival]) -> Callable[[Peer], None]:
    """clamd(8), INSTREAM."""

    def script(peer: Peer) -> None:
        if b"INSTREAM" not in peer.until(b"\0"):
            peer.send(b"ClamAV 1.0\0")
            return
        octets, begin = 0, time.monotonic()
        while (count := struct.unpack("!L", peer.take(4))[0]) != 0:
            peer.take(count)
            octets += count
        arrivals.append(Arrival(octets, begin, time.monotonic()))
        peer.send(b"stream: OK\0")

    return script


def spamd(arrivals: list[Arrival]) -> Callable[[Peer], None]:
    """spamd(8), CHECK."""

    def script(peer: Peer) -> None:
        head = peer.until(b"\r\n\r\n").lower()
        found = re.search(rb"content-length: *(\d+)", head)
        assert found is not None
        arrivals.append(timed(peer, int(found[1])))
        peer.send(b"SPAMD/1.1 0 EX_OK\r\nSpam: False ; 0.0 / 5.0\r\n\r\n")

    return script
