"""tls - the other end of a TLS connection, by Python's own ssl module.

    client = client_context(authority, alice_files)
    with talking(peer_sock, client, "imap.example.org") as outcome: ...our side...
    outcome.sock            the peer's TLS socket, None if its handshake failed
    outcome.error           why

The peer runs in a thread of its own, because both sides of a handshake wait for
each other.
"""

from __future__ import annotations

import socket
import ssl
import threading
from contextlib import contextmanager
from typing import Iterator

from .certificates import Authority, Files


def client_context(
    authority: Authority | None = None, files: Files | None = None
) -> ssl.SSLContext:
    """A client; without `authority` it trusts anybody, without `files` it shows no certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if authority is None:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    else:
        context.load_verify_locations(cadata=authority.pem.decode())
    if files is not None:
        context.load_cert_chain(*files)
    return context


def server_context(files: Files) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*files)
    return context


class Outcome:
    def __init__(self) -> None:
        self.sock: ssl.SSLSocket | None = None
        self.error: OSError | None = None


@contextmanager
def talking(
    sock: socket.socket,
    context: ssl.SSLContext,
    name: str | None = None,
    session: ssl.SSLSession | None = None,
) -> Iterator[Outcome]:
    """The peer's handshake goes on while the block runs, and is over behind it."""
    outcome = Outcome()
    server = context.protocol is ssl.PROTOCOL_TLS_SERVER

    def shake() -> None:
        try:
            outcome.sock = context.wrap_socket(
                sock, server_side=server, server_hostname=name, session=session
            )
        except OSError as error:
            outcome.error = error
            sock.close()

    thread = threading.Thread(target=shake)
    thread.start()
    try:
        yield outcome
    finally:
        thread.join()
