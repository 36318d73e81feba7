"""Octets inside TLS; handshakes are in test_upgrade."""

import errno
import os
import select
import socket
import threading
import time

import pytest

from kernun_common.errors import PeerClosed, PeerError, Side
from kernun_common.netio.closing import close
from kernun_common.netio.intake import SIZE
from kernun_common.netio.relay import SPLICE_FROM, Relay
from kernun_common.netio.waiting import Waiter
from kernun_common.tls.context import Context, Role
from kernun_common.tls.section import KeyFile, SslParams
from kernun_common.tls.transport import RECORD
from kernun_common.tls.upgrade import upgrade
from tests.support.certificates import Authority
from tests.support.streams import conn_pair, received, reset
from tests.support.tls import client_context, talking

FAR = 3600.0
RESET = os.strerror(errno.ECONNRESET)
LARGE = bytes(range(256)) * 40_000  # more than loopback sockets hold


@pytest.fixture(scope="module")
def context(tmp_path_factory):
    files = Authority("Example CA").issue("proxy").write(tmp_path_factory.mktemp("files"))
    params = SslParams(name="IN", cert_file=files.cert, key_file=KeyFile(files.key, None))
    return Context(params, Role.SERVER)


@pytest.fixture
def make(context):
    """Makes pairs: a Conn inside TLS and the peer's TLS socket."""
    def made(side=Side.CLIENT, **options):
        conn, sock = conn_pair(side, **options)
        with talking(sock, client_context()) as outcome:
            upgrade(conn, context, "", Waiter(), time.monotonic() + FAR)
        return conn, outcome.sock

    return made


def below(peer):
    """The TCP socket of a TLS socket, which ends by this."""
    return socket.socket(fileno=peer.detach())


def readable(conn):
    if not conn.buffered:
        select.select([conn.sock], [], [])


def received_by(conn, count):
    octets = b""
    while len(octets) < count:
        readable(conn)
        while (more := conn.receive()) is not None:
            octets += more
    return octets


@pytest.mark.parametrize("size", [1, 100, RECORD, RECORD + 1, 100_000])
@pytest.mark.parametrize("bufsize", [1, 1000, RECORD, 100_000])
def test_receive_leaves_nothing_decrypted_behind(make, bufsize, size):
    conn, peer = make(recv_bufsize=bufsize)
    peer.sendall(LARGE[:size])
    octets = b""
    while len(octets) < size:
        readable(conn)
        octets += conn.receive() or b""
        assert not conn.buffered
    assert octets == LARGE[:size] and conn.octets_in == size


def test_nothing_yet(make):
    conn, peer = make()
    assert conn.receive() is None
    assert not conn.read_ahead()
    assert conn.wants(True) == select.POLLIN


def test_read_into_fills_what_it_gets_as_far_as_there_is(make):
    conn, peer = make()
    tls = conn._transport
    view = memoryview(bytearray(3 * RECORD))
    assert tls.read_into(view) is None
    peer.sendall(LARGE[: 2 * RECORD + 5])
    count = 0
    while count < 2 * RECORD + 5:
        select.select([conn.sock], [], [])
        count += tls.read_into(view[count:]) or 0
    assert view[:count] == LARGE[:count]


def test_what_is_left_of_a_record_is_told(make):
    conn, peer = make()
    peer.sendall(b"12345)\r\n")
    readable(conn)
    assert conn._transport.read_into(memoryview(bytearray(5))) == 5 and conn.buffered
    assert conn.receive() == b")\r\n" and not conn.buffered


def test_a_large_answer_is_queued_and_complete(make):
    conn, peer = make()
    arrived = []
    thread = threading.Thread(target=lambda: arrived.append(received(peer, len(LARGE) + 4)))
    conn.send(LARGE)
    conn.send(b"tail")
    assert conn.pending
    thread.start()
    while conn.pending:
        select.select([], [conn.sock], [])
        conn.flush()
    thread.join()
    assert arrived == [LARGE + b"tail"]
    assert conn.octets_out == len(LARGE) + 4


def send_and_reset(peer):
    peer.send(b"last")
    reset(below(peer))


ENDS = [
    ("close_notify", lambda peer: peer.unwrap(), ""),
    ("FIN", lambda peer: peer.shutdown(socket.SHUT_WR), ""),
    ("reset", lambda peer: reset(below(peer)), RESET),
    ("octets and a reset", send_and_reset, RESET),
]


@pytest.mark.parametrize("end, failure", [row[1:] for row in ENDS], ids=[row[0] for row in ENDS])
@pytest.mark.parametrize("into", [False, True])
def test_the_end(make, end, failure, into):
    conn, peer = make()
    thread = threading.Thread(target=end, args=[peer])
    thread.start()
    readable(conn)
    with pytest.raises(PeerClosed) as closed:
        while True:
            conn.read_ahead() if into else conn.receive()
            conn.take(SIZE)
    assert closed.value.failure == failure
    conn.finish()
    thread.join()


FORGED = b"\x17\x03\x03\x00\x20" + bytes(32)


def read_to_the_end(conn):
    while True:
        conn.read_ahead()
        conn.take(SIZE)


def test_fin_behind_octets_is_no_breakage(make):
    """OpenSSL tells of an end once, here while it still has octets to give."""
    conn, peer = make()
    peer.send(b"last")
    tcp = below(peer)
    tcp.shutdown(socket.SHUT_WR)
    readable(conn)
    with pytest.raises(PeerClosed) as closed:
        read_to_the_end(conn)
    assert closed.value.failure == ""


def test_what_broke_tls_behind_octets_is_told(make):
    conn, peer = make()
    peer.send(b"last")
    tcp = below(peer)
    tcp.sendall(FORGED)
    readable(conn)
    with pytest.raises(PeerError) as error:
        read_to_the_end(conn)
    assert "record" in error.value.reason


@pytest.mark.parametrize("octets", [b"a1 NOOP\r\n", bytes(100), FORGED])
def test_octets_that_are_no_tls(make, octets):
    conn, peer = make(Side.SERVER)
    below(peer).sendall(octets)
    readable(conn)
    with pytest.raises(PeerError) as error:
        while True:
            conn.receive()
    assert error.value.side is Side.SERVER and error.value.reason.startswith("TLS: ")
    conn.send(b"nobody hears it")
    assert conn.deaf
    close([conn])


def test_a_peer_that_is_gone_makes_it_deaf(make):
    conn, peer = make()
    reset(below(peer))
    while not conn.deaf:
        conn.send(b"x")
    assert conn.pending == 0 and conn.failure == RESET


def test_finish_says_so_inside_tls(make):
    conn, peer = make()
    conn.send(b"* BYE\r\n")
    conn.finish()
    peer.suppress_ragged_eofs = False  # an end without close_notify would be an error
    assert received(peer) == b"* BYE\r\n"


def test_close(make):
    conn, peer = make(close_timeout=FAR)
    conn.send(LARGE)
    arrived = []

    def take():
        arrived.append(received(peer))
        peer.close()

    thread = threading.Thread(target=take)
    thread.start()
    close([conn])
    thread.join()
    assert arrived == [LARGE]


@pytest.mark.parametrize("size", [1000, SIZE + 1, SPLICE_FROM, 3_000_000])
@pytest.mark.parametrize("tls", ["source", "destination", "both"])
def test_relay(make, tls, size):
    source, sender = make(Side.SERVER) if tls != "destination" else conn_pair()
    destination, receiver = make() if tls != "source" else conn_pair()
    octets = LARGE[:size]
    sending = threading.Thread(target=sender.sendall, args=[octets + b")\r\n"])
    arrived = []
    collecting = threading.Thread(target=lambda: arrived.append(received(receiver, size)))
    sending.start(), collecting.start()
    relay = Relay(source, destination, size)
    while relay.left or destination.pending:
        destination.flush()
        relay.step()
    sending.join(), collecting.join()
    assert arrived == [octets]
    assert received_by(source, 3) == b")\r\n"
