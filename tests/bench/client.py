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
_TAIL = 1024  # octets that may hold the last line


class Unexpected(Exception):
    """The target answered something else than OK, or went away."""


class Client:
    """A session that is logged in; `most` octets are read at once."""

    def __init__(
        self, port: int, tls: ssl.SSLContext | None = None, most: int = _BUFFER
    ) -> None:
        self._socket = socket.create_connection(("127.0.0.1", port), TIMEOUT)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._buffer = bytearray(most)
        self._count = 0
        try:
            if tls is not None:
                self._socket = tls.wrap_socket(self._socket)
            self._expect(b"* OK ")
            self._rest()
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
        self.begin(words)
        return self._rest()

    def begin(self, words: bytes) -> None:
        """Give a command; its answer is for `step` to read."""
        self._count += 1
        tag = b"a%d " % self._count
        self._expect(tag + b"OK")
        self._socket.sendall(tag + words + b"\r\n")

    def fileno(self) -> int:
        return self._socket.fileno()

    def step(self) -> tuple[int, bool]:
        """Read once: how many octets, and whether they end the answer."""
        count = self._socket.recv_into(self._buffer)
        if not count:
            raise Unexpected(f"closed behind {self._tail[-200:]!r}")
        read = bytes(memoryview(self._buffer)[max(0, count - _TAIL):count])
        tail = self._tail = (self._tail + read)[-_TAIL:]
        line = tail[tail.rfind(b"\r\n", 0, -2) + 2:] if b"\r\n" in tail[:-2] else tail
        if not (line.startswith(self._word) and line.endswith(b"\r\n")):
            return count, False
        if not line.startswith(self._last):
            raise Unexpected(repr(line))
        return count, True

    def _expect(self, last: bytes) -> None:
        """What comes next ends with a line that begins with the first word of `last`."""
        self._last, self._word, self._tail = last, last[: last.index(b" ") + 1], b""

    def _rest(self) -> int:
        total, ended = 0, False
        while not ended:
            count, ended = self.step()
            total += count
        return total


def tls_context() -> ssl.SSLContext:
    """Trusts everybody: what is measured is the cost, not the certificate."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
