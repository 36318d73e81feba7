"""ports - TCP ports on loopback: free ones, and whether somebody listens.

Asking does not connect, so the one who listens does not notice (Linux).
"""

from __future__ import annotations

import random
import socket
from contextlib import ExitStack
from pathlib import Path

HOST = "127.0.0.1"
_LISTEN = "0A"  # the state in /proc/net/tcp


def free_ports(count: int) -> list[int]:
    """So many different ones; held all together while they are sought."""
    with ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for sock in sockets:
            sock.bind((HOST, 0))
        return [sock.getsockname()[1] for sock in sockets]


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
