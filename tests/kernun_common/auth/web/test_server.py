"""server: the real HTTP server around a site of a line; requests that are none."""

import signal
import socket
import threading
from contextlib import contextmanager

import pytest

from kernun_common.auth.web.server import MOST_HEADER, bound, run
from kernun_common.sockaddr import Sockaddr, address
from tests.support.logins import Lines
from tests.support.ports import HOST

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
def serving():
    log = Lines()
    with bound(site, Sockaddr(address(HOST), 0), None, log, "DESK") as server:
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
