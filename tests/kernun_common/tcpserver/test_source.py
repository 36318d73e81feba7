"""source: both kinds give the same, each in its own way."""

import socket

import pytest

from kernun_common.sockaddr import Sockaddr
from kernun_common.tcpserver.handoff import Handoff
from kernun_common.tcpserver.listen_on import Listener
from kernun_common.tcpserver.source import Direct, Queue


class Scene:
    """Two listening sockets, and a client of the second one."""

    def __init__(self):
        self.sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
        for sock in self.sockets:
            sock.setblocking(False)
        self.listeners = [
            Listener(Sockaddr.of(sock.getsockname()), False, sock) for sock in self.sockets
        ]
        self.handoff = Handoff()
        self.client = socket.create_connection(self.sockets[1].getsockname())

    def close(self):
        self.handoff.close()
        for sock in [*self.sockets, self.client]:
            sock.close()


@pytest.fixture
def scene():
    one = Scene()
    yield one
    one.close()


def check(scene, accepted, token):
    with accepted.sock:
        assert accepted.peer == Sockaddr.of(scene.client.getsockname())
        assert accepted.listener is scene.listeners[1] and accepted.token == token
        scene.client.sendall(b"x")
        assert accepted.sock.recv(9) == b"x"


def test_direct(scene):
    source = Direct(scene.listeners)
    assert list(source.fds) == [sock.fileno() for sock in scene.sockets]
    assert list(source.sockets) == scene.sockets
    assert source.accept(source.fds[0]) is None
    check(scene, source.accept(source.fds[1]), 0)
    assert source.accept(source.fds[1]) is None


def test_direct_when_it_is_unbound(scene):
    source = Direct(scene.listeners)
    scene.sockets[0].shutdown(socket.SHUT_RDWR)
    with pytest.raises(OSError, match="Invalid argument"):
        source.accept(source.fds[0])


def test_queue(scene):
    direct = Direct(scene.listeners)
    accepted = direct.accept(direct.fds[1])
    with accepted.sock:
        scene.handoff.give(accepted.sock, 1)
    source = Queue(scene.handoff, scene.listeners)
    assert all(sock.fileno() < 0 for sock in scene.sockets) and list(source.sockets) == []
    [fd] = source.fds
    check(scene, source.accept(fd), 1)
    assert source.accept(fd) is None


def test_queue_when_the_client_has_gone(scene):
    with socket.socket() as one_without_peer:  # as one looks that was reset
        scene.handoff.give(one_without_peer, 0)
    source = Queue(scene.handoff, scene.listeners)
    assert source.accept(source.fds[0]) is None
