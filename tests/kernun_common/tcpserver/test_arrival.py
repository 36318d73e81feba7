"""arrival: clients of balancers, and others; connections that nobody redirected."""

import socket

from kernun_common.configuration.types import HostSet, Name
from kernun_common.netio.proxy_protocol import encode_v1, encode_v2
from kernun_common.netio.waiting import Waiter
from kernun_common.sockaddr import Sockaddr, address
from kernun_common.tcpserver.arrival import Arrival, arrive, brings_header
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.source import Accepted
from tests.support.lines import Lines

LOOPBACK = address("127.0.0.1")
CLIENT, TO = Sockaddr(address("198.51.100.7"), 4711), Sockaddr(address("192.0.2.1"), 143)
BEHIND = b"\x16\x03\x01 what the client sent"


class Scene:
    """A connection by loopback; `ours` is the balancer's or client's end."""

    def __init__(self, **listener):
        self.out = Lines()
        self.listening = socket.create_server(("127.0.0.1", 0))
        at = Sockaddr.of(self.listening.getsockname())
        listener.setdefault("transparent", False)
        self.listener = Listener(at, sock=self.listening, **listener)
        self.ours = socket.create_connection(self.listening.getsockname())
        self.ours.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.sock, name = self.listening.accept()
        self.peer, self.own = Sockaddr.of(name), at

    def arrive(self, to=None):
        """`to` is the original destination; None: nobody was redirected."""
        accepted = Accepted(self.sock, self.peer, self.listener)
        proxied = brings_header(accepted, dict)
        return arrive(accepted, proxied, Waiter(), self.out.log, lambda sock: to or self.own)

    def __enter__(self):
        return self

    def __exit__(self, *args):
        for sock in (self.ours, self.sock, self.listening):
            sock.close()


PROXIES = HostSet((LOOPBACK,))


def test_a_client_behind_the_balancer():
    with Scene(proxies=PROXIES) as scene:
        scene.ours.sendall(encode_v2(CLIENT, TO) + BEHIND)
        assert scene.arrive() == Arrival(CLIENT, TO)
        assert scene.sock.recv(100) == BEHIND


def test_nobody_behind_the_balancer():
    with Scene(proxies=PROXIES) as scene:
        scene.ours.sendall(b"PROXY UNKNOWN\r\n")
        assert scene.arrive() == Arrival(scene.peer, scene.own, probe=True)


def test_a_bad_header():
    with Scene(proxies=PROXIES) as scene:
        scene.ours.sendall(b"a1 NOOP\r\n")
        assert scene.arrive() is None
        [line] = scene.out.lines
        assert line.startswith("NETL-812-W ") and "there is no header" in line


def test_from_others_it_is_no_header():
    with Scene(proxies=HostSet((address("127.0.0.2"),))) as scene:
        scene.ours.sendall(encode_v1(CLIENT, TO))
        assert scene.arrive() == Arrival(scene.peer, scene.own)
        assert scene.sock.recv(100) == encode_v1(CLIENT, TO)


def test_redirected():
    with Scene(transparent=True) as scene:
        assert scene.arrive(TO) == Arrival(scene.peer, TO, transparent=True)


def test_a_loop():
    with Scene(transparent=True) as scene:
        assert scene.arrive() is None
        [line] = scene.out.lines
        assert line.startswith("NATT-810-W LOOP ")


def test_who_brings_headers():
    listener = Listener(TO, False, None, HostSet((Name("lb.example.org"), LOOPBACK)))
    one, other = address("192.0.2.10"), address("192.0.2.11")

    def brings(peer, **known):
        return brings_header(Accepted(None, Sockaddr(peer, 9), listener), lambda: known)

    known = {"lb.example.org": (one,)}
    assert brings(one, **known) and brings(LOOPBACK)
    assert not brings(one) and not brings(other, **known)
