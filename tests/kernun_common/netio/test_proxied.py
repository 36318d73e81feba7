"""proxied: headers in pieces, long, too late and malformed; nothing behind them is taken."""

import socket
import threading

import pytest

from kernun_common.netio import proxied as module
from kernun_common.netio.proxied import receive
from kernun_common.netio.proxy_header import LOCAL, Header
from kernun_common.netio.proxy_protocol import encode_v1, encode_v2
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr, address
from tests.support.cuts import every_cut
from tests.support.lines import Lines

PEER = Sockaddr(address("192.0.2.10"), 40000)
CLIENT, TO = Sockaddr(address("198.51.100.7"), 4711), Sockaddr(address("192.0.2.1"), 143)
BEHIND = b"\x16\x03\x01 what the client sent"


class Scene:
    """A connection by loopback; `ours` is the balancer's end."""

    def __init__(self):
        self.out = Lines()
        with socket.create_server(("127.0.0.1", 0)) as listening:
            self.ours = socket.create_connection(listening.getsockname())
            self.ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self.sock, _ = listening.accept()

    def receive(self):
        return receive(self.sock, PEER, Waiter(), self.out.log)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        self.ours.close()
        self.sock.close()


def send(scene, parts):
    for part in parts:
        scene.ours.sendall(part)


@pytest.mark.parametrize("encode", [encode_v1, encode_v2])
def test_a_header_in_pieces(encode):
    for parts in every_cut(encode(CLIENT, TO) + BEHIND):
        with Scene() as scene:
            sender = threading.Thread(target=send, args=(scene, parts))
            sender.start()
            assert scene.receive() == Header(CLIENT, TO)
            sender.join()
            scene.ours.shutdown(socket.SHUT_WR)
            assert scene.sock.makefile("rb").read() == BEHIND


def test_a_long_header():
    octets = bytearray(encode_v2(CLIENT, TO))
    octets[14:16] = (0xFFFF).to_bytes(2, "big")
    octets += bytes(0xFFFF + 16 - len(octets))
    with Scene() as scene:
        sender = threading.Thread(target=send, args=(scene, [octets, BEHIND]))
        sender.start()
        assert scene.receive() == Header(CLIENT, TO)
        sender.join()
        assert scene.sock.recv(100) == BEHIND


def test_nobody_behind_the_balancer():
    with Scene() as scene:
        scene.ours.sendall(b"PROXY UNKNOWN\r\n")
        assert scene.receive() == LOCAL
        assert scene.out.lines == []


BAD = [
    (b"a1 NOOP\r\n", "there is no header"),
    (b"PROXY TCP4 1.2.3.4\r\n", "the line is malformed"),
    (b"PROXY TC", "it was closed before a whole header came"),
    (b"", "it was closed before a whole header came"),
]


@pytest.mark.parametrize("octets, reason", BAD)
def test_bad_headers(octets, reason):
    with Scene() as scene:
        scene.ours.sendall(octets)
        scene.ours.shutdown(socket.SHUT_WR)
        assert scene.receive() is None
        [line] = scene.out.lines
        assert line.startswith("NETL-812-W ") and reason in line


def test_no_header_in_time(monkeypatch):
    monkeypatch.setattr(module, "HEADER_SECONDS", 0.05)
    with Scene() as scene:
        scene.ours.sendall(b"PROXY ")
        assert scene.receive() is None
        assert "no whole header came in time" in scene.out.lines[0]
