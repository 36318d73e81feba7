"""shape: what the system knows of a socket afterwards."""

import os
import socket

import pytest

from kernun_common.netio.shape import SO_MAX_PACING_RATE, UNSHAPED, Shape

CLASS = 0x494D0010
UNLIMITED = 2**64 - 1

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root may lead to classes")

CASES = [
    # shapes that are given one after another, priority, pacing
    ([Shape(CLASS, 125000)], CLASS, 125000),
    ([Shape(None, 125000)], 0, 125000),
    ([Shape(CLASS, 125000), UNSHAPED], 0, UNLIMITED),
    ([Shape(CLASS, 125000), Shape(CLASS + 16, None)], CLASS + 16, UNLIMITED),
    ([Shape(None, 2**40)], 0, 2**40),
]


@pytest.mark.parametrize("shapes, priority, pacing", CASES)
def test_give(shapes, priority, pacing):
    with socket.socket() as sock:
        for shape in shapes:
            shape.give(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY) == priority
        octets = sock.getsockopt(socket.SOL_SOCKET, SO_MAX_PACING_RATE, 8)
        assert int.from_bytes(octets, "little") == pacing


def test_a_usual_priority_stays():
    with socket.socket() as sock:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY, 6)
        UNSHAPED.give(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY) == 6


def test_a_unix_socket_is_left_alone():
    with socket.socket(socket.AF_UNIX) as sock:
        Shape(CLASS, 1000).give(sock)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_PRIORITY) == 0
