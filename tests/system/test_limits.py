"""The limits of the command-acl and every timeout, through the real program.

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
from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST

PATIENCE = 0.4  # seconds: the timeouts here
PACE = 0.05  # seconds between the octets of a client who dribbles
MUCH = 64 << 20  # octets: more than all the buffers between two peers hold
MAIL = b"x" * 1000  # the first one; the second has 100 octets
FETCHED = (
    b"* 1 FETCH (FLAGS () BODY[] {1000}\r\n" + MAIL + b")\r\n"
    b"* 2 FETCH (FLAGS () BODY[] {100}\r\n" + MAIL[:100] + b")\r\n"
)

LIMIT = b"* BYE A limit of the session is exceeded\r\n"
IDLE = b"* BYE The session was idle for too long\r\n"
SLOW = b"* BYE Timeout\r\n"
SILENT = b"* BYE The mail server does not answer\r\n"
UNREACHABLE = b"* BYE The mail server cannot be reached\r\n"
LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")


# --- servers ---------------------------------------------------------------------------------


def obliging(peer: Peer) -> None:
    script(Obliging(answers={b"FETCH": FETCHED}), peer)


def stopping_midway(peer: Peer) -> None:
    """Begins to answer the first command, and falls silent."""
    peer.send(Obliging().greeting)
    peer.line()
    peer.send(b"* OK hal")
    peer.rest()


def flooding(peer: Peer) -> None:
    """Sends a mail that no buffer holds."""
    server = Obliging()
    peer.send(server.greeting)
    while b"FETCH" not in b"".join(server.commands):
        peer.send(server.feed(peer.some()))
    peer.send(b"* 1 FETCH (BODY[] {%d}\r\n" % MUCH)
    peer.send(bytes(MUCH))


def deaf(peer: Peer) -> None:
    """Reads nothing behind the login, until the other side is gone."""
    server = Obliging()
    peer.send(server.greeting)
    while len(server.commands) < len(LOGIN) + 1:  # the proxy asks CAPABILITY
        peer.send(server.feed(peer.some()))
    closed = select.poll()
    closed.register(peer.socket, select.POLLRDHUP)
    closed.poll()


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
    "max-bytes-in": Policy(command="max-bytes-in 1K;"),
    "max-bytes-out": Policy(command="max-bytes-out 1K;"),
    "max-mail-in": Policy(command="max-mail-in 999;"),
    "max-mail-in refuse": Policy(command="max-mail-in 999 refuse;"),
    "max-mail-in enough": Policy(command="max-mail-in 1000;"),
    "max-mail-out": Policy(command="max-mail-out 999;"),
    "max-mail-out refuse": Policy(command="max-mail-out 999 refuse;"),
    "max-mail-out enough": Policy(command="max-mail-out 1000;"),
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
    "server send-timeout": server_conn(f"send-timeout {PATIENCE}; close-timeout {PATIENCE}"),
    "conn-timeout": server_conn(f"conn-timeout {PATIENCE}"),
    "close-timeout": client_conn(f"close-timeout {PATIENCE}"),
    "close-timeout 0": client_conn("close-timeout 0"),
}
SERVERS: dict[str, Callable[[Peer], None]] = {
    "client send-timeout": flooding,
    "server recv-timeout": stopping_midway,
    "server send-timeout": deaf,
}


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory, full: int) -> Iterator[Policies]:
    with ExitStack() as stack:
        usual = stack.enter_context(FakeServer(obliging))
        served = dict(POLICIES)
        for name, play in SERVERS.items():
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


def fetch(client: Peer) -> None:
    log_in(client)
    client.send(b"a FETCH 1:2 BODY[]\r\n")


def append(client: Peer) -> None:
    log_in(client)
    client.send(b"a APPEND INBOX {1000+}\r\n" + MAIL + b"\r\n")


def noops(pace: float = 0.0) -> Callable[[Peer], None]:
    """One behind the other, until the session is over."""

    def act(client: Peer) -> None:
        while not client.line().startswith(b"* BYE"):
            client.send(b"a NOOP\r\n")
            time.sleep(pace)

    return act


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


LIMITS = (
    Row("max-bytes-in", noops(), LIMIT, "max-bytes-in"),
    Row("max-bytes-out", noops(), LIMIT, "max-bytes-out"),
    Row("max-mail-in", fetch, LIMIT, "max-mail-in"),
    Row("max-mail-out", append, LIMIT, "max-mail-out"),
    Row("max-time", noops(PACE), LIMIT, "max-time"),
)
TIMEOUTS = (
    Row("idle-timeout", nothing, IDLE, "idle-timeout"),
    Row("idle-timeout session", nothing, IDLE, "idle-timeout"),
    Row("idle-timeout command", nothing, IDLE, "idle-timeout"),
    Row("login-timeout", noops(PACE), SLOW, "login-timeout"),
    Row("command-timeout", dribble, SLOW, "command-timeout"),
    Row("client recv-timeout", half_a_line, SLOW, "recv-timeout"),
    Row("server recv-timeout", noop, SILENT, "recv-timeout"),
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


@pytest.mark.parametrize("row", LIMITS, ids=lambda row: row.policy)
def test_limit(policies: Policies, row: Row) -> None:
    said, end = played(policies, row)
    assert said.endswith(row.last)
    assert end.endswith(" REJECTED")
    assert any(f"ITEM={row.item}" in line for line in policies.logged("IMAP-814"))
    assert MAIL not in said


@pytest.mark.parametrize("row", TIMEOUTS, ids=lambda row: row.policy)
def test_timeout(policies: Policies, row: Row) -> None:
    said, end = played(policies, row)
    assert said.endswith(row.last)
    assert end.endswith(" FAILED")
    assert seconds(end) >= PATIENCE
    side = "server-conn" if row.policy.startswith("server") else "client-conn"
    assert f"Timeout ITEM={row.item} SIDE={side}" in str(policies.logged("IMAP-815"))


def test_connect_timeout(policies: Policies) -> None:
    with policies.connect("conn-timeout") as client:
        port = client.socket.getsockname()[1]
        assert client.rest() == UNREACHABLE
    assert seconds(policies.session_end(port)) >= PATIENCE


# --- mails, one by one -----------------------------------------------------------------------


@pytest.mark.parametrize(
    "policy, last, mails",
    [
        ("max-mail-in refuse", b"a NO [TOOBIG] ", [False, True]),
        ("max-mail-in enough", b"a OK ", [True, True]),
    ],
)
def test_mail_in(policies: Policies, policy: str, last: bytes, mails: list[bool]) -> None:
    with policies.connect(policy) as client:
        fetch(client)
        said = client.until(last)
        client.line()
        assert client.command(b"NOOP").endswith(b"x OK NOOP done\r\n")
    assert [b"{1000}\r\n" + MAIL in said, b"{100}\r\n" + MAIL[:100] in said] == mails


@pytest.mark.parametrize(
    "policy, answer",
    [("max-mail-out refuse", b"a NO [TOOBIG] "), ("max-mail-out enough", b"a OK ")],
)
def test_mail_out(policies: Policies, policy: str, answer: bytes) -> None:
    with policies.connect(policy) as client:
        append(client)
        assert client.line().startswith(answer)
        assert client.command(b"NOOP").endswith(b"x OK NOOP done\r\n")


# --- peers that take nothing, and the end ----------------------------------------------------


def test_client_send_timeout(policies: Policies) -> None:
    with policies.connect("client send-timeout") as client:
        fetch(client)
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
