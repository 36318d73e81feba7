"""The loop, on real sockets, with engines of a few lines in the place of the real one."""

import errno
import math
import os
import select
import socket

import pytest

from imap4proxy import messages, session
from imap4proxy.engine import actions, events
from imap4proxy.engine.actions import Arm, Finish, Result, SendToClient
from imap4proxy.engine.events import Accepted, Closed, Connected, Expired, Received, Timer
from kernun_common.errors import Side
from kernun_common.monitoring.record import Live
from kernun_common.netio.intake import SIZE
from tests.support.session_stage import (
    FAR,
    LARGE,
    Engine,
    Fault,
    Literals,
    in_thread,
    make_pki,
    of_type,
    securing,
    stages,
)
from tests.support.streams import received, reset
from tests.support.tls import client_context, server_context, talking
from tests.support.waiting import wait_until


@pytest.fixture
def make(monkeypatch):
    with stages(monkeypatch) as stage:
        yield stage


# Octets

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


def test_what_is_shown_of_a_session(make):
    """While it connects, once a second, and at the very end."""
    stage = make()
    server = stage.accept()
    server.sendall(b"* OK\r\n")
    assert received(stage.client, 6) == b"* OK\r\n"
    stage.client.sendall(b"a NOOP\r\n")
    assert received(server, 8) == b"a NOOP\r\n"
    passed = Live(from_client=8, to_client=6, from_server=6, to_server=8, commands=3)
    wait_until(lambda: ("not-authenticated", passed) in stage.seat.shown, "the next second")
    assert stage.seat.phases == ["connecting"]
    stage.client.close()
    stage.end()
    assert stage.seat.ended == [("ACCEPTED", passed, ())]


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


def send_until_gone(sock):
    try:
        while True:
            sock.sendall(LARGE)
    except OSError:
        pass


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


def test_a_connection_to_the_server_that_cannot_be_set_up(make, monkeypatch):
    """The system says that of a server that has gone."""

    class Lost(Engine):
        def accepted(self, event):
            monkeypatch.setattr(session, "Conn", fail)
            return super().accepted(event)

    def fail(sock, *arguments):
        socks.append(sock)
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))

    socks = []
    stage = make(Lost)
    stage.end()
    assert of_type(stage, events.Unreachable)[0].reason.endswith(os.strerror(errno.EINVAL))
    assert [sock.fileno() for sock in socks] == [-1]


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


def test_nobody_to_connect_to(make):
    class Lost(Engine):
        def accepted(self, event):
            self.stage.listener.close()
            return super().accepted(event)

    stage = make(Lost)
    stage.end()
    assert "Connection refused" in of_type(stage, events.Unreachable)[0].reason
    assert any("CONNECT-FAILED" in text for _, text in stage.log.written)
    assert received(stage.client) == b""


# Time

@pytest.mark.parametrize("timer", [Timer.IDLE, Timer.LOGIN, Timer.COMMAND, Timer.MAX_TIME])
def test_timers_run_out(make, timer):
    class Timed(Engine):
        def connected(self, event):
            return [*super().connected(event), Arm(timer, 0.05)]

    stage = make(Timed)
    stage.accept()
    stage.end()
    assert stage.engine.seen[-1] == Expired(timer)


def test_a_timer_that_is_disarmed_does_not(make):
    class Disarmed(Engine):
        def connected(self, event):
            timers = [Arm(Timer.LOGIN, 0.01), Arm(Timer.MAX_TIME, 0.05)]
            return [*super().connected(event), *timers, actions.Disarm(Timer.LOGIN)]

    stage = make(Disarmed)
    stage.accept()
    stage.end()
    assert stage.engine.seen[-1] == Expired(Timer.MAX_TIME)


class Midway(Engine):
    side = Side.CLIENT

    def midway(self, side):
        return side is self.side


@pytest.mark.parametrize("side", Side)
def test_silence_in_the_middle_of_a_line(make, side):
    class Sided(Midway):
        pass

    Sided.side = side
    short, long = {"recv_timeout": 0.05}, {"recv_timeout": FAR}
    client, server = (short, long) if side is Side.CLIENT else (long, short)
    stage = make(Sided, client=client, server=server)
    stage.accept()
    stage.end()
    assert stage.engine.seen[-1] == Expired(Timer.RECV, side)


def test_silence_of_a_side_that_is_not_read_does_not_count(make):
    class NotRead(Midway):
        def reading(self, side):
            return side is Side.SERVER

        def connected(self, event):
            return [*super().connected(event), Arm(Timer.MAX_TIME, 0.1)]

    stage = make(NotRead, client={"recv_timeout": 0.01})
    stage.accept()
    stage.end()
    assert stage.engine.seen[-1] == Expired(Timer.MAX_TIME)


@pytest.mark.parametrize("side", Side)
def test_a_side_that_takes_nothing_runs_into_send_timeout(make, side):
    short = {"send_timeout": 0.05}
    stage = make(**{"client" if side is Side.CLIENT else "server": short})
    server = stage.accept()
    sender = server if side is Side.CLIENT else stage.client
    sending = in_thread(send_until_gone, sender)
    stage.end()
    assert stage.engine.seen[-1] == Expired(Timer.SEND, side)
    sender.close()
    sending.join()


# TLS

@pytest.fixture(scope="module")
def pki(tmp_path_factory):
    return make_pki(tmp_path_factory.mktemp("pki"))


@pytest.mark.parametrize("side", Side)
def test_tls_on_both_sides(make, pki, side):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()) as client:
        pass
    with talking(stage.accept(), server_context(pki.files)) as server:
        pass
    sender, taker = (client, server) if side is Side.CLIENT else (server, client)
    whole = (b"{1000000}" + LARGE[:1_000_000] + b")\r\n") * 2
    taking = in_thread(received, taker.sock, len(whole))
    sender.sock.sendall(whole)
    taking.join()
    assert taking.results == [whole]
    secured = of_type(stage, events.Secured)
    assert [event.side for event in secured] == [Side.CLIENT, Side.SERVER]
    assert secured[0].certificate is None
    assert "CN=proxy" in secured[1].certificate.subjects
    for peer in (client, server):
        peer.sock.close()


def test_a_server_that_cannot_be_trusted(make, pki):
    stage = make(securing(pki), contexts=pki.contexts)
    with talking(stage.client, client_context()):
        pass
    with talking(stage.accept(), server_context(pki.other)):
        pass
    stage.end()
    assert "issuer" in of_type(stage, events.Insecure)[0].reason


def test_a_handshake_is_bounded_by_idle_timeout(make, pki):
    class Hasty(securing(pki)):
        def accepted(self, event):
            return [Arm(Timer.IDLE, 0.05), actions.Secure(Side.CLIENT, pki.inside)]

    stage = make(Hasty, contexts=pki.contexts)
    stage.end()
    assert "idle-timeout" in of_type(stage, events.Insecure)[0].reason


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


# The end

def test_the_end_of_the_program(make):
    stage = make()
    stage.accept().sendall(b"* OK\r\n")
    assert received(stage.client, 6) == b"* OK\r\n"
    stage.stop()
    assert received(stage.client) == b""
    stage.client.close()
    stage.server.close()
    stage.end()
    assert of_type(stage, events.Stopped) == [events.Stopped()]


def test_what_is_queued_at_the_end_is_sent(make):
    class Parting(Engine):
        def received(self, event):
            return [SendToClient(LARGE), SendToClient(b"* BYE\r\n"), Finish(Result.ACCEPTED)]

    stage = make(Parting)
    stage.accept()
    stage.client.sendall(b"a LOGOUT\r\n")
    assert received(stage.client) == LARGE + b"* BYE\r\n"


def test_records(make):
    class Parting(Engine):
        def received(self, event):
            self.conversation.octets_in, self.conversation.octets_out = 11, 12
            return [*super().received(event), Finish(Result.REJECTED)]

    stage = make(Parting)
    server = stage.accept()
    stage.client.sendall(b"12345")
    received(server, 5)
    server.close()
    stage.client.close()
    stage.end()
    [text] = [text for message, text in stage.log.written if message is messages.SESSION_END]
    assert "IN=11 OUT=12" in text and text.endswith("REJECTED")
    [text] = stage.log.stats_written
    assert "BYTES-CIN=0 BYTES-COUT=5 BYTES-SIN=0 BYTES-SOUT=5" in text


@pytest.mark.parametrize("connected", [False, True])
def test_a_fault_of_the_engine_leaves_records_and_no_connection(make, connected):
    class Faulty(Engine):
        def connected(self, event):
            raise Fault

        def accepted(self, event):
            if connected:
                return super().accepted(event)
            raise Fault

    stage = make(Faulty)
    stage.end()
    assert stage.raised is not None and stage.client.recv(1) == b""
    assert len(stage.log.stats_written) == 1
    assert any(text.endswith("FAILED") for _, text in stage.log.written)


class Telling(Engine):
    """Logs each piece."""

    def received(self, event):
        return [actions.Log(messages.FINISHED, {"reason": "told"})]


def test_lines_are_flushed_while_nothing_happens(make):
    stage = make(Telling)
    stage.accept()
    stage.client.sendall(b"12345")
    wait_until(lambda: stage.log.flushed and stage.log.due == math.inf, "lines of the log")
    assert stage.engine.conversation.result is None


def test_lines_are_flushed_while_a_peer_does_not_close(make):
    class Parting(Telling):
        def received(self, event):
            return [*super().received(event), SendToClient(b"* BYE\r\n"), Finish(Result.ACCEPTED)]

    stage = make(Parting, client={"close_timeout": FAR})
    stage.accept()
    stage.client.sendall(b"12345")
    assert received(stage.client) == b"* BYE\r\n"
    wait_until(lambda: stage.log.flushed, "lines of the log")
    assert stage.log.stats_written == []  # which is the last thing: the session is still there


def test_the_title_tells_of_the_session(make):
    stage = make()
    server = stage.accept()
    server.close()
    stage.client.close()
    stage.end()
    assert all(title.startswith("child: 127.0.0.1") for title in stage.titles)
