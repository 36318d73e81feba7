"""server: the real HTTP server around a site of a line; requests that are none."""

import signal
import socket
import threading
from contextlib import contextmanager

import pytest

from kernun_common.auth.web.server import MOST_HEADER, bound, run
from kernun_common.netio.proxy_protocol import V2_SIGNATURE, encode_v1, encode_v2
from kernun_common.sockaddr import Sockaddr, address
from tests.support.logins import Lines
from tests.support.ports import HOST

CLIENT, TO = Sockaddr(address("192.0.2.7"), 4711), Sockaddr(address("192.0.2.1"), 443)
LOCAL = V2_SIGNATURE + b"\x20\x00\x00\x00"
HELLO = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"


def site(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [environ["REMOTE_ADDR"].encode()]


@pytest.fixture
def signals():
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [])
    yield
    signal.pthread_sigmask(signal.SIG_SETMASK, before)


@contextmanager
def serving(*proxied):
    log = Lines()
    with bound(site, Sockaddr(address(HOST), 0), None, log, "DESK", *proxied) as server:
        thread = threading.Thread(target=server.serve)
        thread.start()
        try:
            yield server.bind_addr[1], log
        finally:
            server.stop()
            thread.join()


def ask(port, octets):
    with socket.create_connection((HOST, port), timeout=60) as sock:
        sock.sendall(octets)
        return b"".join(iter(lambda: sock.recv(4096), b""))


def test_requests(signals):
    with serving() as (port, _):
        assert ask(port, HELLO).startswith(b"HTTP/1.1 200 OK")
        assert ask(port, HELLO).find(HOST.encode()) > 0
        assert ask(port, b"nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
        long = b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"x" * 2 * MOST_HEADER + b"\r\n\r\n"
        assert b" 413 " in ask(port, long).split(b"\r\n")[0]


HEADERS = [
    (encode_v1(CLIENT, TO), "192.0.2.7"),
    (encode_v2(CLIENT, TO), "192.0.2.7"),
    (LOCAL, HOST),
]


@pytest.mark.parametrize("header, client", HEADERS)
def test_a_balancer(signals, header, client):
    """Its header counts for all requests of the connection."""
    with serving(lambda peer: peer == address(HOST)) as (port, log):
        two = HELLO.replace(b"Connection: close\r\n", b"") + HELLO
        assert ask(port, header + two).count(f"\r\n{client}\r\n".encode()) == 2
        with socket.create_connection((HOST, port), timeout=60) as sock:
            sock.sendall(header)
            sock.shutdown(socket.SHUT_WR)  # nothing is asked
            assert sock.recv(100) == b""
        assert "AUTH-812" not in log.identifications


def test_without_a_header(signals):
    with serving(lambda peer: peer == address(HOST)) as (port, log):
        assert ask(port, HELLO) == b""
        assert log.identifications == ["NETL-812"]


def test_a_header_of_somebody_else(signals):
    with serving(lambda peer: peer != address(HOST)) as (port, _):
        assert ask(port, encode_v1(CLIENT, TO) + HELLO).startswith(b"HTTP/1.1 400")


def test_an_address_that_is_taken(signals):
    with socket.create_server((HOST, 0)) as taken:
        at = Sockaddr(address(HOST), taken.getsockname()[1])
        with pytest.raises(OSError):
            with bound(site, at, None, Lines(), "DESK"):
                pass


def test_a_signal_ends_it(signals):
    """It waits until the thread is asked for it."""
    with bound(site, Sockaddr(address(HOST), 0), None, Lines(), "DESK") as server:
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        run(server, lambda: None)
