"""original_dst: what the kernel's octets say; a connection that nobody redirected."""

import socket

import pytest

from kernun_common.sockaddr import Sockaddr, address
from kernun_common.transparency.original_dst import original_dst


class Redirected:
    """A socket of which connection tracking knows the original destination."""

    def __init__(self, family, octets):
        self.family = family
        self._octets = octets

    def getsockname(self):
        return ("192.0.2.254", 2143)

    def getsockopt(self, level, option, size):
        assert option == 80 and size == len(self._octets)
        return self._octets


FOUR = bytes.fromhex("0200" "008f" "c0000207" "0000000000000000")
SIX = bytes.fromhex("0a00" "03e1" "00000000" "20010db8000000000000000000000007" "00000000")
MAPPED = bytes.fromhex("0a00" "03e1" "00000000" "00000000000000000000ffffc0000207" "00000000")

CASES = [
    (socket.AF_INET, FOUR, Sockaddr(address("192.0.2.7"), 143)),
    (socket.AF_INET6, SIX, Sockaddr(address("2001:db8::7"), 993)),
    (socket.AF_INET6, MAPPED, Sockaddr(address("192.0.2.7"), 993)),
]


@pytest.mark.parametrize("family, octets, to", CASES)
def test_octets(family, octets, to):
    assert original_dst(Redirected(family, octets)) == to


@pytest.mark.parametrize("host", ["127.0.0.1", "::1"])
def test_nobody_is_redirected(host):
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, 0), family=family) as server:
        with socket.create_connection(server.getsockname()[:2]):
            sock, _ = server.accept()
            with sock:
                assert original_dst(sock) == Sockaddr.of(server.getsockname())
