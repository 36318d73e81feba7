"""The loop, on real sockets, with engines of a few lines in the place of the real one."""

import math
import select
import socket
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace

import pytest

from imap4proxy import messages, session
from imap4proxy.engine import actions, events
from imap4proxy.engine.actions import (
    Arm,
    Connect,
    Finish,
    Relay,
    Result,
    SendToClient,
    SendToServer,
)
from imap4proxy.engine.events import Accepted, Closed, Connected, Expired, Received, Timer
from imap4proxy.engine.states import State
from imap4proxy.session import Session, Tools
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Side
from kernun_common.monitoring.record import Live
from kernun_common.netio.conn import Conn
from kernun_common.netio.intake import SIZE
from kernun_common.netio.section import ClientConn, ServerConn
from kernun_common.sockaddr import Sockaddr, address
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.section import KeyFile, SslParams
from tests.support.certificates import Authority, write
from tests.support.streams import received, reset, tcp_pair
from tests.support.tls import client_context, server_context, talking
from tests.support.waiting import wait_until

LOOPBACK = address("127.0.0.1")
LARGE = bytes(range(256)) * 20_000  # more than loopback sockets hold
FAR = 3600.0
QUICK = {"close_timeout": 0.05}  # most tests leave their ends open


class Engine:
    """Passes octets on; a test overrides what it is about.  `seen` are its events."""

    def __init__(self, stage):
        self.stage = stage
        self.seen = []
        self.conversation = SimpleNamespace(
            result=None,
            server=None,
            user=b"alice",
            commands=3,
            octets_in=0,
            octets_out=0,
            session_acl=SimpleNamespace(name="S"),
            command_acl=SimpleNamespace(name="C"),
            activity="",
            ending="",
            state=State.NOT_AUTHENTICATED,
            mailbox=None,
            facts=None,
        )
        self.on = {
            Accepted: self.accepted,
            Connected: self.connected,
            Received: self.received,
            Closed: self.closed,
            Expired: lambda event: [Finish(Result.FAILED)],
            events.Stopped: lambda event: [Finish(Result.ACCEPTED)],
            events.Unreachable: lambda event: [Finish(Result.FAILED)],
        }

    def feed(self, event, now):
        self.seen.append(event)
        todo = self.on.get(type(event), lambda event: [])(event)
        for action in todo:
            if isinstance(action, Finish):
                self.conversation.result = action.result
        return todo

    def accepted(self, event):
        return [Arm(Timer.IDLE, FAR), Connect((Sock(Host(address=LOOPBACK), self.stage.port),))]

    def connected(self, event):
        self.conversation.server = event
        return []

    def received(self, event):
        send = SendToServer if event.side is Side.CLIENT else SendToClient
        return [send(event.octets)]

    def closed(self, event):
        return [Finish(Result.ACCEPTED)]

    def reading(self, side):
        return True

    def midway(self, side):
        return False

    def octets_of(self, side):
        return b"".join(
            event.octets for event in self.seen if type(event) is Received and event.side is side
        )


class Log:
    """What is written waits until it is flushed; how many lines were then, is `flushed`."""

    def __init__(self):
        self.written, self.stats_written = [], []
        self.due = math.inf
        self.flushed = 0

    @contextmanager
    def gathering(self):
        try:
            yield
        finally:
            self.flush()

    def flush(self):
        self.due = math.inf
        self.flushed = len(self.written)

    def write_fields(self, message, fields):
        self.written.append((message, message.render(fields)))
        self.due = time.monotonic() + 0.01

    def stats(self, message, fields):
        self.stats_written.append(message.render(fields))


class Seat:
    def __init__(self):
        self.shown, self.ended = [], []

    def show(self, record, live):
        self.shown.append((record.state, live))

    def end(self, result, live, acls):
        self.ended.append((result, live, acls))


class Stage:
    """A session in a thread, between `client` and `server`, two blocking sockets."""

    def __init__(self, monkeypatch, engine=Engine, contexts=None, client=(), server=()):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stop_read, self.stop_write = socket.socketpair()
        self.engine = engine(self)
        self.log = Log()
        self.titles = []
        self.seat = Seat()
        monkeypatch.setattr(session, "Engine", lambda proxy, catalogues: self.engine)
        ours, self.client = tcp_pair()
        title = SimpleNamespace(show=self.titles.append)
        self.session = Session(
            Conn(ours, Side.CLIENT, ClientConn(**{**QUICK, **dict(client)})),
            Accepted(Sockaddr.of(ours.getpeername()), Sockaddr(LOOPBACK, 143), False, NOW),
            SimpleNamespace(server_conn=ServerConn(**{**QUICK, **dict(server)})),
            Tools({}, contexts or Contexts(), self.log, title, self.seat),
            SimpleNamespace(fd=self.stop_read.fileno()),
        )
        self.raised = None
        self.thread = threading.Thread(target=self._serve)

    def _serve(self):
        try:
            self.session.serve()
        except Fault as fault:
            self.raised = fault

    def start(self):
        self.thread.start()
        return self

    def accept(self):
        """The server's end of the connection."""
        self.server, _ = self.listener.accept()
        return self.server

    def stop(self):
        self.stop_write.close()

    def end(self):
        self.thread.join()


NOW = datetime(2026, 11, 22, 9, 0)


class Fault(Exception):
    """Of an engine."""


@pytest.fixture
def make(monkeypatch):
    """Makes stages, and ends what a test leaves open."""
    made = []

    def stage(engine=Engine, **options):
        made.append(Stage(monkeypatch, engine, **options))
        return made[-1].start()

    yield stage
    for one in made:
        one.stop()
        for sock in (one.client, getattr(one, "server", None), one.listener):
            if sock is not None:
                sock.close()
        one.end()


def in_thread(call, *args):
    results = []
    thread = threading.Thread(target=lambda: results.append(call(*args)))
    thread.start()
    thread.results = results
    return thread


def of_type(stage, kind):
    return [event for event in stage.engine.seen if type(event) is kind]


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
    assert stage.seat.shown[0] == ("connecting", Live(commands=3))
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


class Literals(Engine):
    """`{n}` and then n octets, any number of times, from either side: they go past the engine."""

    def received(self, event):
        send = SendToServer if event.side is Side.CLIENT else SendToClient
        line, end, rest = event.octets.partition(b"}")
        if not end:
            return [send(event.octets)]
        size = int(line[line.index(b"{") + 1 :])
        done = [send(line + end + rest[:size])]
        if len(rest) < size:
            return [*done, Relay(event.side, size - len(rest))]
        return done + (self.received(Received(event.side, rest[size:])) if rest[size:] else [])


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
    assert of_type(stage, Closed) == [Closed(Side.CLIENT, deaf=True)]


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
    folder = tmp_path_factory.mktemp("pki")
    authority = Authority("Example CA")
    files = authority.issue("proxy", ips=["127.0.0.1"]).write(folder)
    inside = SslParams(name="IN", cert_file=files.cert, key_file=KeyFile(files.key, None))
    outside = SslParams(name="OUT", ca_file=write(folder / "ca.pem", authority.pem))
    contexts = Contexts()
    contexts.add(inside, Role.SERVER)
    contexts.add(outside, Role.CLIENT)
    other = Authority("Other CA").issue("mail", ips=["127.0.0.1"]).write(folder)
    return SimpleNamespace(
        inside=inside, outside=outside, contexts=contexts, files=files, other=other
    )


def securing(pki):
    class Securing(Literals):
        def accepted(self, event):
            return [Arm(Timer.IDLE, FAR), actions.Secure(Side.CLIENT, pki.inside)]

        def feed(self, event, now):
            todo = super().feed(event, now)
            if type(event) is events.Secured and event.side is Side.CLIENT:
                return Literals.accepted(self, event)
            if type(event) is Connected:
                return [actions.Secure(Side.SERVER, pki.outside, event.host)]
            if type(event) is events.Insecure:
                return [Finish(Result.FAILED, event.reason)]
            return todo

    return Securing


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
