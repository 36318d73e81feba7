import os
import threading

import pytest

from kernun_common.errors import PeerClosed, Side
from kernun_common.netio import closing
from kernun_common.netio.closing import close
from tests.support.belongings import belongings
from tests.support.streams import conn_pair, received, reset

LARGE = bytes(range(256)) * 40_000  # more than loopback sockets hold
LONG = 3600.0  # a timeout that a test does not sit out


class Collecting(threading.Thread):
    """A peer that takes all there is and then closes."""

    def __init__(self, peer):
        super().__init__()
        self.peer = peer
        self.arrived = b""
        self.start()

    def run(self):
        self.arrived = received(self.peer)
        self.peer.close()


def test_what_is_queued_is_sent_before():
    pairs = [conn_pair(Side.CLIENT, close_timeout=LONG), conn_pair(Side.SERVER, close_timeout=LONG)]
    for conn, _ in pairs:
        conn.send(LARGE)
        assert conn.pending
    peers = [Collecting(peer) for _, peer in pairs]
    close([conn for conn, _ in pairs])
    for peer in peers:
        peer.join()
        assert peer.arrived == LARGE


def test_unread_octets_do_not_make_a_reset():
    conn, peer = conn_pair(close_timeout=LONG)
    peer.sendall(b"a2 NOOP\r\n")
    conn.send(b"* BYE\r\n")
    collecting = Collecting(peer)
    close([conn])
    collecting.join()
    assert collecting.arrived == b"* BYE\r\n"


def test_a_peer_that_does_not_close_is_waited_for_no_longer_than_close_timeout():
    conn, peer = conn_pair(close_timeout=0.05)
    close([conn])
    assert received(peer) == b"" and conn.sock.fileno() == -1


def test_a_peer_that_has_closed_first_is_not_waited_for():
    conn, peer = conn_pair(close_timeout=LONG)
    peer.shutdown(1)
    with pytest.raises(PeerClosed):
        while True:
            conn.receive()
    close([conn])
    assert received(peer) == b""


def test_close_timeout_0_resets_a_peer_that_has_not_closed():
    conn, peer = conn_pair(close_timeout=0.0)
    close([conn])
    with pytest.raises(ConnectionResetError):
        peer.recv(1)


def test_close_timeout_0_does_not_reset_a_peer_that_has_closed():
    conn, peer = conn_pair(close_timeout=0.0)
    peer.shutdown(1)
    with pytest.raises(PeerClosed):
        while True:
            conn.receive()
    conn.send(b"bye")
    close([conn])
    assert received(peer) == b"bye"


def test_a_peer_that_takes_nothing_is_reset_after_send_timeout():
    conn, peer = conn_pair(send_timeout=0.05, close_timeout=LONG)
    conn.send(LARGE)
    close([conn])
    with pytest.raises(ConnectionResetError):
        received(peer)


def test_a_peer_that_is_gone():
    conn, peer = conn_pair(close_timeout=LONG, send_timeout=LONG)
    conn.send(LARGE)
    reset(peer)
    close([conn])
    assert conn.sock.fileno() == -1


def test_the_end_of_the_program_shortens_it(monkeypatch):
    monkeypatch.setattr(closing, "HURRY", 0.05)
    stop_read, stop_write = os.pipe()
    os.close(stop_write)
    silent, peer = conn_pair(close_timeout=LONG)
    stuck, other = conn_pair(send_timeout=LONG)
    stuck.send(LARGE)
    close([silent, stuck], stop_read)
    os.close(stop_read)
    assert received(peer) == b""
    with pytest.raises(ConnectionResetError):
        received(other)


def test_descriptors_are_given_back():
    before = belongings()
    conn, peer = conn_pair(close_timeout=0.0)
    conn.pipe()
    close([conn])
    peer.close()
    assert belongings() <= before


def test_nothing_to_close():
    close([])
