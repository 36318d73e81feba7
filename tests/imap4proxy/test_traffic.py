"""Octets between two sockets and engines of a few lines, in a whole session."""

import errno
import os
import select
import socket

import pytest

from imap4proxy.engine.actions import Finish, Result
from imap4proxy.engine.events import Accepted, Closed, Connected, Expired, Received, Timer
from kernun_common.errors import Side
from kernun_common.netio.intake import SIZE
from tests.support.session_stage import (
    LARGE,
    Engine,
    Literals,
    in_thread,
    make_pki,
    of_type,
    securing,
    send_until_gone,
    stages,
)
from tests.support.streams import received, reset
from tests.support.tls import client_context, server_context, talking
from tests.support.waiting import wait_until


@pytest.fixture
def make(monkeypatch):
    with stages(monkeypatch) as stage:
        yield stage


@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    return make_pki(tmp_path_factory.mktemp("pki"))


def test_octets_go_both_ways(make):
    stage = make()
    server = stage.accept()
    server.sendall(b"* OK\r\n")
    assert received(stage.client, 6) == b"* OK\r\n"
    stage.client.sendall(b"a NOOP\r\n")
    assert received(server, 8) == b"a NOOP\r\n"
    stage.client.close()
    stage.end()
    assert [type(event) for event in stage.engine.seen] == [
        Accepted,
        Connected,
        Received,
        Received,
        Closed,
    ]


def test_both_directions_are_independent(make):
    """Each side sends megabytes before it reads the first octet but a slow trickle."""
    stage = make()
    server = stage.accept()
    threads = [
        in_thread(stage.client.sendall, LARGE),
        in_thread(server.sendall, LARGE),
        in_thread(received, stage.client, len(LARGE)),
        in_thread(received, server, len(LARGE)),
    ]
    for thread in threads:
        thread.join()
    assert [thread.results[0] for thread in threads[2:]] == [LARGE, LARGE]


@pytest.mark.parametrize("side", Side)
def test_a_side_that_takes_nothing_is_waited_for_without_holding_much(make, side):
    stage = make()
    server = stage.accept()
    taker, sender = (stage.client, server) if side is Side.CLIENT else (server, stage.client)
    sending = in_thread(sender.sendall, LARGE)
    wait_until(lambda: stage.session._lanes.conns.get(side), "the connection")
    conn = stage.session._lanes[side].conn
    wait_until(lambda: conn.pending >= conn.options.send_bufsize, "a queue")
    assert conn.pending <= conn.options.send_bufsize + conn.options.recv_bufsize
    if side is Side.SERVER:  # the other direction still works
        server.sendall(b"* OK\r\n")
        assert received(stage.client, 6) == b"* OK\r\n"
    assert received(taker, len(LARGE)) == LARGE
    sending.join()


@pytest.mark.parametrize("side", Side)
@pytest.mark.parametrize("size", [0, 1, 100_000, SIZE, 2_000_000])
def test_octets_of_a_literal_go_past_the_engine(make, side, size):
    stage = make(Literals)
    server = stage.accept()
    sender, taker = (stage.client, server) if side is Side.CLIENT else (server, stage.client)
    head, tail = b"{%d}" % size, b")\r\n"
    whole = (head + LARGE[:size] + tail) * 3
    taking = in_thread(received, taker, len(whole))
    for _ in range(3):
        sender.sendall(head)
        sender.sendall(LARGE[:size] + tail)
    taking.join()
    assert taking.results == [whole]
    seen = stage.engine.octets_of(side)
    conn = stage.session._lanes[side].conn
    assert len(seen) <= 3 * (len(head + tail) + conn.options.recv_bufsize)
    assert conn.octets_in == len(whole)


def test_literals_both_ways_at_once(make):
    stage = make(Literals)
    server = stage.accept()
    whole = b"{%d}" % len(LARGE) + LARGE
    threads = [
        in_thread(stage.client.sendall, whole),
        in_thread(server.sendall, whole),
        in_thread(received, stage.client, len(whole)),
        in_thread(received, server, len(whole)),
    ]
    for thread in threads:
        thread.join()
    assert [thread.results[0] for thread in threads[2:]] == [whole, whole]


def test_a_source_that_ends_within_a_literal_is_told_to_the_engine(make):
    class Truncating(Literals):
        def closed(self, event):
            return [Finish(Result.FAILED, reset=True)]

    stage = make(Truncating)
    server = stage.accept()
    server.sendall(b"{100}half of it")
    assert received(stage.client, 15) == b"{100}half of it"
    server.close()
    with pytest.raises(ConnectionResetError):
        stage.client.recv(1)
    stage.end()
    assert stage.engine.seen[-1] == Closed(Side.SERVER)


def test_a_side_is_read_when_the_engine_wants_it(make):
    class Deaf(Engine):
        wants = False

        def reading(self, side):
            return self.wants or side is Side.SERVER

        def received(self, event):
            self.wants = True
            return super().received(event)

    stage = make(Deaf)
    server = stage.accept()
    stage.client.sendall(b"a NOOP\r\n")
    server.sendall(b"* OK\r\n")
    assert received(server, 8) == b"a NOOP\r\n"
    assert [event.side for event in of_type(stage, Received)] == [Side.SERVER, Side.CLIENT]


# The ends of peers

def test_a_client_that_sends_no_more_still_gets_what_it_is_owed(make):
    class Patient(Engine):
        def closed(self, event):
            return [] if event.side is Side.CLIENT else super().closed(event)

        def reading(self, side):
            return side is Side.SERVER or Closed(Side.CLIENT) not in self.seen

    stage = make(Patient)
    server = stage.accept()
    stage.client.sendall(b"a NOOP\r\n")
    stage.client.shutdown(socket.SHUT_WR)
    assert received(server, 8) == b"a NOOP\r\n"
    server.sendall(b"a OK\r\n")
    assert received(stage.client, 6) == b"a OK\r\n"
    server.close()
    stage.end()
    assert of_type(stage, Closed) == [Closed(Side.CLIENT), Closed(Side.SERVER)]


def test_a_client_that_is_reset_behind_its_end_is_gone(make):
    class Waiting(Engine):
        def closed(self, event):
            return [Finish(Result.ACCEPTED)] if event.deaf else []

    stage = make(Waiting)
    stage.accept()
    stage.client.shutdown(socket.SHUT_WR)
    wait_until(lambda: of_type(stage, Closed), "the end of its octets")
    reset(stage.client)
    stage.end()
    assert of_type(stage, Closed) == [Closed(Side.CLIENT), Closed(Side.CLIENT, deaf=True)]


def test_a_client_that_takes_nothing_any_more_is_gone(make):
    class Held(Engine):
        def reading(self, side):
            return side is Side.SERVER

    stage = make(Held)
    server = stage.accept()
    reset(stage.client)
    sending = in_thread(send_until_gone, server)
    stage.end()
    server.close()
    sending.join()
    failure = os.strerror(errno.ECONNRESET)
    assert of_type(stage, Closed) == [Closed(Side.CLIENT, deaf=True, failure=failure)]


@pytest.mark.parametrize("side", Side)
def test_a_reset_is_told_to_the_engine(make, side):
    stage = make()
    server = stage.accept()
    server.sendall(b"* OK\r\n")
    assert received(stage.client, 6) == b"* OK\r\n"
    reset({Side.CLIENT: stage.client, Side.SERVER: server}[side])
    stage.end()
    failure = os.strerror(errno.ECONNRESET)
    assert of_type(stage, Closed) == [Closed(side, failure=failure)]


def test_what_a_server_says_before_it_goes_is_heard(make):
    """It closes with octets unread, which is a reset; its BYE came before that."""
    stage = make()
    server = stage.accept()
    stage.client.sendall(b"a NOOP\r\n")
    select.select([server], [], [])
    server.sendall(b"* BYE\r\n")
    server.close()
    assert received(stage.client) == b"* BYE\r\n"
    stage.client.close()
    stage.end()
    assert of_type(stage, Closed)[0].side is Side.SERVER


def test_a_server_that_takes_nothing_and_says_nothing_is_not_waited_for(make):
    """What a send failed of is lost; without it the server has no reason to answer."""
    stage = make(server={"recv_timeout": 0.05})
    server = stage.accept()
    wait_until(lambda: stage.engine.conversation.server, "the connection")

    def fail(octets):
        raise OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))

    stage.session._lanes[Side.SERVER].conn._write = fail
    stage.client.sendall(b"a NOOP\r\n")
    stage.end()
    server.close()
    assert stage.engine.seen[-1] == Expired(Timer.RECV, Side.SERVER)


def test_octets_that_break_tls_end_that_side(make, pki):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()) as client:
        pass
    with talking(stage.accept(), server_context(pki.files)) as server:
        pass
    below = socket.socket(fileno=client.sock.detach())
    below.sendall(b"a NOOP\r\n" * 5000)
    stage.end()
    assert stage.engine.seen[-1].side is Side.CLIENT and server.sock is not None
    assert any("TLS-BROKEN" in text for _, text in stage.log.written)
