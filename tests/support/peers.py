"""peers - both ends of a session under a test's own hand: raw clients and scripted servers.

    client = connect(port)
    client.send(b"a1 NOOP\\r\\n")
    client.line()                       b"a1 OK done\\r\\n"

    def script(peer):                   runs in a thread for each connection
        peer.send(b"* OK ready\\r\\n")
        peer.until(b"LOGIN")
        ...
    with FakeServer(script) as server:
        server.port; server.peers[0].received

Whatever is read is kept in `received`.  In TLS a peer belongs to one thread at a time:
Python's SSLSocket is not made for two, and tells one of them an end that is none.

EOFError: the other side closed first; it ends a script quietly.  Any other exception
in a script fails the test, at the end of the `with` block.
"""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from typing import Callable, Optional

from .ports import HOST

PATIENCE = 120.0  # seconds without an octet, much on a busy machine; TimeoutError then


class Peer:
    """One end of a TCP connection."""

    def __init__(self, sock: socket.socket) -> None:
        self.socket = sock
        self._received = bytearray()
        self._buffer = bytearray()
        sock.settimeout(PATIENCE)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *args: object) -> None:
        self.close()

    @property
    def received(self) -> bytes:
        """All that has come so far."""
        return bytes(self._received)

    def send(self, octets: bytes) -> None:
        self.socket.sendall(octets)

    def send_cut(self, octets: bytes, size: int = 1) -> None:
        """In segments of `size`."""
        for start in range(0, len(octets), size):
            self.socket.sendall(octets[start : start + size])

    def until(self, end: bytes) -> bytes:
        """Everything up to and with `end`."""
        searched = 0
        while (found := self._buffer.find(end, searched)) < 0:
            searched = max(0, len(self._buffer) - len(end) + 1)
            self._receive()
        return self.take(found + len(end))

    def line(self) -> bytes:
        """The next line, with its CRLF; literals are not looked for."""
        return self.until(b"\r\n")

    def take(self, count: int) -> bytes:
        """The next `count` octets."""
        while len(self._buffer) < count:
            self._receive()
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        return taken

    def some(self) -> bytes:
        """What there is, at least one octet."""
        if not self._buffer:
            self._receive()
        return self.take(len(self._buffer))

    def rest(self) -> bytes:
        """Everything until the other side closes, or resets."""
        try:
            while True:
                self._receive()
        except (EOFError, ConnectionError):
            return self.take(len(self._buffer))

    def _receive(self) -> None:
        octets = self.socket.recv(1 << 16)
        if not octets:
            raise EOFError(f"closed, after {bytes(self._received[-200:])!r}")
        self._received += octets
        self._buffer += octets

    def command(self, command: bytes, tag: bytes = b"x") -> bytes:
        """Send one command; the answer to the end of its tagged line."""
        self.send(tag + b" " + command + b"\r\n")
        answer = b""
        while True:
            line = self.line()
            answer += line
            if line.startswith(tag + b" "):
                return answer
            if line.endswith(b"}\r\n"):
                answer += self.take(int(line[line.rindex(b"{") + 1 : -3]))

    def start_tls(self, context: ssl.SSLContext, server_name: Optional[str] = None) -> None:
        """Go on in TLS; as its server where no `server_name` is given."""
        self.socket = context.wrap_socket(
            self.socket, server_side=server_name is None, server_hostname=server_name
        )

    def end_sending(self) -> None:
        self.socket.shutdown(socket.SHUT_WR)

    def reset(self) -> None:
        """Close without the usual farewell: the other side gets a TCP reset."""
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        self.socket.close()


def connect(port: int, host: str = HOST, source: str = "") -> Peer:
    return Peer(socket.create_connection((host, port), PATIENCE, (source, 0)))


class FakeServer:
    """Listens on a free port of loopback, and runs the script for each connection."""

    def __init__(
        self, script: Callable[[Peer], object], host: str = HOST, port: int = 0
    ) -> None:
        self._script = script
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family)
        self.port: int = self._listener.getsockname()[1]
        self.peers: list[Peer] = []
        self._errors: list[BaseException] = []
        self._threads: list[threading.Thread] = []

    def __enter__(self) -> FakeServer:
        threading.Thread(target=self._accept, daemon=True).start()
        return self

    def __exit__(self, *args: object) -> None:
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for peer in self.peers:
            try:
                peer.socket.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
        for thread in self._threads:
            thread.join(PATIENCE)
        if self._errors and args[0] is None:
            raise self._errors[0]

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            peer = Peer(sock)
            self.peers.append(peer)
            thread = threading.Thread(target=self._run, args=(peer,), daemon=True)
            thread.start()
            self._threads.append(thread)

    def _run(self, peer: Peer) -> None:
        try:
            with peer:
                self._script(peer)
        except (EOFError, ConnectionError):
            pass
        except BaseException as error:
            self._errors.append(error)

    @property
    def received(self) -> bytes:
        """What all connections have sent, one after the other."""
        return b"".join(peer.received for peer in self.peers)
