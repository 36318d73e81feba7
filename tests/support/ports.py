"""ports - TCP ports on loopback: free ones, and whether somebody listens.

Those dealt out here are none that the system deals out by itself, of a range that no other
process of tests has: what runs meanwhile does not take one before its program does.
Asking does not connect, so the one who listens does not notice (Linux).
"""

from __future__ import annotations

import itertools
import random
import socket
from contextlib import ExitStack
from pathlib import Path

HOST = "127.0.0.1"
_FIRST, _RANGES, _SIZE = 10000, 20, 500
_LISTEN = "0A"  # the state in /proc/net/tcp

_claim = socket.socket(socket.AF_UNIX)  # to a range of ports, as long as this process lives


def _claimed() -> range:
    for number in range(_RANGES):
        try:
            _claim.bind(f"\0tests-of-imap4-proxy-{number}")
        except OSError:
            continue
        first = _FIRST + number * _SIZE
        return range(first, first + _SIZE)
    raise RuntimeError("too many processes run these tests")


_candidates = itertools.cycle(_claimed())


def free_ports(count: int) -> list[int]:
    """So many different ones."""
    return list(itertools.islice(filter(_is_free, _candidates), count))


def _is_free(port: int) -> bool:
    with socket.socket() as sock:
        try:
            sock.bind((HOST, port))
        except OSError:
            return False
    return True


def ports_in_a_row(count: int) -> int:
    """The first of so many free ports in a row, none of those that the system deals out."""
    while True:
        first = random.randrange(20000, 30000)
        try:
            with ExitStack() as held:
                for port in range(first, first + count):
                    held.enter_context(socket.create_server(("", port)))
                return first
        except OSError:
            continue


def is_listening(port: int) -> bool:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        for row in Path(table).read_text().splitlines()[1:]:
            local, _, state = row.split()[1:4]
            if state == _LISTEN and int(local.rpartition(":")[2], 16) == port:
                return True
    return False
