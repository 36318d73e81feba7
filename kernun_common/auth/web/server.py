"""server - HTTP and TLS for the login page, by cheroot; until SIGTERM or SIGINT.

    with bound(site, sockaddr, context, log, name, proxied) as server:
        run(server, sweep)              OSError: the address cannot be had

`proxied(address)` tells whose connections must begin with a PROXY header, which names the client
(../../netio/proxied.py).  It is read by the thread that serves the connection, before TLS.

Clients are served by THREADS threads, so one whose password takes long to check holds up
nobody.  Each has PATIENCE seconds for what it sends.  `sweep` is called every PAUSE seconds.
"""

from __future__ import annotations

import logging
import os
import signal
import socket
import threading
from contextlib import contextmanager
from typing import Any, Callable, Iterator, Optional

from cheroot.server import HTTPConnection
from cheroot.ssl.pyopenssl import (
    SSLFileobjectStreamReader,
    SSLFileobjectStreamWriter,
    pyOpenSSLAdapter,
)
from cheroot.wsgi import Server as WsgiServer

from kernun_common.log.sinks import Log

from ...netio.proxied import receive
from ...netio.waiting import Waiter
from ...sockaddr import Address, Sockaddr, address
from ...tls.context import Context
from .. import messages
from .patient import Patient
from .site import MOST_OCTETS, Site

THREADS = 16
PATIENCE = 10  # seconds
PAUSE = 10.0  # seconds
MOST_HEADER = 16384  # octets
_ENDING = (signal.SIGTERM, signal.SIGINT)


class _Tls(pyOpenSSLAdapter):
    """TLS as ssl(5) says; the files have been read."""

    def __init__(self, context: Context) -> None:
        super().__init__(None, None)
        self.context = context.ssl

    def makefile(self, sock: Any, mode: str = "r", bufsize: int = -1) -> Any:
        """Files whose errors of TLS cheroot understands, over a connection that waits."""
        kind = SSLFileobjectStreamReader if "r" in mode else SSLFileobjectStreamWriter
        return kind(Patient(sock, PATIENCE), mode, bufsize)


class Connection(HTTPConnection):
    """cheroot's, of the client whom a PROXY header names."""

    _begun = False

    def communicate(self) -> bool:
        """Serve one request; False: it is the last one."""
        if not self._begun:
            self._begun = True
            if not self._find_client():
                return False
        return super().communicate()

    def _find_client(self) -> bool:
        """False: nobody knows whose connection it is."""
        peer = Sockaddr(address(self.remote_addr), self.remote_port)
        if not self.server.proxied(peer.address):
            return True
        try:
            with socket.socket(fileno=os.dup(self.socket.fileno())) as plain:
                header = receive(plain, peer, Waiter(), self.server.log)
        except OSError:  # the peer has gone
            return False
        if header is not None and header.client is not None:
            self.remote_addr, self.remote_port = header.client.host, header.client.port
        return header is not None


class Server(WsgiServer):
    """cheroot's, with our log and our connections."""

    ConnectionClass = Connection
    log: Log
    section: str
    proxied: Callable[[Address], bool]

    def error_log(self, msg: str = "", level: int = logging.INFO, traceback: bool = False) -> None:
        if level >= logging.WARNING:
            self.log.write(messages.HTTP_FAILED, name=self.section, reason=msg)


@contextmanager
def bound(
    site: Site,
    at: Sockaddr,
    context: Optional[Context],
    log: Log,
    name: str,
    proxied: Callable[[Address], bool] = lambda peer: False,
) -> Iterator[Server]:
    server = Server(
        (at.host, at.port), site, numthreads=THREADS, server_name=name, timeout=PATIENCE
    )
    server.log, server.section, server.proxied = log, name, proxied
    server.max_request_header_size = MOST_HEADER
    server.max_request_body_size = 2 * MOST_OCTETS
    if context is not None:
        server.ssl_adapter = _Tls(context)
    signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)  # in all threads; `run` asks for them
    server.prepare()
    try:
        yield server
    finally:
        server.stop()


def run(server: Server, sweep: Callable[[], Any]) -> None:
    serving = threading.Thread(target=server.serve)
    serving.start()
    while signal.sigtimedwait(_ENDING, PAUSE) is None:
        sweep()
    server.stop()
    serving.join()
