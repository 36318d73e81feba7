"""Every timeout, through the real program.

That the right one ended the session is told by the client's last line and by the
log; that it did not do so too early by the time that the session lasted.
"""

from __future__ import annotations

import re
import select
import socket
import time
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from queue import Queue
from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, deaf, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST

PATIENCE = 0.4  # seconds: the timeouts here
PACE = 0.05  # seconds between the octets of a client who dribbles
MUCH = 64 << 20  # octets: more than all the buffers between two peers hold

LIMIT = b"* BYE A limit of the session is exceeded\r\n"
IDLE = b"* BYE The session was idle for too long\r\n"
SLOW = b"* BYE Timeout\r\n"
SILENT = b"* BYE The mail server does not answer\r\n"
UNREACHABLE = b"* BYE The mail server cannot be reached\r\n"
LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")


# --- servers ---------------------------------------------------------------------------------


def stopping_midway(peer: Peer) -> None:
    """Begins to answer the first command, and falls silent."""
    peer.send(Obliging().greeting)
    peer.line()
    peer.send(b"* OK hal")
    peer.rest()


def silent(peer: Peer) -> None:
    """Does not even greet."""
    peer.rest()


def greeting_only(peer: Peer) -> None:
    """And does not say what it is capable of, which the proxy asks for."""
    peer.send(b"* OK ready\r\n")
    peer.rest()


def flooding(peer: Peer) -> None:
    """Sends a mail that no buffer holds."""
    server = Obliging()
    peer.send(server.greeting)
    while b"FETCH" not in b"".join(server.commands):
        peer.send(server.feed(peer.some()))
    peer.send(b"* 1 FETCH (BODY[] {%d}\r\n" % MUCH)
    peer.send(bytes(MUCH))


def reading_no_more(peer: Peer) -> None:
    deaf(Obliging(), peer, len(LOGIN) + 1)  # the proxy asks CAPABILITY


@pytest.fixture(scope="module")
def farewells() -> Queue[str]:
    """How a connection ended, for each server that is not the first to close."""
    return Queue()


def not_closing(farewells: Queue[str], peer: Peer) -> None:
    """Goes when the test does, or by a reset."""
    peer.send(Obliging().greeting)
    try:
        peer.until(b"nothing more")
    except EOFError:
        farewells.put("end")
    except ConnectionResetError:
        farewells.put("reset")
    gone = select.poll()
    gone.register(peer.socket, 0)
    gone.poll()


@pytest.fixture(scope="module")
def full() -> Iterator[int]:
    """The port of one who listens but takes no connection: the system lets a further one wait."""
    with ExitStack() as stack:
        listener = stack.enter_context(socket.create_server((HOST, 0), backlog=0))
        port: int = listener.getsockname()[1]
        stack.enter_context(socket.create_connection((HOST, port)))
        for _ in range(2):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex((HOST, port))
        yield port


# --- policies --------------------------------------------------------------------------------


def client_conn(item: str) -> Policy:
    return Policy(items=f"client-conn {{ {item}; }}")


def server_conn(item: str) -> Policy:
    return Policy(items=f"server-conn {{ {item}; }}")


POLICIES = {
    "usual": Policy(),
    "server usual": Policy(),
    "max-time": Policy(command=f"max-time {PATIENCE};"),
    "idle-timeout": Policy(items=f"idle-timeout {PATIENCE};"),
    "idle-timeout session": Policy(session=f"idle-timeout {PATIENCE};"),
    "idle-timeout command": Policy(
        session="idle-timeout 60;", command=f"idle-timeout {PATIENCE};"
    ),
    "login-timeout": client_conn(f"login-timeout {PATIENCE}"),
    "command-timeout": client_conn(f"command-timeout {PATIENCE}"),
    "client recv-timeout": client_conn(f"recv-timeout {PATIENCE}"),
    "client send-timeout": client_conn(f"send-timeout {PATIENCE}"),
    "server recv-timeout": server_conn(f"recv-timeout {PATIENCE}"),
    "server silent": server_conn(f"recv-timeout {PATIENCE}"),
    "server silent behind its greeting": server_conn(f"recv-timeout {PATIENCE}"),
    "server send-timeout": server_conn(f"send-timeout {PATIENCE}; close-timeout {PATIENCE}"),
    "conn-timeout": server_conn(f"conn-timeout {PATIENCE}"),
    "close-timeout": client_conn(f"close-timeout {PATIENCE}"),
    "close-timeout 0": client_conn("close-timeout 0"),
    "server close-timeout": server_conn(f"close-timeout {PATIENCE}"),
    "server close-timeout 0": server_conn("close-timeout 0"),
}
SERVERS: dict[str, Callable[[Peer], None]] = {
    "client send-timeout": flooding,
    "server recv-timeout": stopping_midway,
    "server send-timeout": reading_no_more,
    "server silent": silent,
    "server silent behind its greeting": greeting_only,
}

NOT_CLOSING = ("server usual", "server close-timeout", "server close-timeout 0")


@pytest.fixture(scope="module")
def policies(
    tmp_path_factory: pytest.TempPathFactory, full: int, farewells: Queue[str]
) -> Iterator[Policies]:
    with ExitStack() as stack:
        usual = stack.enter_context(FakeServer(lambda peer: script(Obliging(), peer)))
        served = dict(POLICIES)
        servers = SERVERS | dict.fromkeys(NOT_CLOSING, partial(not_closing, farewells))
        for name, play in servers.items():
            server = stack.enter_context(FakeServer(play))
            served[name] = replace(served[name], plug_to=server.port)
        served["conn-timeout"] = replace(served["conn-timeout"], plug_to=full)
        folder = tmp_path_factory.mktemp("limits")
        yield stack.enter_context(Policies(folder, served, usual.port))


# --- what a client does ----------------------------------------------------------------------


def nothing(client: Peer) -> None:
    """It waits."""


def log_in(client: Peer) -> None:
    client.line()
    for command in LOGIN:
        client.command(command)


def noops(client: Peer) -> None:
    """One behind the other, until the session is over."""
    while not client.line().startswith(b"* BYE"):
        client.send(b"a NOOP\r\n")
        time.sleep(PACE)


def dribble(client: Peer) -> None:
    """A command, octet by octet, that never ends."""
    client.line()
    while not select.select([client.socket], [], [], PACE)[0]:
        client.send(b"a")


def half_a_line(client: Peer) -> None:
    client.line()
    client.send(b"a NO")


def noop(client: Peer) -> None:
    client.line()
    client.send(b"a NOOP\r\n")


class Row(NamedTuple):
    """The policy, what the client does, the last line that it gets, and the item logged."""

    policy: str
    act: Callable[[Peer], None]
    last: bytes
    item: str


ROWS = (
    Row("idle-timeout", nothing, IDLE, "idle-timeout"),
    Row("idle-timeout session", nothing, IDLE, "idle-timeout"),
    Row("idle-timeout command", nothing, IDLE, "idle-timeout"),
    Row("login-timeout", noops, SLOW, "login-timeout"),
    Row("command-timeout", dribble, SLOW, "command-timeout"),
    Row("client recv-timeout", half_a_line, SLOW, "recv-timeout"),
    Row("server recv-timeout", noop, SILENT, "recv-timeout"),
    Row("server silent", nothing, SILENT, "recv-timeout"),
    Row("server silent behind its greeting", nothing, SILENT, "recv-timeout"),
)


def played(policies: Policies, row: Row) -> tuple[bytes, str]:
    """All that the client gets, and the line SESSION-END."""
    with policies.connect(row.policy) as client:
        port = client.socket.getsockname()[1]
        row.act(client)
        client.rest()
    return client.received, policies.session_end(port)


def seconds(session_end: str) -> float:
    [time] = re.findall(r"TIME=([0-9.]+)", session_end)
    return float(time)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.policy)
def test_timeout(policies: Policies, row: Row) -> None:
    said, end = played(policies, row)
    assert said.endswith(row.last)
    assert end.endswith(" FAILED")
    assert seconds(end) >= PATIENCE
    side = "server-conn" if row.policy.startswith("server") else "client-conn"
    assert f"Timeout ITEM={row.item} SIDE={side}" in str(policies.logged("IMAP-815"))


def test_max_time(policies: Policies) -> None:
    """A limit of the command-acl: nothing that the client does makes it longer."""
    said, end = played(policies, Row("max-time", noops, LIMIT, "max-time"))
    assert said.endswith(LIMIT)
    assert end.endswith(" REJECTED")
    assert seconds(end) >= PATIENCE
    assert "ITEM=max-time" in str(policies.logged("IMAP-814"))


def test_connect_timeout(policies: Policies) -> None:
    with policies.connect("conn-timeout") as client:
        port = client.socket.getsockname()[1]
        assert client.rest() == UNREACHABLE
    assert seconds(policies.session_end(port)) >= PATIENCE


# --- peers that take nothing, and the end ----------------------------------------------------


def test_client_send_timeout(policies: Policies) -> None:
    with policies.connect("client send-timeout") as client:
        log_in(client)
        client.send(b"a FETCH 1 BODY[]\r\n")
        end = policies.session_end(client.socket.getsockname()[1])
    assert end.endswith(" FAILED")
    assert "Timeout ITEM=send-timeout SIDE=client-conn" in str(policies.logged("IMAP-815"))


def test_server_send_timeout(policies: Policies) -> None:
    with policies.connect("server send-timeout") as client:
        port = client.socket.getsockname()[1]
        log_in(client)
        client.send(b"a APPEND INBOX {%d+}\r\n" % MUCH)
        client.send(bytes(MUCH))  # is taken and thrown away, when the session is over
        assert client.rest() == SLOW
    assert policies.session_end(port).endswith(" FAILED")
    assert "Timeout ITEM=send-timeout SIDE=server-conn" in str(policies.logged("IMAP-815"))


def test_close_timeout(policies: Policies) -> None:
    """A client who does not close is waited for; not as long as by default, not at all with 0."""
    with ExitStack() as stack:
        ends = {}
        for name in ("usual", "close-timeout"):
            client = stack.enter_context(policies.connect(name))
            client.send(b"a LOGOUT\r\n")
            assert client.rest().endswith(b"a OK LOGOUT done\r\n")
            ends[name] = client.socket.getsockname()[1]
        assert seconds(policies.session_end(ends["close-timeout"])) >= PATIENCE
        assert not policies.ended(ends["usual"])
    with policies.connect("close-timeout 0") as client:
        client.send(b"a LOGOUT\r\n")
        with pytest.raises(ConnectionResetError):
            while client.some():
                pass


def test_server_close_timeout(policies: Policies, farewells: Queue[str]) -> None:
    """The same towards a server."""
    ends, seen = {}, []
    for name in NOT_CLOSING:
        with policies.connect(name) as client:
            client.line()
            ends[name] = client.socket.getsockname()[1]
        seen.append(farewells.get(timeout=30))
    assert seen == ["end", "end", "reset"]
    assert seconds(policies.session_end(ends["server close-timeout"])) >= PATIENCE
    assert not policies.ended(ends["server usual"])
