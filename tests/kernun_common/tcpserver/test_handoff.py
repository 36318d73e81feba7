"""handoff: connections arrive in their order, each at one process, and none stays behind."""

import os
import resource
import socket

import pytest

from kernun_common.tcpserver.handoff import Handoff


@pytest.fixture
def handoff():
    one = Handoff()
    yield one
    one.close()


def give(handoff, octets, listener):
    """A connection that says this."""
    near, far = socket.socketpair()
    with near, far:
        near.sendall(octets)
        return handoff.give(far, listener)


def test_in_order(handoff):
    assert handoff.take() is None
    assert [give(handoff, b"%d" % n, 10 + n) for n in range(5)] == [1, 2, 3, 4, 5]
    for n in range(5):
        sock, token, listener = handoff.take()
        with sock:
            assert (sock.recv(9), token, listener) == (b"%d" % n, n + 1, 10 + n)
    assert handoff.take() is None


def test_between_processes(handoff):
    pid = os.fork()
    if pid == 0:
        for n in range(3):
            give(handoff, b"%d" % n, 0)
        os._exit(0)
    os.waitpid(pid, 0)
    taken = [handoff.take() for _ in range(3)]
    assert [one.sock.recv(9) for one in taken] == [b"0", b"1", b"2"]
    assert taken[0].sock.recv(9) == b""  # the giver has closed its own
    for one in taken:
        one.sock.close()


def test_full(handoff):
    with pytest.raises(BlockingIOError):
        for _ in range(100000):
            give(handoff, b"x", 0)
    count = 0
    while taken := handoff.take():
        count += 1
        assert taken.token == count
        taken.sock.close()
    assert give(handoff, b"x", 0) == count + 1


def test_no_descriptor_left(handoff):
    give(handoff, b"x", 0)
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    lowest = os.dup(0)
    os.close(lowest)
    resource.setrlimit(resource.RLIMIT_NOFILE, (lowest, before[1]))
    try:
        with pytest.raises(OSError, match="Too many open files"):
            handoff.take()
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
    assert handoff.take() is None
