import select
import threading

import pytest

from kernun_common.errors import PeerClosed, Side
from kernun_common.netio import relay as relays
from kernun_common.netio.relay import BUFFER, ROUNDS, SPLICE_FROM, Buffer, Relay
from tests.support.streams import conn_pair, received, reset

SIZES = [1, 5000, BUFFER - 1, BUFFER, BUFFER + 1, SPLICE_FROM - 1, SPLICE_FROM, 5_000_000]


def octets_of(size):
    return (bytes(range(251)) * (size // 251 + 1))[:size]


class Ends:
    """Source and destination, with a peer thread that sends and one that collects."""

    def __init__(self, size):
        self.source, self.sender = conn_pair(Side.SERVER)
        self.destination, self.receiver = conn_pair(Side.CLIENT)
        self.relay = Relay(self.source, self.destination, size, Buffer())
        self.arrived = b""

    def run(self, send, collect=received):
        """Step until all is through, as the session's loop does."""
        collecting = threading.Thread(target=self._collect, args=[collect])
        threads = [threading.Thread(target=send), collecting]
        for thread in threads:
            thread.start()
        try:
            while self.relay.left or self.destination.pending:
                self._wait()
                if self.destination.blocked:
                    self.destination.flush()
                self.relay.step()
        finally:
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
        else:
            poll.register(self.source.fd, self.source.wants(True))
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
    assert ends.arrived == octets
    assert ends.source.octets_in == ends.destination.octets_out == size


@pytest.mark.parametrize("size", SIZES)
def test_what_follows_is_not_touched(size):
    source, sender = conn_pair(Side.SERVER)
    destination, receiver = conn_pair()
    sending = threading.Thread(target=sender.sendall, args=[octets_of(size) + b")\r\n"])
    collecting = threading.Thread(target=received, args=[receiver, size])
    sending.start(), collecting.start()
    relay = Relay(source, destination, size, Buffer())
    while relay.left or destination.pending:
        destination.flush()
        relay.step()
    sending.join(), collecting.join()
    assert source.receive() == b")\r\n"


@pytest.mark.parametrize("end", [lambda sock: sock.close(), reset], ids=["close", "reset"])
@pytest.mark.parametrize("size", [1000, SPLICE_FROM])
def test_a_source_that_ends_before(size, end):
    ends = Ends(size)
    octets = octets_of(size - 1)

    def send():
        ends.sender.sendall(octets)
        end(ends.sender)

    with pytest.raises(PeerClosed) as closed:
        ends.run(send)
    assert closed.value.side is Side.SERVER and ends.relay.left


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

        def receive_into(self, view):
            return len(view)

        def send_view(self, view):
            pass

    relay = Relay(Endless(), Endless(), SPLICE_FROM - 1, Buffer())
    relay.left = 1 << 40
    assert relay.step() == ROUNDS * BUFFER


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
