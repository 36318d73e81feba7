"""TLS towards servers: items of ssl-params, names, and the condition on server certificates.

Through the real program, tried by Python's own TLS server; each row is one policy
and one server, which is accepted or not.
"""

from __future__ import annotations

import ssl
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.tls import server_context
from tests.support.world import World, own


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


class ServerRow(NamedTuple):
    """Items of ssl-params and of the command-acl, the server that is met, does it come to that."""

    name: str
    items: str
    server: str
    accepted: bool
    command: str = ""


OTHER = "server-name other.example.org;"
SUBJECT = 'server-cert-match subject { "CN=localhost" };'
SERVERS = (
    ServerRow("trusted", "", "trusted", True),
    ServerRow("of another authority", "", "stranger", False),
    ServerRow("expired", "", "expired", False),
    ServerRow("of another name", "", "other name", False),
    ServerRow("required", "verify required;", "stranger", False),
    ServerRow("not verified", "verify none;", "stranger", True),
    ServerRow("name not matched", "match-name no;", "other name", True),
    ServerRow("server-name", OTHER, "other name", True),
    ServerRow("server-name of another", OTHER, "trusted", False),
    ServerRow("matched", "", "trusted", True, SUBJECT),
    ServerRow("not matched", "match-name no;", "other name", False, SUBJECT),
    ServerRow("versions", "versions TLSv1-2 to TLSv1-2;", "trusted", True),
)


@pytest.fixture(scope="module")
def names_asked() -> list[str | None]:
    """The names (SNI) that the proxy has asked servers for."""
    return []


@pytest.fixture(scope="module")
def outbound(
    tmp_path_factory: pytest.TempPathFactory, world: World, names_asked: list[str | None]
) -> Iterator[Policies]:
    """The proxy with TLS towards servers, one policy for each of SERVERS."""
    with ExitStack() as stack:
        ports = {}
        for name, files in world.servers.items():
            context = server_context(files)
            context.sni_callback = lambda sock, asked, context: names_asked.append(asked)
            server = stack.enter_context(FakeServer(partial(serve_tls, context)))
            ports[name] = server.port
        sections, policies = "", {}
        for number, row in enumerate(SERVERS):
            sections += f'ssl-params OUT{number} {{ ca-file "{world.ca}"; {row.items} }}\n'
            policies[row.name] = Policy(
                command=f"server-ssl-params OUT{number}; {row.command}", plug_to=ports[row.server]
            )
        folder = tmp_path_factory.mktemp("outbound")
        yield stack.enter_context(Policies(folder, policies, ports["trusted"], sections))


def serve_tls(context: ssl.SSLContext, peer: Peer) -> None:
    try:
        peer.start_tls(context)
    except ssl.SSLError:
        return  # the proxy does not want it
    server = Obliging()
    assert isinstance(peer.socket, ssl.SSLSocket)
    version = (peer.socket.version() or "").encode()
    server.greeting = b"* OK [CAPABILITY IMAP4rev1] " + version + b"\r\n"
    script(server, peer)


@pytest.mark.parametrize("row", SERVERS, ids=lambda row: row.name)
def test_server(outbound: Policies, row: ServerRow) -> None:
    with outbound.connect(row.name) as client:
        greeting = client.line()
    if row.accepted:
        version = b"TLSv1.2" if row.name == "versions" else b"TLSv1.3"
        assert greeting.endswith(version + b"\r\n")
    else:
        assert greeting == b"* BYE No secure connection to the mail server\r\n"


def test_name_asked(outbound: Policies, names_asked: list[str | None]) -> None:
    """`server-name` is also what a server of many names is asked for."""
    names_asked.clear()
    with outbound.connect("server-name") as client:
        client.line()
    assert names_asked == ["other.example.org"]


def test_own_certificate(tmp_path: Path, world: World) -> None:
    """A server that wants the client's certificate sees the proxy's own."""
    context = server_context(world.proxy)
    context.load_verify_locations(world.ca)
    context.verify_mode = ssl.CERT_REQUIRED
    files = world.clients["alice"]
    assert files is not None
    policies = {
        name: Policy(command=f"server-ssl-params {name};") for name in ("SHOWN", "NOT-SHOWN")
    }
    sections = (
        f'ssl-params SHOWN {{ ca-file "{world.ca}"; {own(files)} }}\n'
        f'ssl-params NOT-SHOWN {{ ca-file "{world.ca}"; }}'
    )
    with FakeServer(partial(serve_tls, context)) as server:
        with Policies(tmp_path, policies, server.port, sections) as proxy:
            with proxy.connect("SHOWN") as client:
                assert client.line().startswith(b"* OK")
            with proxy.connect("NOT-SHOWN") as client:
                assert client.line().startswith(b"* BYE")
