import errno
import os
import select
import threading

import pytest

from kernun_common.errors import PeerClosed, Side
from kernun_common.netio import relay as relays
from kernun_common.netio.intake import SIZE
from kernun_common.netio.relay import ROUNDS, SPLICE_FROM, Relay
from tests.support.streams import conn_pair, received, reset

SIZES = [1, 5000, SIZE - 1, SIZE, SIZE + 1, SPLICE_FROM - 1, SPLICE_FROM, 5_000_000]


def octets_of(size):
    return (bytes(range(251)) * (size // 251 + 1))[:size]


class Ends:
    """Source and destination, with a peer thread that sends and one that collects."""

    def __init__(self, size):
        self.source, self.sender = conn_pair(Side.SERVER)
        self.destination, self.receiver = conn_pair(Side.CLIENT)
        self.relay = Relay(self.source, self.destination, size)
        self.arrived = self.behind = b""

    def run(self, send, collect=received):
        """Step until all is through, as the session's loop does."""
        collecting = threading.Thread(target=self._collect, args=[collect])
        threads = [threading.Thread(target=send), collecting]
        for thread in threads:
            thread.start()
        try:
            while self.relay.left or self.destination.pending:
                self._wait()
                self.destination.flush()
                self.relay.step()
        finally:
            self.behind = bytes(self.source.take(SIZE))
            self.destination.close()
            self.source.close()
            for thread in threads:
                thread.join()

    def _collect(self, collect):
        self.arrived = collect(self.receiver)

    def _wait(self):
        poll = select.poll()
        if self.destination.blocked:
            poll.register(self.destination.fd, self.destination.wants(False))
        elif self.relay.left and not self.source.buffered:
            poll.register(self.source.fd, self.source.wants(True))
        else:
            return
        poll.poll()


def slowly(sock):
    octets = b""
    while more := sock.recv(1000):
        octets += more
    return octets


@pytest.mark.parametrize("collect", [received, slowly])
@pytest.mark.parametrize("size", SIZES)
def test_exactly_so_many_octets(size, collect):
    ends = Ends(size)
    octets = octets_of(size)
    ends.run(lambda: ends.sender.sendall(octets + b")\r\n"), collect)
    assert ends.arrived == octets and b")\r\n".startswith(ends.behind)
    assert ends.destination.octets_out == size
    assert ends.source.octets_in == size + len(ends.behind)


@pytest.mark.parametrize("size", SIZES)
def test_what_follows_is_not_touched(size):
    source, sender = conn_pair(Side.SERVER)
    destination, receiver = conn_pair()
    sending = threading.Thread(target=sender.sendall, args=[octets_of(size) + b")\r\n"])
    collecting = threading.Thread(target=received, args=[receiver, size])
    sending.start(), collecting.start()
    relay = Relay(source, destination, size)
    while relay.left or destination.pending:
        destination.flush()
        relay.step()
    sending.join(), collecting.join()
    assert source.receive() == b")\r\n"


ENDS = [(lambda sock: sock.close(), ""), (reset, os.strerror(errno.ECONNRESET))]


@pytest.mark.parametrize("end, failure", ENDS, ids=["close", "reset"])
@pytest.mark.parametrize("size", [1000, SPLICE_FROM])
def test_a_source_that_ends_before(size, end, failure):
    ends = Ends(size)
    octets = octets_of(size - 1)

    def send():
        ends.sender.sendall(octets)
        end(ends.sender)

    with pytest.raises(PeerClosed) as closed:
        ends.run(send)
    assert closed.value.side is Side.SERVER and ends.relay.left
    assert closed.value.failure == failure


@pytest.mark.parametrize("size", [5000, 5_000_000])
def test_a_destination_that_goes_away_does_not_stop_the_source(size):
    ends = Ends(size)
    ends.run(lambda: ends.sender.sendall(octets_of(size)), reset)
    assert ends.relay.left == 0 and ends.destination.deaf


def test_nothing_is_read_while_the_destination_takes_nothing():
    ends = Ends(10)
    ends.sender.sendall(b"0123456789")
    ends.destination.send(octets_of(10_000_000))
    assert ends.destination.blocked and ends.relay.step() == 0


def test_several_literals_go_out_with_what_stands_between_them():
    source, sender = conn_pair(Side.SERVER)
    destination, receiver = conn_pair()
    sender.sendall(b"first)\r\n* 2 FETCHsecond)\r\n")
    select.select([source.sock], [], [])
    for literal, behind in [(b"first", 12), (b"second", 3)]:
        relay = Relay(source, destination, len(literal))
        while relay.left:
            relay.step()
        destination.put(source.receive(behind))
    assert destination.octets_out == 0 and not source.ahead
    destination.flush()
    assert received(receiver, 26) == b"first)\r\n* 2 FETCHsecond)\r\n"


@pytest.mark.parametrize("size", [10, SPLICE_FROM])
def test_what_was_put_before_goes_out_before(size):
    ends = Ends(size)
    octets = octets_of(size)
    ends.destination.put(b"before")
    ends.run(lambda: ends.sender.sendall(octets))
    assert ends.arrived == b"before" + octets


def test_a_step_ends_though_both_sides_are_fast():
    class Endless:
        plain = True
        blocked = deaf = False
        ahead = 0

        def read_ahead(self):
            return True

        def take(self, most):
            return bytes(SIZE)

        def put(self, octets):
            pass

        def flush(self):
            pass

    relay = Relay(Endless(), Endless(), SPLICE_FROM - 1)
    relay.left = 1 << 40
    assert relay.step() == ROUNDS * SIZE


def pipe_refused():
    raise OSError("no descriptors left")


@pytest.mark.parametrize("pipe", [pipe_refused, lambda: type("Small", (), {"size": 4096})])
def test_without_a_good_pipe_the_buffer_serves(monkeypatch, pipe):
    monkeypatch.setattr(relays.Conn, "pipe", lambda conn: pipe())
    monkeypatch.setattr(relays.Conn, "splice", None)
    size = SPLICE_FROM
    ends = Ends(size)
    ends.run(lambda: ends.sender.sendall(octets_of(size)))
    assert ends.arrived == octets_of(size)
