"""A session in a thread, with an engine of a few lines, between two peers of the test."""

import math
import socket
import threading
import time
from contextlib import contextmanager
from datetime import datetime
from types import SimpleNamespace

from imap4proxy import session
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
from imap4proxy.mail_means import MailMeans
from imap4proxy.quarantine import Folders
from imap4proxy.session import Session, Tools
from kernun_common.configuration.types import Host, Sock
from kernun_common.errors import Side
from kernun_common.log.message import LEVELS
from kernun_common.netio.conn import Conn
from kernun_common.netio.section import ClientConn, ServerConn
from kernun_common.sockaddr import Sockaddr, address
from kernun_common.tls.context import Contexts, Role
from kernun_common.tls.section import KeyFile, SslParams
from tests.support.certificates import Authority, write
from tests.support.streams import tcp_pair

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

    def flows(self, side):
        return False

    def octets_of(self, side):
        return b"".join(
            event.octets for event in self.seen if type(event) is Received and event.side is side
        )


class Log:
    """What is written waits until it is flushed; how many lines were then, is `flushed`."""

    level = LEVELS["trace"]

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
        self.phases, self.shown, self.ended = [], [], []

    def phase(self, state):
        self.phases.append(state)

    def show(self, record, live):
        self.shown.append((record.state, live))

    def end(self, result, live, acls):
        self.ended.append((result, live, acls))


class Stage:
    """A session in a thread, between `client` and `server`, two blocking sockets."""

    def __init__(
        self, monkeypatch, engine=Engine, contexts=None, client=(), server=(), mails=None
    ):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.stop_read, self.stop_write = socket.socketpair()
        self.engine = engine(self)
        self.log = Log()
        self.titles = []
        self.seat = Seat()
        monkeypatch.setattr(session, "Engine", lambda *its: self.engine)
        ours, self.client = tcp_pair()
        title = SimpleNamespace(show=self.titles.append)
        options = ClientConn(**{**QUICK, **dict(client)})
        self.session = Session(
            Conn(ours, Side.CLIENT, options),
            Accepted(Sockaddr.of(ours.getpeername()), Sockaddr(LOOPBACK, 143), False, NOW),
            SimpleNamespace(
                client_conn=options, server_conn=ServerConn(**{**QUICK, **dict(server)})
            ),
            Tools(
                {},
                contexts or Contexts(),
                mails or MailMeans(None, None, Folders()),
                None,
                self.log,
                title,
                self.seat,
            ),
            SimpleNamespace(fd=self.stop_read.fileno(), wakeup=None),
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


@contextmanager
def stages(monkeypatch):
    """Gives what makes stages, and ends what a test leaves open."""
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


def make_pki(folder):
    """Contexts of the proxy for both sides, and the files of servers."""
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


def send_until_gone(sock):
    """Of a peer that goes away meanwhile."""
    try:
        while True:
            sock.sendall(LARGE)
    except OSError:
        pass
