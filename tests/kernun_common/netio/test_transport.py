import select

import pytest

from kernun_common.netio.transport import Plain
from tests.support.streams import received, reset, tcp_pair


@pytest.fixture
def ends():
    ours, theirs = tcp_pair()
    ours.setblocking(False)
    yield Plain(ours), theirs, ours
    ours.close()
    theirs.close()


def wait(sock):
    select.select([sock], [], [])


def test_read(ends):
    plain, peer, sock = ends
    view = memoryview(bytearray(4))
    assert plain.read(10) is None and plain.read_into(view) is None
    peer.sendall(b"abcdef")
    wait(sock)
    assert plain.read(2) == b"ab"
    assert plain.read_into(view) == 4 and view == b"cdef"


def test_the_end(ends):
    plain, peer, sock = ends
    peer.close()
    wait(sock)
    assert plain.read_into(memoryview(bytearray(4))) == 0
    assert plain.read(10) == b""


@pytest.mark.parametrize("into", [True, False], ids=["into", "read"])
def test_a_reset(ends, into):
    """The system tells it once; it is the end from then on."""
    plain, peer, sock = ends
    reset(peer)
    wait(sock)
    with pytest.raises(ConnectionResetError):
        plain.read_into(memoryview(bytearray(4))) if into else plain.read(10)
    assert plain.read(10) == b""


def test_write(ends):
    plain, peer, sock = ends
    large = bytes(10_000_000)
    assert 0 < plain.write(large) < len(large)
    while plain.write(large):
        pass
    assert plain.write(b"x") == 0
    assert received(peer, 100) == bytes(100)


def test_write_to_a_peer_that_is_gone(ends):
    plain, peer, sock = ends
    reset(peer)
    wait(sock)
    with pytest.raises(OSError):
        plain.write(b"x")


def test_end(ends):
    plain, peer, sock = ends
    plain.end()
    assert received(peer) == b""
    peer.sendall(b"x")
    wait(sock)
    assert plain.read(1) == b"x"
