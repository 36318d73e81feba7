import pytest

from kernun_common.netio import pipe as pipes
from kernun_common.netio.pipe import Pipe
from kernun_common.netio.queue import MOST, Queue
from tests.support.streams import received, tcp_pair


class Taker:
    """Takes so many octets in each call, then all."""

    def __init__(self, *portions):
        self.portions = list(portions)
        self.taken = b""
        self.calls = []

    def __call__(self, pieces):
        self.calls.append(len(pieces))
        octets = b"".join(pieces)
        taken = octets[: self.portions.pop(0)] if self.portions else octets
        self.taken += taken
        return len(taken)


PIECES = [b"one", bytearray(b"two"), memoryview(b"three"), b"", b"four"]
ALL = b"onetwothreefour"


def queue_of(*pieces):
    queue = Queue()
    for piece in pieces:
        queue.put(piece)
    return queue


@pytest.mark.parametrize("first", range(len(ALL) + 1))
@pytest.mark.parametrize("second", [0, 1, 7])
def test_what_is_not_taken_stays_in_its_order(first, second):
    queue, taker = queue_of(*PIECES), Taker(first, second)
    while queue.octets:
        queue.send(taker, -1)
        assert queue.octets == len(ALL) - len(taker.taken)
    assert taker.taken == ALL


def test_a_refusal_ends_the_attempt():
    queue, taker = queue_of(b"one", b"two"), Taker(4)
    queue.send(taker, -1)
    assert (queue.octets, taker.calls) == (2, [2])


def test_many_pieces():
    queue, taker = queue_of(*[b"x"] * (2 * MOST + 1)), Taker()
    queue.send(taker, -1)
    assert (queue.octets, taker.calls) == (0, [MOST, MOST, 1])


@pytest.mark.parametrize("taken", range(9))
def test_a_view_goes_with_what_waits(taken):
    queue, taker, buffer = queue_of(b"on", b"e "), Taker(taken), bytearray(b"view")
    queue.send_with(taker, memoryview(buffer))
    buffer[:] = b"----"
    assert taker.calls == [3] and queue.octets == 8 - taken
    queue.send(taker, -1)
    assert taker.taken == b"one view"


def test_a_view_alone():
    queue, taker = Queue(), Taker()
    queue.send_with(taker, memoryview(b"view"))
    assert (taker.taken, queue.octets) == (b"view", 0)


def test_a_view_behind_more_than_is_offered_at_once_waits():
    queue, taker = queue_of(*[b"x"] * (MOST + 1)), Taker()
    queue.send_with(taker, memoryview(b"view"))
    assert taker.calls == []
    queue.send(taker, -1)
    assert taker.taken == b"x" * (MOST + 1) + b"view"


def test_clear():
    queue = queue_of(*PIECES)
    queue.clear()
    queue.send(Taker(), -1)
    assert queue.octets == 0


@pytest.mark.skipif(not pipes.AVAILABLE, reason="no splice(2) here")
def test_a_pipe_keeps_its_place():
    source, sender = tcp_pair()
    destination, receiver = tcp_pair()
    pipe = Pipe()
    sender.sendall(b"pipe")
    pipe.fill(source.fileno(), 4)
    queue = queue_of(b"before ", pipe, b" behind")
    queue.send_with(None, memoryview(b" view"))
    assert queue.octets == 23

    def write_many(pieces):
        return destination.sendmsg(pieces)

    queue.send(write_many, destination.fileno())
    assert queue.octets == 0 and received(receiver, 23) == b"before pipe behind view"
    pipe.close()
