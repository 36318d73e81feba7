"""A client, or a server, that is gone in any state: by a reset, a close, or half a close.

The session ends within the times of the configuration, the other side gets its end, the child
goes on, and nothing of a mail that has not come whole reaches anybody.  `pytest -s` prints it.
"""

from __future__ import annotations

from functools import partial
from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support.certificates import Authority
from tests.support.daemons import busy, idle_children
from tests.support.fake_imap import CAPABILITIES, read_command
from tests.support.fault_table import FaultTable
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy
from tests.support.tls import client_context
from tests.support.waiting import wait_until

PATIENCE = 0.3  # seconds: the timeouts of the configuration
LONGEST = 10.0  # seconds that no session may last, on a busy machine
DIED = ("TCPS-640", "TCPS-641", "TCPS-645")
BODY = b"Subject: x\r\n\r\nthis must not be seen before it was looked at" + bytes(1 << 17)
HALF = len(BODY) // 2
KINDS = ("relayed", "scanned", "tls-client", "tls-server")
FAULTS: dict[str, Callable[[Peer], None]] = {
    "reset": Peer.reset,
    "close": Peer.close,
    "half close": Peer.end_sending,
}


# --- the server ------------------------------------------------------------------------------


class Server:
    """It answers everything, until the point of `state`; there it does what `act` says."""

    def __init__(self) -> None:
        self.state = ""
        self.act: Callable[[Peer], None] = Peer.close

    def play(self, peer: Peer) -> None:
        try:
            self._play(peer)
        except (OSError, EOFError):
            pass

    def _at(self, state: str, peer: Peer) -> None:
        if state == self.state:
            self.act(peer)

    def _play(self, peer: Peer) -> None:
        self._at("before the greeting", peer)
        peer.send(b"* OK [CAPABILITY %b STARTTLS] ready\r\n" % CAPABILITIES)
        self._at("greeted", peer)
        name = b""
        while name != b"LOGOUT":
            tag, name, command = self._command(peer)
            self._answer(peer, name, command)
            peer.send(tag + b" OK " + name + b" completed\r\n")
            self._at(name.decode() + " answered", peer)
        peer.rest()

    def _command(self, peer: Peer) -> tuple[bytes, bytes, bytes]:
        if self.state != "inside the literal of an APPEND":
            return read_command(peer)
        line = peer.line()
        tag, name = line.split()[:2]
        if name == b"APPEND":
            peer.send(b"+ go on\r\n")
            peer.take(1)
            self._at(self.state, peer)
        return tag, name, line

    def _answer(self, peer: Peer, name: bytes, command: bytes) -> None:
        self._at(name.decode() + " asked", peer)
        if name in (b"IDLE", b"AUTHENTICATE"):
            peer.send(b"+ \r\n")
            self._at("inside " + name.decode(), peer)
            peer.line()
        elif name == b"CAPABILITY":
            peer.send(b"* CAPABILITY %b STARTTLS\r\n" % CAPABILITIES)
        elif name == b"SELECT":
            peer.send(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n")
        elif name == b"LOGOUT":
            peer.send(b"* BYE see you\r\n")
        elif b"FETCH" in command.upper().split()[1:3]:
            self._mail(peer, command)

    def _mail(self, peer: Peer, command: bytes) -> None:
        date = b' INTERNALDATE " 2-Mar-2026 10:00:00 +0000"' if b"INTERNALDATE" in command else b""
        body = b" BODY[] {%d}\r\n" % len(BODY) if b"BODY" in command else b""
        peer.send(b"* 1 FETCH (UID 1%b%b" % (date, body))
        if body:
            peer.send(BODY[:HALF])
            self._at("inside the literal of a FETCH", peer)
            peer.send(BODY[HALF:])
        peer.send(b")\r\n")


# --- the client ------------------------------------------------------------------------------


def greeting(client: Peer) -> None:
    client.line()


def half_a_line(client: Peer) -> None:
    client.line()
    client.send(b"a NO")


def log_in(client: Peer) -> None:
    client.line()
    client.command(b"LOGIN alice secret")


def authenticate(client: Peer) -> None:
    client.line()
    client.send(b"a AUTHENTICATE PLAIN\r\n")
    client.until(b"+ ")


def select(client: Peer) -> None:
    log_in(client)
    client.command(b"SELECT INBOX")


def fetch(client: Peer) -> None:
    select(client)
    client.send(b"a FETCH 1 BODY.PEEK[]\r\n")


def half_a_mail(client: Peer) -> None:
    fetch(client)
    client.until(b"not be seen")


def append(client: Peer) -> None:
    select(client)
    client.send(b"a APPEND INBOX {%d}\r\n" % len(BODY))
    client.until(b"+ ")
    client.send(BODY[:HALF])


def idle(client: Peer) -> None:
    select(client)
    client.send(b"a IDLE\r\n")
    client.until(b"+ ")


def log_out(client: Peer) -> None:
    select(client)
    client.send(b"a LOGOUT\r\n")


def start_tls(client: Peer) -> None:
    client.line()
    client.command(b"STARTTLS")


def half_a_hello(client: Peer) -> None:
    start_tls(client)
    client.send(b"\x16\x03\x01\x02\x00\x01\x00")


def inside_tls(client: Peer) -> None:
    start_tls(client)
    client.start_tls(client_context(), HOST)
    client.command(b"LOGIN alice secret")


def nothing(client: Peer) -> None:
    """It waits for the greeting."""


class State(NamedTuple):
    """What a client does until then; `server` is where the server does something."""

    name: str
    act: Callable[[Peer], None]
    kind: str = "relayed"
    server: str = ""


OF_CLIENT = [
    State("before the greeting", nothing, server="before the greeting"),
    State("not authenticated", greeting),
    State("inside a line", half_a_line),
    State("inside AUTHENTICATE", authenticate),
    State("authenticated", log_in),
    State("selected", select),
    State("inside a literal up", append),
    State("inside a literal up, scanned", append, "scanned"),
    State("inside a literal down", half_a_mail, server="inside the literal of a FETCH"),
    State("FETCH of a scanned mail", fetch, "scanned", "inside the literal of a FETCH"),
    State("IDLE", idle),
    State("after LOGOUT", log_out),
    State("STARTTLS, before the handshake", start_tls, "tls-client"),
    State("inside the TLS handshake", half_a_hello, "tls-client"),
    State("inside TLS", inside_tls, "tls-client"),
]
OF_SERVER = [
    State("before the greeting", nothing, server="before the greeting"),
    State("not authenticated", greeting, server="greeted"),
    State("LOGIN asked", log_in, server="LOGIN asked"),
    State("inside AUTHENTICATE", authenticate, server="inside AUTHENTICATE"),
    State("selected", select, server="SELECT answered"),
    State("inside a literal up", append, server="inside the literal of an APPEND"),
    State("inside a literal down", fetch, server="inside the literal of a FETCH"),
    State("FETCH of a scanned mail", fetch, "scanned", "inside the literal of a FETCH"),
    State("IDLE", idle, server="inside IDLE"),
    State("LOGOUT asked", log_out, server="LOGOUT asked"),
    State("LOGOUT answered", log_out, server="LOGOUT answered"),
    State("STARTTLS asked", nothing, "tls-server", "STARTTLS asked"),
    State("STARTTLS, before the handshake", nothing, "tls-server", "STARTTLS answered"),
]


# --- both ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def server() -> Server:
    return Server()


class Running(NamedTuple):
    proxy: Proxy
    ports: dict[str, int]

    def ended(self, port: int) -> bool:
        return f"CLIENT=[{HOST}]:{port} " in "\n".join(self.proxy.logged("IMAP-702"))


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory, server: Server) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("peers")
    files = Authority("Example CA").issue("localhost", dns=["localhost"]).write(folder)
    ports = dict(zip(KINDS, free_ports(len(KINDS))))
    with FakeServer(server.play) as fake:
        plug = f"plug-to [{HOST}] : {fake.port};"
        acls = {
            "relayed": ("", "no-mail-scanning;"),
            "scanned": ("", ""),
            "tls-client": ("client-ssl-params IN command;", "no-mail-scanning;"),
            "tls-server": ("", "server-ssl-params OUT command; no-mail-scanning;"),
        }
        times = f"recv-timeout {PATIENCE}; send-timeout {PATIENCE}; close-timeout {PATIENCE};"
        text = [
            "version IMAP4-PROXY-1_0-RELEASE;",
            f'ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}',
            "ssl-params OUT { verify none; }",
            "imap4-proxy TEST { nodaemon; log-debug { level normal; } idle-timeout 2;",
            f"listen-on {{ non-transparent [{HOST}] port {{port}};",
            *(f"non-transparent [{HOST}] port {port};" for port in ports.values()),
            f"}} client-conn {{ {times} }} server-conn {{ {times} }}",
            f'mail-pool {{ dir "{folder}"; free 0; }}',
            "tcpserver { init-children 2; min-idle 1; max-idle 4; }",
            "mail-acl ALL { accept; } doc-acl ALL { accept; }",
        ]
        for kind, (session, command) in acls.items():
            text += [
                f"session-acl {kind} {{ to * port {ports[kind]}; {plug} {session} accept; }}",
                f"command-acl {kind} {{ session-acl {kind}; {command} accept; }}",
            ]
        with Proxy(folder, configuration="\n".join([*text, "}"])) as proxy:
            yield Running(proxy, ports)


@pytest.fixture(scope="module")
def table() -> Iterator[FaultTable]:
    table = FaultTable("peers that go away")
    yield table
    print(table)


def serving(proxy: Proxy) -> int:
    """The child that has the session; a title that is being written may be read once more."""
    found: list[int] = []

    def one() -> bool:
        found[:] = busy(proxy.pid)
        return len(found) == 1

    wait_until(one, "the child of the session")
    return found[0]


def check(running: Running, table: FaultTable, name: str, client: Peer, act: Callable) -> None:
    """What `act` does ends the session of this client in time, and hurts nobody."""
    proxy, port = running.proxy, client.socket.getsockname()[1]
    died = [len(proxy.logged(it)) for it in DIED]
    child = serving(proxy)
    with table.case(name, child) as row:
        act()
        wait_until(lambda: running.ended(port), "the end of the session")
        wait_until(lambda: not busy(proxy.pid), "the child")
        row.outcome = "session ends, child lives"
    assert row.seconds < LONGEST
    assert [len(proxy.logged(it)) for it in DIED] == died and child in idle_children(proxy.pid)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("state", OF_CLIENT, ids=lambda state: state.name)
def test_client(
    running: Running, server: Server, table: FaultTable, state: State, fault: str
) -> None:
    server.state, server.act = state.server, lambda peer: peer.rest() and None
    with connect(running.ports[state.kind]) as client:
        state.act(client)
        act = partial(FAULTS[fault], client)
        check(running, table, f"client: {state.name}, {fault}", client, act)
        if fault == "half close" and state.name != "inside TLS":
            client.rest()  # there is an end of it
        assert BODY not in client.received


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("state", OF_SERVER, ids=lambda state: state.name)
def test_server(
    running: Running, server: Server, table: FaultTable, state: State, fault: str
) -> None:
    def act(peer: Peer) -> None:
        FAULTS[fault](peer)
        if fault == "half close":
            peer.rest()

    server.state, server.act = state.server, act
    with connect(running.ports[state.kind]) as client:

        def go() -> None:
            try:
                state.act(client)
            except (EOFError, ConnectionError):
                return
            client.rest()

        check(running, table, f"server: {state.name}, {fault}", client, go)
        client.rest()
        if state.kind == "scanned":
            assert b"not be seen" not in client.received
        if state.kind == "tls-server":
            assert b"* BYE" in client.received and b"* OK" not in client.received
