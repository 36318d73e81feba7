"""tls_socket: what the library does with a socket; timeouts, ends, and a handshake that fails."""

import socket
import threading

import pytest

from kernun_common.redis_store.tls_socket import secured
from kernun_common.tls.context import Context, Role
from kernun_common.tls.section import SslParams, Verify
from tests.support.certificates import Authority
from tests.support.peers import FakeServer
from tests.support.tls import server_context

NAME = "redis.example.org"
SECONDS = 30.0
MUCH = 3 << 20


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    return Authority("CA").issue("redis", dns=[NAME]).write(tmp_path_factory.mktemp("pki"))


@pytest.fixture(scope="module")
def context():
    return Context(SslParams(name="T", verify=Verify("none", None)), Role.CLIENT)


def serving(files, script):
    def shaken(peer):
        peer.start_tls(server_context(files))
        script(peer)

    return FakeServer(shaken)


def connected(server, context, seconds=SECONDS):
    sock = socket.create_connection(("127.0.0.1", server.port))
    return secured(sock, context, NAME, seconds)


def test_both_ways(files, context):
    with serving(files, lambda peer: peer.send(peer.take(MUCH))) as server:
        sock = connected(server, context)
        assert (sock.gettimeout(), sock.fileno() >= 0) == (SECONDS, True)
        sock.sendall(b"x" * MUCH)
        received = b""
        while len(received) < MUCH:
            received += sock.recv(1 << 16)
        assert received == b"x" * MUCH
        assert sock.recv(1) == b""
        sock.shutdown(socket.SHUT_RDWR)
        sock.close()


@pytest.mark.parametrize("seconds, error", [(0.02, TimeoutError), (0, BlockingIOError)])
def test_nothing_comes(files, context, seconds, error):
    with serving(files, lambda peer: peer.rest()) as server:
        sock = connected(server, context)
        sock.settimeout(seconds)
        with pytest.raises(error):
            sock.recv(1)
        sock.settimeout(None)
        assert sock.gettimeout() is None
        sock.close()


def test_nothing_is_taken(files, context):
    over = threading.Event()
    with serving(files, lambda peer: over.wait(SECONDS)) as server:
        sock = connected(server, context)
        sock.settimeout(0.02)
        with pytest.raises(TimeoutError):
            while True:
                sock.sendall(b"x" * MUCH)
        over.set()


def test_a_handshake_that_fails(context):
    with FakeServer(lambda peer: peer.send(b"-ERR unknown command\r\n")) as server:
        with pytest.raises(ConnectionError):
            connected(server, context)


def test_a_handshake_that_takes_too_long(context):
    with FakeServer(lambda peer: peer.rest()) as server:
        with pytest.raises(TimeoutError):
            connected(server, context, 0.02)


def test_the_end_while_sending(files, context):
    with serving(files, lambda peer: peer.reset()) as server:
        sock = connected(server, context)
        with pytest.raises(OSError):
            while True:
                sock.sendall(b"x" * MUCH)
