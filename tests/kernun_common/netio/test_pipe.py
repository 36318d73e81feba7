
import pytest

from kernun_common.netio import pipe as pipes
from kernun_common.netio.pipe import Pipe
from tests.support.belongings import belongings
from tests.support.streams import received, reset, tcp_pair

LARGE = bytes(range(256)) * 40_000  # more than loopback sockets hold

pytestmark = pytest.mark.skipif(not pipes.AVAILABLE, reason="no splice(2) here")


@pytest.fixture
def pipe():
    made = Pipe()
    yield made
    made.close()


def test_octets_cross(pipe):
    source, sender = tcp_pair()
    destination, receiver = tcp_pair()
    source.setblocking(False)
    assert pipe.fill(source.fileno(), 10) is None
    sender.sendall(b"0123456789abc")
    source.setblocking(True)
    assert pipe.fill(source.fileno(), 10) == len(pipe) == 10
    assert pipe.drain(destination.fileno()) == 10
    assert len(pipe) == 0
    assert received(receiver, 10) == b"0123456789"
    assert received(source, 3) == b"abc"


def test_what_the_destination_does_not_take_stays(pipe):
    source, sender = tcp_pair()
    destination, receiver = tcp_pair()
    destination.setblocking(False)
    sent = 0
    while not len(pipe):
        sender.sendall(b"x" * 60_000)
        sent += pipe.fill(source.fileno(), 60_000)
        pipe.drain(destination.fileno())
    held = len(pipe)
    arrived = received(receiver, sent - held)
    destination.setblocking(True)
    while len(pipe):
        pipe.drain(destination.fileno())
    destination.close()
    assert len(arrived + received(receiver)) == sent


def test_the_end_of_the_source(pipe):
    source, sender = tcp_pair()
    sender.close()
    assert pipe.fill(source.fileno(), 10) == 0


def test_a_source_that_is_reset(pipe):
    source, sender = tcp_pair()
    reset(sender)
    with pytest.raises(ConnectionResetError):
        pipe.fill(source.fileno(), 10)


def test_a_destination_that_is_gone(pipe):
    source, sender = tcp_pair()
    destination, receiver = tcp_pair()
    reset(receiver)
    sender.sendall(b"x")
    pipe.fill(source.fileno(), 1)
    with pytest.raises(OSError):
        pipe.drain(destination.fileno())
        pipe.drain(destination.fileno())


def test_the_kernel_may_refuse_a_large_one(monkeypatch):
    monkeypatch.setattr(pipes, "SIZES", (1 << 40, 1 << 16))
    refused = []

    def fcntl(fd, command, *value):
        if value and value[0] > 1 << 16:
            refused.append(value[0])
            raise PermissionError
        return real(fd, command, *value)

    real = pipes.fcntl.fcntl
    monkeypatch.setattr(pipes.fcntl, "fcntl", fcntl)
    made = Pipe()
    made.close()
    assert refused == [1 << 40] and made.size == 1 << 16


def test_close_gives_the_descriptors_back():
    before = belongings()
    Pipe().close()
    assert belongings() <= before
