"""What the policy says about the two connections of a session, through the real program."""

from __future__ import annotations

import re
import socket
import threading
from contextlib import ExitStack, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Iterator

import psutil
import pytest

from tests.support.obliging import Obliging, deaf, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.ports import HOST, free_ports
from tests.support.process import Process

LINE = b"* OK " + b"x" * 8000 + b"\r\n"
LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")
SEARCH = b"a%d SEARCH TEXT {250000+}\r\n" + b"x" * 250_000 + b"\r\n"
SEARCHES = 256  # as many octets as the LINES
LINES = 8192  # 64 MiB in all: more than the system's buffers between two peers hold
A_WHILE = 1.0  # seconds in which those would have passed, if nothing held them back


@dataclass
class Flood:
    """A server that sends LINES without being asked; `passed` when the last one is on its way."""

    passed: threading.Event = field(default_factory=threading.Event)

    def __call__(self, peer: Peer) -> None:
        peer.send(Obliging().greeting)
        peer.line()
        for _ in range(LINES):
            peer.send(LINE)
        self.passed.set()
        peer.rest()


def reading_no_more(peer: Peer) -> None:
    deaf(Obliging(), peer, len(LOGIN) + 1)  # the proxy asks CAPABILITY


POLICIES = {
    "usual": Policy(),
    "silent": Policy(items="client-conn { keepalive no; } server-conn { keepalive no; }"),
    "marked": Policy(items="client-conn { ip-tos 16; } server-conn { ip-tos 8; }"),
    "small": Policy(items="client-conn { send-bufsize 1K; }"),
    "large": Policy(items="client-conn { send-bufsize 128M; }"),
    "narrow": Policy(items="client-conn { recv-bufsize 100; } server-conn { recv-bufsize 200; }"),
    "small server": Policy(items="server-conn { send-bufsize 1K; }"),
    "large server": Policy(items="server-conn { send-bufsize 128M; }"),
}


@pytest.fixture(scope="module")
def floods() -> dict[str, Flood]:
    return {"small": Flood(), "large": Flood()}


@pytest.fixture(scope="module")
def policies(
    tmp_path_factory: pytest.TempPathFactory, floods: dict[str, Flood]
) -> Iterator[Policies]:
    [closed] = free_ports(1)
    with ExitStack() as stack:
        server = stack.enter_context(FakeServer(lambda peer: script(Obliging(), peer)))
        served = dict(POLICIES)
        for name, flood in floods.items():
            port = stack.enter_context(FakeServer(flood)).port
            served[name] = Policy(items=POLICIES[name].items, plug_to=port)
        port = stack.enter_context(FakeServer(reading_no_more)).port
        for name in ("small server", "large server"):
            served[name] = Policy(items=POLICIES[name].items, plug_to=port)
        failover = Policy(plug_to=closed, session=f"plug-to [{HOST}] : {server.port};")
        served |= {"failover": failover, "nobody": Policy(plug_to=closed)}
        folder = tmp_path_factory.mktemp("connections")
        yield stack.enter_context(Policies(folder, served, server.port))


def test_plug_to(policies: Policies) -> None:
    """In turn, until one can be reached."""
    with policies.connect("failover") as client:
        assert client.line().startswith(b"* OK")
    with policies.connect("nobody") as client:
        assert client.rest() == b"* BYE The mail server cannot be reached\r\n"


@pytest.mark.parametrize("name", ["small", "large"])
def test_send_bufsize(policies: Policies, floods: dict[str, Flood], name: str) -> None:
    """How much the proxy takes of a server for a client who reads nothing."""
    with policies.connect(name) as client:
        client.send(b"a NOOP\r\n")
        if name == "large":
            assert floods[name].passed.wait(30)
        else:
            assert not floods[name].passed.wait(A_WHILE)


@pytest.mark.parametrize("name", ["small server", "large server"])
def test_send_bufsize_of_server(policies: Policies, name: str) -> None:
    """How much the proxy takes of a client for a server that reads nothing."""
    with policies.connect(name) as client:
        client.line()
        for command in LOGIN:
            client.command(command)
        passed = threading.Event()

        def send() -> None:
            with suppress(OSError):
                for number in range(SEARCHES):
                    client.send(SEARCH % number)
                passed.set()

        sender = threading.Thread(target=send)
        sender.start()
        assert passed.wait(30 if name == "large server" else A_WHILE) is (name == "large server")
        client.socket.shutdown(socket.SHUT_RDWR)
        sender.join()


# --- what the system is told of a socket, seen by strace -------------------------------------


def traced(policies: Policies, name: str, folder: Path) -> str:
    """The calls of all processes of the program while a client has a session."""
    program = psutil.Process(policies.pid)
    pids = [program.pid, *(child.pid for child in program.children(recursive=True))]
    trace = folder / "trace"
    attach = [word for pid in pids for word in ("-p", str(pid))]
    command = ["strace", "-f", "-e", "trace=setsockopt,recvfrom", "-o", trace, *attach]
    with Process(command, folder / "strace.log") as strace:
        strace.wait_until(
            lambda: strace.output.count(" attached") >= len(pids), "strace does not attach"
        )
        with policies.connect(name) as client:
            client.line()
            client.command(b"NOOP")
            client.command(b"LOGOUT")
    return trace.read_text()


CALLS = [
    # policy, calls in their order: the client's socket, the server's
    ("usual", [r"SO_KEEPALIVE, \[1\]", r"SO_KEEPALIVE, \[1\]", ", 16384, "]),
    ("silent", [r"SO_KEEPALIVE, \[0\]", r"SO_KEEPALIVE, \[0\]"]),
    ("marked", [r"IP_TOS, \[16\]", r"IP_TOS, \[8\]"]),
    ("narrow", [r'recvfrom\(\d+, "\* OK .*, 200, ', r'recvfrom\(\d+, "x NOOP.*, 100, ']),
]


@pytest.mark.parametrize("name, calls", CALLS, ids=[row[0] for row in CALLS])
def test_socket(policies: Policies, tmp_path: Path, name: str, calls: list[str]) -> None:
    trace = traced(policies, name, tmp_path)
    assert re.search(".*".join(calls), trace, re.DOTALL), trace
    if name == "usual":
        assert "IP_TOS" not in trace
