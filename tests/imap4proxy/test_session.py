"""The loop, on real sockets, with engines of a few lines in the place of the real one."""

import math

import pytest

from imap4proxy import messages
from imap4proxy.engine import actions, events
from imap4proxy.engine.actions import Arm, Finish, Result, SendToClient
from imap4proxy.engine.events import Expired, Timer
from kernun_common.errors import Side
from kernun_common.monitoring.record import Live
from tests.support.session_stage import (
    FAR,
    LARGE,
    Engine,
    Fault,
    in_thread,
    of_type,
    send_until_gone,
    stages,
)
from tests.support.streams import received
from tests.support.waiting import wait_until


@pytest.fixture
def make(monkeypatch):
    with stages(monkeypatch) as stage:
        yield stage


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
