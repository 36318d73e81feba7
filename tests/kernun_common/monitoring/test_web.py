"""web: honest clients are answered, and no other can hold anybody up."""

import select
import socket
from http import HTTPStatus

import pytest

from kernun_common.monitoring import web as web_module
from kernun_common.monitoring.http_message import PLAIN, Response
from kernun_common.monitoring.web import MOST, MOST_READ, PATIENCE, Web
from tests.support.lines import Lines

GET = b"GET /here?a HTTP/1.1\r\nHost: x\r\n\r\n"


class Scene:
    """A web on loopback, driven by hand; `now` is what it is told."""

    def __init__(self, body="answered", allowed=True):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.listening.setblocking(False)
        self.out = Lines()
        self.out.log.level = 9
        self.asked = []
        self.body = body
        self.now = 100.0
        self.web = Web([self.listening], lambda address: allowed, self.answer, self.out.log)
        self.clients = []

    def answer(self, request):
        self.asked.append(request.target)
        return Response(HTTPStatus.OK, PLAIN, self.body)

    def connect(self, octets=b""):
        client = socket.create_connection(self.listening.getsockname())
        client.settimeout(30)
        self.clients.append(client)
        client.sendall(octets)
        self.turn()
        return client

    def turn(self):
        """Until nothing more is ready."""
        while True:
            poll = select.poll()
            for fd, mask in self.web.wants():
                poll.register(fd, mask)
            ready = poll.poll(50)
            if not ready:
                return
            for fd, _ in ready:
                self.web.attend(fd, self.now)

    def rest(self, client):
        """What it is sent, to the end; the web goes on meanwhile."""
        client.setblocking(False)
        octets = b""
        while True:
            try:
                piece = client.recv(1 << 16)
                if not piece:
                    return octets
                octets += piece
            except BlockingIOError:
                self.turn()

    @property
    def open(self):
        return len(list(self.web.wants())) - 1

    def close(self):
        for sock in [*self.clients, self.listening]:
            sock.close()
        self.web.expire(float("inf"))


@pytest.fixture
def scene():
    made = []

    def make(**parts):
        made.append(Scene(**parts))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_a_request(scene):
    stage = scene()
    client = stage.connect(GET)
    octets = stage.rest(client)
    assert octets.startswith(b"HTTP/1.1 200 OK\r\n") and octets.endswith(b"\r\n\r\nanswered")
    client.close()
    stage.turn()
    assert stage.asked == ["/here?a"] and stage.open == 0
    [line] = stage.out.lines
    assert line.startswith("MNTR-740-D HTTP-REQUEST FROM=[127.0.0.1]:")
    assert line.endswith(" TARGET=/here?a STATUS=200")


def test_octet_by_octet(scene):
    stage = scene()
    client = stage.connect()
    for octet in GET:
        client.sendall(bytes([octet]))
        stage.turn()
    assert stage.rest(client).endswith(b"answered") and stage.asked == ["/here?a"]


def test_only_one_request_is_answered(scene):
    stage = scene()
    octets = stage.rest(stage.connect(GET * 5))
    assert octets.count(b"HTTP/1.1") == 1 and stage.asked == ["/here?a"]


def test_a_client_that_closes_its_side_is_answered(scene):
    stage = scene()
    client = socket.create_connection(stage.listening.getsockname())
    stage.clients.append(client)
    client.sendall(GET)
    client.shutdown(socket.SHUT_WR)
    assert stage.rest(client).endswith(b"answered") and stage.open == 0


def test_what_is_no_request(scene):
    stage = scene()
    assert b" 400 " in stage.rest(stage.connect(b"a1 NOOP\r\n\r\n"))
    assert b" 405 " in stage.rest(stage.connect(b"POST / HTTP/1.1\r\n\r\nbody"))
    assert b" 431 " in stage.rest(stage.connect(b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 3000))
    assert not stage.asked and all("TARGET=<NULL>" in line for line in stage.out.lines)


def test_strangers_are_told_so_whatever_they_ask(scene):
    stage = scene(allowed=False)
    for octets in (GET, b"", b"\0" * 100):
        client = stage.connect(octets)
        assert stage.rest(client).startswith(b"HTTP/1.1 403 Forbidden\r\n")
    assert not stage.asked
    assert [line[:23] for line in stage.out.lines] == ["MNTR-812-W HTTP-REFUSED"] * 3


def test_a_large_response_to_a_slow_reader(scene):
    stage = scene(body="y" * 20_000_000)
    slow = stage.connect(GET)
    assert stage.open == 1  # it is not through, and nobody waits for it
    assert stage.rest(stage.connect(GET)).endswith(b"y")
    assert stage.rest(slow).count(b"yy") * 2 == 20_000_000


def test_who_takes_too_long_is_closed(scene):
    stage = scene()
    silent = stage.connect(b"GET /")
    assert stage.web.deadline == 100.0 + PATIENCE
    stage.now += PATIENCE / 2
    second = stage.connect()
    stage.web.expire(100.0 + PATIENCE - 0.1)
    assert stage.open == 2
    stage.web.expire(100.0 + PATIENCE)
    assert stage.open == 1 and silent.recv(1) == b""
    assert stage.web.deadline == stage.now + PATIENCE
    stage.web.expire(stage.web.deadline)
    assert stage.open == 0 and second.recv(1) == b"" and stage.web.deadline == float("inf")


def test_many_silent_clients_lock_nobody_out(scene):
    stage = scene()
    silent = [stage.connect() for _ in range(MOST + 5)]
    assert stage.open == MOST
    assert [one.recv(1) for one in silent[:5]] == [b""] * 5
    assert stage.rest(stage.connect(GET)).endswith(b"answered")


def test_who_talks_on_and_on_is_not_listened_to(scene):
    stage = scene()
    client = stage.connect(GET)
    with pytest.raises(OSError):
        for _ in range(1000):
            client.sendall(b"x" * (MOST_READ // 8))
            stage.turn()
    assert stage.open == 0


def test_a_client_that_is_gone_at_once(scene):
    stage = scene(body="x" * 1_000_000)
    client = stage.connect(GET)
    client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
    client.close()
    stage.turn()
    assert stage.open == 0


def test_no_descriptor_is_left(scene, monkeypatch):
    stage = scene()

    class Full:
        def fileno(self):
            return stage.listening.fileno()

        def accept(self):
            raise OSError(24, "Too many open files")

    web = Web([Full()], lambda address: True, stage.answer, stage.out.log)
    web.attend(stage.listening.fileno(), 0.0)
    assert len(list(web.wants())) == 1


def test_a_descriptor_that_has_gone_meanwhile(scene):
    stage = scene()
    stage.web.attend(9999, 0.0)
    assert stage.open == 0 and web_module.PIECE <= MOST_READ
