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
    assert queue.octets == 18

    def write_many(pieces):
        return destination.sendmsg(pieces)

    queue.send(write_many, destination.fileno())
    assert queue.octets == 0 and received(receiver, 18) == b"before pipe behind"
    pipe.close()
