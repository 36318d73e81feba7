"""dialogue: scripts over real sockets; servers that are rude, slow or not there."""

import errno
import os
import socket
import threading
import time
from contextlib import ExitStack
from ipaddress import ip_address

import pytest

from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Unavailable
from kernun_common.netio.dialogue import converse
from kernun_common.netio.script import CLOSED, Passing, more_in, put
from kernun_common.netio.section import SockOpt
from kernun_common.netio.waiting import Waiter
from kernun_common.steps import Together, alone
from tests.support import errnos
from tests.support.errnos import CONNECT, RECV, SEND, SET, fail
from tests.support.peers import PATIENCE, FakeServer
from tests.support.ports import HOST, free_ports
from tests.support.waiting import wait_until

LOOPBACK = ip_address(HOST)
NAMES = {"scan.example": (ip_address("127.0.0.2"), LOOPBACK), "empty.example": ()}
SOON = 0.05  # seconds that a silent server is waited for
MUCH = 8 << 20  # octets: more than the system's buffers hold


def question(pieces=(b"ask\n",), most=1 << 16):
    """Sends the pieces; the answer is a line."""
    buffer = bytearray()
    for piece in pieces:
        put((yield piece), buffer, most)
        if b"\n" in buffer:
            break
    while b"\n" not in buffer:
        yield from more_in(buffer, most)
    return bytes(buffer)


def ask(place, script=None, **options):
    if isinstance(place, int):
        place = Sock(Host(address=LOOPBACK), place)
    steps = converse(place, SockOpt(**options), NAMES, script or question())
    return alone(steps, Waiter().until)


def failure(*arguments, **options):
    with pytest.raises(Unavailable) as raised:
        ask(*arguments, **options)
    return raised.value.what


def answering(octets, cut=1 << 16):
    def script(peer):
        assert peer.until(b"\n") == b"ask\n"
        peer.send_cut(octets, cut)

    return script


@pytest.mark.parametrize("cut", [1, 3, 100])
def test_question_and_answer(cut):
    with FakeServer(answering(b"an answer\n", cut)) as server:
        assert ask(server.port) == b"an answer\n"


def test_much_is_sent():
    pieces = [bytes([number]) * 65536 for number in range(MUCH >> 16)] + [b"\n"]

    def script(peer):
        assert peer.take(MUCH) + peer.until(b"\n") == b"".join(pieces)
        peer.send(b"done\n")

    with FakeServer(script) as server:
        assert ask(server.port, question(pieces)) == b"done\n"


def test_an_answer_before_all_is_sent():
    """The server does not read, so that the rest could never be sent."""
    def script(peer):
        peer.send(b"enough\n")
        over.wait(PATIENCE)

    over = threading.Event()
    with FakeServer(script) as server:
        assert ask(server.port, question([b"x" * 65536] * (MUCH >> 16))) == b"enough\n"
        over.set()


def test_a_server_that_stops_listening_is_heard():
    """As clamd does when a stream is too long: it answers and closes, with octets unread."""
    def script(peer):
        peer.take(1)
        peer.send(b"too much\n")

    with FakeServer(script) as server:
        assert ask(server.port, question([b"x" * MUCH])) == b"too much\n"


@pytest.mark.parametrize("octets", [b"", b"half an answer"])
def test_nothing_more_is_read_for_a_server_that_is_gone(octets):
    """There is no end of what could be sent."""
    def script(peer):
        peer.take(1)
        peer.send(octets)

    with FakeServer(script) as server:
        assert failure(server.port, question(iter(lambda: b"x" * 65536, b""))) == CLOSED


RUDE = [
    (lambda peer: None, CLOSED),
    (lambda peer: (peer.until(b"\n"), peer.reset()), CLOSED),
    (lambda peer: (peer.until(b"\n"), peer.send(b"half")), CLOSED),
    (lambda peer: (peer.until(b"\n"), peer.send(b"x" * 70_000)), "its answer is too long"),
    (lambda peer: peer.until(b"never"), "nothing within recv-timeout"),
]


@pytest.mark.parametrize("script, words", RUDE)
def test_no_answer(script, words):
    with FakeServer(script) as server:
        assert failure(server.port, recv_timeout=SOON if "recv" in words else 60.0) == words


def test_a_server_that_takes_nothing():
    over = threading.Event()
    with FakeServer(lambda peer: over.wait(PATIENCE)) as server:
        script = question([b"x" * MUCH])
        assert failure(server.port, script, send_timeout=SOON) == "nothing within send-timeout"
        over.set()


def test_an_answer_that_trickles_has_one_recv_timeout():
    def script(peer):
        peer.until(b"\n")
        while not over.wait(SOON / 10):
            peer.send(b"x")

    over = threading.Event()
    with FakeServer(script) as server:
        assert failure(server.port, recv_timeout=SOON) == "nothing within recv-timeout"
        over.set()


def test_nobody_listens():
    [port] = free_ports(1)
    assert failure(port) == f"[{HOST}]:{port}: Connection refused"
    assert failure("/nowhere/sock") == "No such file or directory"


def test_names():
    with FakeServer(answering(b"yes\n")) as server:
        assert ask(Sock(Host(name="scan.example"), server.port)) == b"yes\n"  # the second address
    for name in ("empty.example", "unknown.example"):
        assert failure(Sock(Host(name=name), 1)) == f"{name}: no address is known"


def test_descriptors_are_given_back():
    def count():
        return len(os.listdir("/proc/self/fd"))

    before = count()
    [port] = free_ports(1)
    failure(port)
    with FakeServer(answering(b"yes\n")) as server:
        ask(server.port)
        steps = converse(
            Sock(Host(address=LOOPBACK), server.port), SockOpt(), NAMES, question()
        )
        next(steps)
        steps.close()
    wait_until(lambda: count() == before, "the server's thread to end")


def test_a_script_that_fails_is_closed():
    def broken():
        try:
            yield b"ask\n"
            yield from more_in(bytearray(), 0)
        finally:
            closed.append(True)

    closed = []
    with FakeServer(answering(b"yes\n")) as server:
        failure(server.port, broken())
    assert closed == [True]


# --- unix sockets ----------------------------------------------------------------------------


def test_a_descriptor_is_passed(tmp_path):
    path = str(tmp_path / "sock")
    (tmp_path / "file").write_bytes(b"what is in the file\n")

    def script(fd):
        buffer = bytearray()
        put((yield Passing(b"\0", fd)), buffer, 1000)
        while b"\n" not in buffer:
            yield from more_in(buffer, 1000)
        return bytes(buffer)

    def serve():
        sock, _ = listener.accept()
        with sock:
            octets, fds, _, _ = socket.recv_fds(sock, 10, 1)
            with open(fds[0], "rb") as file:
                sock.sendall(octets + file.read())

    with socket.socket(socket.AF_UNIX) as listener, open(tmp_path / "file", "rb") as file:
        listener.bind(path)
        listener.listen()
        thread = threading.Thread(target=serve)
        thread.start()
        assert ask(path, script(file.fileno())) == b"\0what is in the file\n"
        thread.join(PATIENCE)


@pytest.fixture
def full_queue(tmp_path):
    """A unix socket at which no more connections fit; also its path, and those that wait."""
    path = str(tmp_path / "full")
    with ExitStack() as stack:
        listener = stack.enter_context(socket.socket(socket.AF_UNIX))
        listener.bind(path)
        listener.listen(0)
        fillers = []
        while True:
            fillers.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            fillers[-1].setblocking(False)
            if fillers[-1].connect_ex(path) == errno.EAGAIN:
                break
        yield listener, path, fillers


def test_a_full_queue_is_waited_for(full_queue):
    listener, path, fillers = full_queue

    def serve():
        while True:
            sock, _ = listener.accept()
            with sock:
                if sock.recv(10) == b"ask\n":
                    sock.sendall(b"yes\n")
                    return

    together = Together()
    together.start("a", lambda: converse(path, SockOpt(), NAMES, question()))
    assert together.step(()) == [] and len(together.wants()) == 1
    for filler in fillers:
        filler.close()
    thread = threading.Thread(target=serve)
    thread.start()
    assert together.wait(time.monotonic() + PATIENCE) == [("a", b"yes\n")]
    thread.join(PATIENCE)


def test_a_full_queue_for_too_long(full_queue):
    assert failure(full_queue[1], conn_timeout=SOON) == os.strerror(errno.EAGAIN)


# --- options of the socket -------------------------------------------------------------------

OPTIONS = [
    (dict(keepalive=False), socket.SOL_SOCKET, socket.SO_KEEPALIVE, 0),
    (dict(keepalive=True), socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1),
    (dict(ip_tos=0x20), socket.IPPROTO_IP, socket.IP_TOS, 0x20),
    (dict(close_timeout=2.5), socket.IPPROTO_TCP, socket.TCP_LINGER2, 3),
]


@pytest.mark.parametrize("options, level, name, value", OPTIONS)
def test_options(options, level, name, value, monkeypatch):
    """As they are when the socket is closed."""
    seen, close = [], socket.socket.close

    def watch(sock):
        if sock.fileno() >= 0 and sock.type == socket.SOCK_STREAM and is_client(sock):
            seen.append(sock.getsockopt(level, name))
        close(sock)

    with FakeServer(answering(b"yes\n")) as server:
        def is_client(sock):
            try:
                return sock.getpeername()[1] == server.port
            except OSError:
                return False

        monkeypatch.setattr(socket.socket, "close", watch)
        ask(server.port, **options)
        monkeypatch.undo()
    assert seen == [value]


@pytest.mark.parametrize("seconds, is_reset", [(0.0, True), (5.0, False)])
def test_close_timeout_0_resets(seconds, is_reset):
    """What the server sees after its answer."""
    ends = []

    def script(peer):
        peer.until(b"\n")
        peer.send(b"yes\n")
        try:
            ends.append(peer.socket.recv(10))
        except ConnectionResetError:
            ends.append("reset")

    with FakeServer(script) as server:
        ask(server.port, close_timeout=seconds)
        wait_until(lambda: ends, "the end that the server sees")
    assert ends == (["reset"] if is_reset else [b""])


@pytest.mark.parametrize("size", [1, 1000])
def test_send_bufsize(size, monkeypatch):
    """No more is given to the system at once."""
    sent = []

    class Counting(socket.socket):
        def send(self, octets, *flags):
            sent.append(len(octets))
            return super().send(octets, *flags)

    with FakeServer(lambda peer: (peer.until(b"\n"), peer.send(b"yes\n"))) as server:
        monkeypatch.setattr(socket, "socket", Counting)
        steps = converse(
            Sock(Host(address=LOOPBACK), server.port),
            SockOpt(send_bufsize=size),
            NAMES,
            question([b"x" * 1500 + b"\n"]),
        )
        assert alone(steps, Waiter().until) == b"yes\n"
        monkeypatch.undo()
    assert max(sent) == size and sum(sent) == 1501


@pytest.mark.parametrize(
    "call, error",
    [
        *(("recv", error) for error in RECV),
        *(("send", error) for error in SEND),
        *(("setsockopt", error) for error in SET),
        *(("connect_ex", error) for error in CONNECT),
        *(("getsockopt", error) for error in SET),
    ],
    ids=lambda value: errnos.name(value) if isinstance(value, int) else value,
)
def test_a_call_fails(monkeypatch, call, error):
    """Whoever asks is told that there is no answer, and nothing is left open.

    Behind a send that says that the server is gone its last words are waited for.
    """
    made = []

    class Faulty(socket.socket):
        """Not those of the server, which is another thread."""

        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            if threading.current_thread() is threading.main_thread():
                made.append(self)

    def fail_ours(sock, *args):
        if sock not in made:
            return getattr(socket.SocketType, call)(sock, *args)
        return error if call == "connect_ex" else fail(error)()

    setattr(Faulty, call, fail_ours)
    with FakeServer(answering(b"yes\n") if call != "recv" else silently) as server:
        with monkeypatch.context() as patch:
            patch.setattr(socket, "socket", Faulty)
            said = failure(server.port, recv_timeout=1.0)
    gone = (errno.ECONNRESET, errno.ECONNABORTED, errno.EPIPE)
    last_words = call == "send" and error in gone and "recv-timeout" in said
    assert os.strerror(error) in said or said == CLOSED or last_words
    assert [sock.fileno() for sock in made] == [-1]


def silently(peer):
    peer.until(b"\n")
    peer.send(b"n")  # something to read
    peer.rest()
