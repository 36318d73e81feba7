"""listening - a socket on which a process waits for connections.

    sock = listen(at, queue)        OSError where it cannot be had
    unlisten(sock)                  close it for every process that has it
"""

from __future__ import annotations

import socket

from kernun_common.sockaddr import Sockaddr


def listen(at: Sockaddr, queue: int) -> socket.socket:
    """It does not block; `queue` connections wait until they are accepted."""
    family = socket.AF_INET if at.family == 4 else socket.AF_INET6
    sock = socket.socket(family, socket.SOCK_STREAM)
    try:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:  # or [::] would take what belongs to [0.0.0.0]
            sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        sock.bind((at.host, at.port))
        sock.listen(queue)
        sock.setblocking(False)
    except OSError:
        sock.close()
        raise
    return sock


def unlisten(sock: socket.socket) -> None:
    """Not for this process only."""
    try:
        sock.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass  # systems on which a listening socket cannot be shut down; others close theirs
    sock.close()
