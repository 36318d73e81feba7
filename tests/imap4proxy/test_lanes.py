import os
import select
from types import SimpleNamespace

import pytest

from imap4proxy.lanes import GONE, Lanes
from kernun_common.errors import PeerClosed, Side
from kernun_common.tcpserver.signals import Wakeup
from tests.support.streams import conn_pair, received, reset

LARGE = bytes(10_000_000)  # more than loopback sockets hold


class Both:
    """Lanes of both sides, with their peers."""

    def __init__(self, **options):
        self.stop_read, self.stop_write = os.pipe()
        self.unwanted, self.resumed = set(), []
        self.wakeup = Wakeup()
        self.lanes = Lanes(self.stop_read, self.wanted, self.resumed.append, self.wakeup)
        conn, self.client_peer = conn_pair(Side.CLIENT, **options)
        self.client = self.lanes.add(conn)
        conn, self.server_peer = conn_pair(Side.SERVER, **options)
        self.server = self.lanes.add(conn)

    def wanted(self, side):
        return side not in self.unwanted

    def ready(self):
        """Sides that are ready at once; STOP for the end of the program."""
        return [lane.side if lane else "STOP" for lane, _ in self.lanes.wait(0)]


@pytest.fixture
def both():
    made = Both(send_bufsize=1000)
    yield made
    os.close(made.stop_read)


def test_nothing(both):
    assert both.ready() == []
    assert [lane.side for lane in both.lanes] == [Side.CLIENT, Side.SERVER]
    assert both.lanes.conns == {Side.CLIENT: both.client.conn, Side.SERVER: both.server.conn}
    assert both.lanes[Side.SERVER] is both.server is both.client.other


def test_one_side_alone():
    stop_read, stop_write = os.pipe()
    lanes = Lanes(stop_read, lambda side: True, lambda side: None)
    conn, peer = conn_pair()
    lane = lanes.add(conn)
    peer.sendall(b"x")
    assert lane.other is None and lanes.reads(lane)
    assert lanes.wait(60) == [(lane, select.POLLIN)]
    os.close(stop_read), os.close(stop_write)


def test_a_signal_just_before_the_wait_ends_it(both):
    os.write(both.wakeup._write, b"\x0f")
    assert both.lanes.wait(3600) == []
    assert not select.select([both.wakeup.fd], [], [], 0)[0]
    os.write(both.stop_write, b"x")
    assert both.ready() == ["STOP"]


def test_octets(both):
    both.server_peer.sendall(b"x")
    assert both.ready() == [Side.SERVER]
    assert both.resumed == [Side.CLIENT, Side.SERVER]
    both.client_peer.sendall(b"x")
    assert both.ready() == [Side.CLIENT, Side.SERVER]


def test_a_side_that_is_not_wanted(both):
    both.unwanted = {Side.CLIENT}
    both.client_peer.sendall(b"x")
    assert both.ready() == []
    reset(both.client_peer)
    assert both.ready() == []  # a hang-up does not make the loop run hot
    both.unwanted = set()
    assert both.ready() == [Side.CLIENT]


def test_the_end_of_the_program_is_told_once(both):
    os.close(both.stop_write)
    assert both.ready() == ["STOP"]
    assert both.ready() == []


def test_a_queue_is_sent_when_there_is_room(both):
    both.client.conn.send(LARGE)
    assert both.ready() == []
    received(both.client_peer, len(LARGE) - both.client.conn.pending)
    select.select([], [both.client.conn.sock], [])
    assert both.ready() == [Side.CLIENT]


@pytest.mark.parametrize(
    "pending, blocked, relay, expected",
    [
        (0, False, False, True),
        (0, False, True, True),
        (1, True, True, False),
        (1, True, False, True),
        (999, True, False, True),
        (1000, True, False, False),
        (5000, True, False, False),
        (5000, False, False, True),
        (5000, False, True, True),
    ],
)
def test_what_one_side_does_not_take_holds_the_other(both, pending, blocked, relay, expected):
    both.client.conn.put(bytes(pending))
    both.client.conn.blocked = blocked
    both.server.relay = SimpleNamespace(onward=True) if relay else None
    assert both.lanes.reads(both.server) is expected
    assert both.lanes.reads(both.client) is not (blocked and pending >= 1000)


def test_literals_of_a_client_that_takes_nothing(both):
    both.client.conn.put(bytes(1000))
    both.client.conn.blocked = True
    assert not both.lanes.reads(both.client)
    both.client.relay = SimpleNamespace(onward=True)
    assert both.lanes.reads(both.client)


def test_a_server_that_takes_nothing_is_heard(both):
    """It may take nothing because we do not take what it sends."""
    both.server.conn.put(bytes(1000))
    both.server.conn.blocked = True
    assert both.lanes.reads(both.server) and not both.lanes.reads(both.client)


def test_octets_of_a_literal_need_not_be_wanted(both):
    both.unwanted = {Side.SERVER}
    assert not both.lanes.reads(both.server)
    both.server.relay = SimpleNamespace(onward=True)
    assert both.lanes.reads(both.server)


def test_a_side_that_has_ended_is_watched_for_its_hang_up(both):
    both.client_peer.shutdown(1)
    assert both.ready() == [Side.CLIENT]
    with pytest.raises(PeerClosed):
        both.client.conn.receive()
    assert not both.lanes.reads(both.client) and both.ready() == []
    reset(both.client_peer)
    [(lane, mask)] = both.lanes.wait(60)
    assert lane is both.client and mask & GONE


def test_octets_that_poll_does_not_see(both):
    class Buffered:
        plain = False
        buffered = True
        read_wants = select.POLLIN
        write_wants = select.POLLOUT

        def read(self, most): ...

        def write(self, octets): ...

        def write_many(self, pieces): ...

    both.server.conn.become(Buffered())
    assert both.lanes.wait(3600) == [(both.server, select.POLLIN)]
    both.unwanted = {Side.SERVER}
    assert both.ready() == []
