"""client - as little of an IMAP client as measuring needs.

    with Client(port, tls=None) as client:
        octets = client.command(b"FETCH 1:* (BODY.PEEK[])")

It does not look at what it is sent but for the tagged line at the end, so that
its own share of the machine is small and the same for every target.
"""

from __future__ import annotations

import socket
import ssl
from types import TracebackType

USER, PASSWORD = b"alice", b"secret"
TIMEOUT = 60.0  # seconds without an octet: the target hangs
_BUFFER = 1 << 18


class Unexpected(Exception):
    """The target answered something else than OK, or went away."""


class Client:
    """A session that is logged in."""

    def __init__(self, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(_BUFFER)
        self._count = 0
        try:
            if tls is not None:
                self._socket = tls.wrap_socket(self._socket)
            self._response(b"* OK ")
            self.command(b"LOGIN %s %s" % (USER, PASSWORD))
        except BaseException:
            self._socket.close()
            raise

    def __enter__(self) -> Client:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            if error is None:
                self.command(b"LOGOUT")
        finally:
            self._socket.close()

    def command(self, words: bytes) -> int:
        """Give a command, wait for its OK; how many octets the answer had."""
        self._count += 1
        tag = b"a%d " % self._count
        self._socket.sendall(tag + words + b"\r\n")
        return self._response(tag + b"OK")

    def _response(self, last: bytes) -> int:
        """Read up to the line that begins with the first word of `last`."""
        word = last[: last.index(b" ") + 1]
        total, tail = 0, b""
        while True:
            count = self._socket.recv_into(self._buffer)
            if not count:
                raise Unexpected(f"closed behind {tail[-200:]!r}")
            total += count
            tail = (tail + bytes(memoryview(self._buffer)[max(0, count - 1024):count]))[-1024:]
            line = tail[tail.rfind(b"\r\n", 0, -2) + 2:] if b"\r\n" in tail[:-2] else tail
            if line.startswith(word) and line.endswith(b"\r\n"):
                if not line.startswith(last):
                    raise Unexpected(repr(line))
                return total


def tls_context() -> ssl.SSLContext:
    """Trusts everybody: what is measured is the cost, not the certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
