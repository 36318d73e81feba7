import errno
import os
import select
import socket

import pytest

from kernun_common.errors import PeerClosed, Side
from kernun_common.netio.conn import Conn
from kernun_common.netio.section import SockOpt
from tests.support.errnos import RECV, SEND, SET, SHUTDOWN, SPLICE, failing, name
from tests.support.streams import conn_pair, received, reset, tcp_pair

RESET = os.strerror(errno.ECONNRESET)
LARGE = bytes(range(256)) * 40_000  # more than loopback sockets hold


def readable(conn):
    poll = select.poll()
    poll.register(conn.fd, conn.wants(True))
    assert poll.poll()


def received_by(conn):
    """All that arrives, to the end."""
    octets = b""
    try:
        while True:
            readable(conn)
            octets += conn.receive() or b""
    except PeerClosed:
        return octets


def test_receive():
    conn, peer = conn_pair()
    assert conn.receive() is None
    peer.sendall(b"a1 NOOP\r\n")
    readable(conn)
    assert conn.receive() == b"a1 NOOP\r\n"
    assert conn.octets_in == 9
    assert conn.receive() is None
    peer.close()
    readable(conn)
    with pytest.raises(PeerClosed) as closed:
        conn.receive()
    assert closed.value.side is Side.CLIENT and conn.ended
    assert closed.value.failure == conn.failure == ""


def test_recv_bufsize_is_the_most_that_is_read_at_once():
    conn, peer = conn_pair(recv_bufsize=3)
    peer.sendall(b"12345")
    peer.close()
    readable(conn)
    assert conn.receive() == b"123"
    assert received_by(conn) == b"45"


def test_a_reset_is_an_end():
    conn, peer = conn_pair()
    peer.sendall(b"last")
    reset(peer)
    readable(conn)
    assert conn.receive() == b"last"
    with pytest.raises(PeerClosed, match=f"client-conn: {RESET}"):
        conn.receive()
    assert conn.failure == RESET and conn.ended


@pytest.mark.parametrize("queued", [False, True])
def test_a_reset_that_shows_when_something_is_sent(queued):
    """The system tells it once, and not to who reads then."""
    conn, peer = conn_pair()
    reset(peer)
    readable(conn)
    if queued:
        conn.put(b"x")
        conn.flush()
    else:
        conn.send(b"x")
    assert conn.deaf
    with pytest.raises(PeerClosed) as closed:
        conn.receive()
    assert closed.value.failure == RESET


def test_a_peer_that_had_closed_before_it_was_sent_to():
    """What the system says of it then is no reset."""
    conn, peer = conn_pair()
    peer.close()
    while not conn.deaf:
        conn.send(b"x")
    with pytest.raises(PeerClosed) as closed:
        conn.receive()
    assert closed.value.failure == conn.failure == ""


@pytest.mark.parametrize(
    "pieces",
    [
        [LARGE],
        [LARGE, b"tail"],
        [b"head", LARGE],
        [LARGE[at : at + 999] for at in range(0, len(LARGE), 999)],
        [LARGE[at : at + 65537] for at in range(0, len(LARGE), 65537)],
        [LARGE, memoryview(LARGE), bytearray(LARGE)],
    ],
    ids=["one", "large-small", "small-large", "many-small", "many-large", "kinds"],
)
def test_what_the_socket_does_not_take_is_queued_in_order(pieces):
    conn, peer = conn_pair()
    expected = b"".join(pieces)
    for piece in pieces:
        conn.send(piece)
    assert conn.blocked and 0 < conn.pending < len(expected)
    assert conn.pending + conn.octets_out == len(expected)
    assert conn.wants(False) == select.POLLOUT
    assert conn.wants(True) == select.POLLOUT | select.POLLIN
    arrived = b""
    while conn.pending:
        arrived += received(peer, 100_000)
        conn.flush()
    assert not conn.blocked
    conn.close()
    assert arrived + received(peer) == expected
    assert conn.octets_out == len(expected)


def test_put_waits_for_flush():
    conn, peer = conn_pair()
    conn.put(b"* OK\r\n")
    conn.put(b"+ \r\n")
    peer.setblocking(False)
    with pytest.raises(BlockingIOError):
        peer.recv(1)
    assert conn.pending == 10 and not conn.blocked and conn.wants(False) == select.POLLOUT
    conn.flush()
    peer.setblocking(True)
    assert conn.pending == 0 and received(peer, 10) == b"* OK\r\n+ \r\n"


def test_reading_ahead():
    conn, peer = conn_pair()
    assert not conn.read_ahead() and not conn.buffered
    peer.sendall(b"a literal)\r\n")
    peer.close()
    readable(conn)
    assert conn.read_ahead() and conn.buffered
    assert conn.take(9) == b"a literal" and (conn.ahead, conn.octets_in) == (3, 9)
    assert conn.receive(2) == b")\r"
    assert conn.receive(2) == b"\n" and not conn.buffered
    readable(conn)
    with pytest.raises(PeerClosed):
        conn.read_ahead()
    assert conn.ended and conn.octets_in == 12


def test_a_peer_that_takes_nothing_is_still_heard():
    conn, peer = conn_pair(Side.SERVER)
    peer.sendall(b"* BYE shutting down\r\n")
    conn.send(b"unread")
    received_before = select.poll()
    received_before.register(peer, select.POLLIN)
    assert received_before.poll()
    peer.close()  # with octets unread: a reset
    while not conn.deaf:
        conn.send(b"x")
    assert conn.pending == 0 and conn.wants(False) == 0
    conn.send(b"dropped")
    conn.put(b"dropped")
    assert conn.pending == 0
    assert received_by(conn) == b"* BYE shutting down\r\n"


def test_finish_tells_the_end_and_listens_on():
    conn, peer = conn_pair()
    conn.send(b"bye")
    conn.finish()
    assert received(peer) == b"bye"
    peer.sendall(b"last")
    peer.close()
    assert received_by(conn) == b"last"


def test_reset():
    conn, peer = conn_pair()
    conn.reset()
    with pytest.raises(ConnectionResetError):
        peer.recv(1)


@pytest.mark.parametrize("end", [Conn.close, Conn.reset])
def test_an_end_that_fails(end):
    """Of a peer that has gone nothing is left to be set or told."""

    class Broken(socket.socket):
        def setsockopt(self, *args):
            if args[1] == socket.SO_LINGER:
                raise OSError(errno.EINVAL, "it has gone")
            super().setsockopt(*args)

        def close(self):
            super().close()
            raise OSError(errno.EIO, "it failed")

    ours, theirs = tcp_pair()
    end(Conn(Broken(fileno=ours.detach()), Side.CLIENT, SockOpt()))
    theirs.settimeout(5)
    assert received(theirs) == b""
    theirs.close()


@pytest.mark.parametrize("keepalive", [True, False])
def test_keepalive(keepalive):
    conn, peer = conn_pair(keepalive=keepalive)
    assert bool(conn.sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)) is keepalive


def test_no_delay():
    conn, peer = conn_pair()
    assert conn.sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


@pytest.mark.parametrize(
    "family, level, option",
    [
        (socket.AF_INET, socket.IPPROTO_IP, socket.IP_TOS),
        (socket.AF_INET6, socket.IPPROTO_IPV6, socket.IPV6_TCLASS),
    ],
)
def test_ip_tos(family, level, option):
    default, _ = tcp_pair(family)
    ours, theirs = tcp_pair(family)
    Conn(ours, Side.CLIENT, SockOpt(ip_tos=0x48))
    Conn(default, Side.CLIENT, SockOpt())
    assert ours.getsockopt(level, option) == 0x48
    assert default.getsockopt(level, option) == 0


# --- every error that the system can give ----------------------------------------------------


def faulty(call, error):
    ours, theirs = tcp_pair()
    return Conn(failing(ours, call, error), Side.SERVER, SockOpt()), theirs


@pytest.mark.parametrize("error", RECV, ids=name)
@pytest.mark.parametrize(
    "call, read", [("recv", Conn.receive), ("recv_into", Conn.read_ahead)], ids=["recv", "into"]
)
def test_recv_fails(call, read, error):
    """That is the peer's end, whatever it was; and it is told what."""
    conn, peer = faulty(call, error)
    peer.sendall(b"hello")
    with pytest.raises(PeerClosed) as closed:
        read(conn)
    assert closed.value.failure == ("" if error == errno.EPIPE else os.strerror(error))
    assert conn.ended and not conn.deaf
    conn.close()
    peer.close()


@pytest.mark.parametrize("error", RECV, ids=name)
def test_drain_fails(error):
    conn, peer = faulty("recv", error)
    assert conn.drain()
    conn.close()
    peer.close()


@pytest.mark.parametrize("error", SEND, ids=name)
@pytest.mark.parametrize("call", ["send", "sendmsg"])
def test_send_fails(call, error):
    """It takes nothing more, and what waits for it is dropped; it may still be heard."""
    conn, peer = faulty(call, error)
    if call == "sendmsg":  # several pieces at once
        conn.put(b"hello")
    conn.put(b"hello")
    conn.flush()
    assert conn.deaf and not conn.pending and not conn.blocked
    conn.send(b"more")
    conn.flush()
    assert not conn.pending and conn.octets_out == 0
    peer.sendall(b"BYE")
    select.select([conn.sock], [], [])
    assert conn.receive() == b"BYE"
    conn.close()
    peer.close()


@pytest.mark.parametrize("error", SHUTDOWN, ids=name)
def test_shutdown_fails(error):
    conn, peer = faulty("shutdown", error)
    conn.finish()
    assert conn.deaf
    conn.close()
    peer.close()


@pytest.mark.parametrize("error", SET, ids=name)
def test_an_option_is_refused(error):
    """Who makes a Conn is told, and has the socket still."""
    ours, theirs = tcp_pair()
    sock = failing(ours, "setsockopt", error)
    with pytest.raises(OSError) as raised:
        Conn(sock, Side.SERVER, SockOpt())
    assert raised.value.errno == error and sock.fileno() >= 0
    sock.close()
    theirs.close()


@pytest.mark.parametrize("error", SPLICE, ids=name)
@pytest.mark.parametrize("end", ["source", "destination"])
def test_splice_fails(monkeypatch, end, error):
    """Of the source that is its end; a destination takes nothing more."""
    (source, peer), (destination, other) = conn_pair(), conn_pair()
    peer.sendall(b"hello")
    select.select([source.sock], [], [])
    splice = os.splice

    def failing_splice(one, two, *args, **options):
        if end == ("source" if one == source.fd else "destination"):
            raise OSError(error, os.strerror(error))
        return splice(one, two, *args, **options)

    monkeypatch.setattr(os, "splice", failing_splice)
    if end == "source":
        with pytest.raises(PeerClosed):
            destination.splice(source, 5)
        assert source.ended and not destination.deaf
        assert (source.failure == os.strerror(error)) is (error != errno.EPIPE)
    else:
        assert destination.splice(source, 5) == 5
        assert destination.deaf and not destination.pending and not source.ended
    for it in (source, destination, peer, other):
        it.close()
