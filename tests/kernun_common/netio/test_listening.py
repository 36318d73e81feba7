"""More of it, with the rows of a section, is in ../tcpserver/test_listen_on.py."""

import os
import socket
from ipaddress import ip_address

import pytest

from kernun_common.netio.listening import listen, unlisten
from kernun_common.sockaddr import Sockaddr
from tests.support.ports import free_ports, is_listening


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_listen_until_unlisten_whoever_else_has_the_socket(host):
    [port] = free_ports(1)
    sock = listen(Sockaddr(ip_address(host), port), 10)
    assert not sock.getblocking() and sock.getsockname()[:2] == (host, port)
    with pytest.raises(BlockingIOError):
        sock.accept()
    socket.create_connection((host, port)).close()
    other = socket.socket(fileno=os.dup(sock.fileno()))
    unlisten(sock)
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, port))
    other.close()


def test_both_families_have_a_wildcard_of_one_port():
    [port] = free_ports(1)
    sockets = [listen(Sockaddr(ip_address(host), port), 10) for host in ("::", "0.0.0.0")]
    for host in ("127.0.0.1", "::1"):
        socket.create_connection((host, port)).close()
    for sock in sockets:
        unlisten(sock)


def test_what_cannot_be_had():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError):
            listen(Sockaddr(ip_address("127.0.0.1"), port), 10)
        assert is_listening(port)
