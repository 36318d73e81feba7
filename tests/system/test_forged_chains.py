"""Chains whose authorities are called so that a line could end within the name, and another begin.

A certificate's subject is what its authority wrote; that of an authority below the trusted one
is what anybody wrote who was let certify others.  Through the real programs: nothing of it
makes a line or a field of the log, or reaches a peer or a page.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest

from tests.support.certificates import Authority, Files
from tests.support.monitored import Monitored
from tests.support.obliging import Obliging, script
from tests.support.oob import Desk, Visitor
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST, free_ports
from tests.support.proxy import Proxy
from tests.support.tls import client_context, server_context
from tests.support.waiting import wait_until

FORGED = 'x"\r\nJan  1 00:00:00 fw a[1]: IMAP-702-I USER=root \x1b[2J\0\x7f\x85\u2028'
TRACES = (b"USER=root", b"\x1b[2J", b"\xe2\x80\xa8")
LINE = re.compile(r"\w{3} [ \d]\d [\d:]{8} \S+ \S+\[\d+\]: [ -~]*")
ALICE = "Alice\r\n* OK USER=root"


class Chains:
    """Files with a certificate and the chain above it, which ends below `root`."""

    def __init__(self, folder: Path) -> None:
        self.root = Authority("Example CA")
        between = self.root.subordinate(FORGED)
        expired = self.root.subordinate(FORGED, until=-1)
        stranger = Authority(FORGED)
        self.ca = str(folder / "ca.pem")
        Path(self.ca).write_bytes(self.root.pem)
        self.server = between.issue(HOST, ips=[HOST]).write(folder, between)
        self.own = self.root.issue(HOST, ips=[HOST]).write(folder)
        self.clients = {
            "good": between.issue(ALICE).write(folder, between),
            "link missing": between.subordinate(FORGED).issue(ALICE).write(folder, between),
            "expired": expired.issue(ALICE).write(folder, expired),
            "stranger": stranger.issue(ALICE).write(folder, stranger),
        }


@pytest.fixture(scope="module")
def chains(tmp_path_factory: pytest.TempPathFactory) -> Chains:
    return Chains(tmp_path_factory.mktemp("chains"))


class Running(NamedTuple):
    proxy: Proxy
    server: FakeServer
    seen: Monitored
    format: str


CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
ssl-params IN {{ {own} ca-file "{ca}"; verify required; }}
ssl-params OUT {{ ca-file "{ca}"; }}
imap4-proxy TEST {{
    nodaemon;
    log-debug {{ level full; format {format}; }}
    log-stats {{ level full; format {format}; }}
    monitoring {{ comm-dir "{folder}/run"; interval 1; http [{host}] : {http}; }}
    listen-on {{ non-transparent [{host}] port {{port}}; }}
    session-acl ALL {{
        plug-to [{host}] : {server};
        client-ssl-params IN session;
        client-cert-match issuer {{ ~"USER=root" }};
        accept;
    }}
    command-acl OTHERS {{ client-cert subject {{ "CN=Alice" }}; deny; }}
    command-acl ALL {{
        client-cert subject {{ ~"Alice" }} issuer {{ ~"USER=root" }};
        server-ssl-params OUT session;
        server-cert-match issuer {{ ~"USER=root" }};
        no-mail-scanning;
        accept;
    }}
}}
"""


@pytest.fixture(scope="module", params=["text", "json"])
def running(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, chains: Chains
) -> Iterator[Running]:
    folder, context = tmp_path_factory.mktemp("forged"), server_context(chains.server)

    def serve(peer: Peer) -> None:
        peer.start_tls(context)
        script(Obliging(), peer)

    [http] = free_ports(1)
    with FakeServer(serve) as server:
        own = f'cert-file "{chains.own.cert}"; key-file "{chains.own.key}";'
        text = CONFIGURATION.format(
            **{"own": own, "ca": chains.ca, "format": request.param, "folder": folder},
            **{"host": HOST, "http": http, "server": server.port, "port": "{port}"},
        )
        with Proxy(folder, configuration=text) as proxy:
            yield Running(proxy, server, Monitored(folder / "run", http), request.param)


def clean(octets: bytes | str) -> bool:
    octets = octets.encode() if isinstance(octets, str) else octets
    return not any(trace in octets for trace in TRACES)


def texts(running: Running) -> list[str]:
    """Of the messages so far; each is one line, whole and of printable ASCII."""
    assert running.proxy.log.endswith("\n")
    lines = running.proxy.log.removesuffix("\n").split("\n")
    if running.format == "json":
        assert all(re.fullmatch("[ -~]+", line) for line in lines)
        return [json.loads(line)["text"] for line in lines]
    assert all(LINE.fullmatch(line) for line in lines)
    return [line.partition("]: ")[2] for line in lines]


def check(running: Running) -> None:
    """No field is there that is none of ours."""
    for text in texts(running):
        assert " USER=root" not in re.sub('"[^"]*"', "", text)


def shaken(running: Running, chains: Chains, files: Files) -> Peer:
    """Handshaken as far as the client goes: of TLS 1.3 the server may still say no."""
    client = connect(running.proxy.port)
    client.start_tls(client_context(chains.root, files), HOST)
    return client


def test_a_chain_that_is_good(running: Running, chains: Chains) -> None:
    """Both peers have one; what is seen of the session while it is open, and its log."""
    with shaken(running, chains, chains.clients["good"]) as client:
        assert client.line().startswith(b"* OK")
        assert b"x OK" in client.command(b"LOGIN alice secret")
        running.seen.session("alice")
        pages = [running.seen.get(path)[1] for path in ("/", "/metrics")]
        pages.append(running.seen.program().stdout)
        assert all(clean(page) for page in pages) and "alice" in pages[0] + pages[2]
        client.command(b"LOGOUT")
        client.rest()
        assert clean(client.received) and clean(running.server.received)
    wait_until(lambda: any("SESSION-END" in it for it in texts(running)), "the end")
    check(running)
    selected = [it for it in texts(running) if "ACL PHASE=2" in it]
    assert r'CERT="CN\x3dAlice\x0d\x0a* OK USER\x3droot' in selected[-1]


@pytest.mark.parametrize("name", ["link missing", "expired", "stranger"])
def test_a_chain_that_does_not_verify(running: Running, chains: Chains, name: str) -> None:
    before = len(running.server.peers)
    told = sum("TLS failed" in it for it in texts(running))
    with pytest.raises(OSError), shaken(running, chains, chains.clients[name]) as client:
        client.socket.recv(1)
    wait_until(lambda: sum("TLS failed" in it for it in texts(running)) > told, "a complaint")
    check(running)
    assert len(running.server.peers) == before


def test_the_login_page(tmp_path: Path, chains: Chains) -> None:
    """Which asks for certificates here."""
    own = f'cert-file "{chains.own.cert}"; key-file "{chains.own.key}";'
    sections = f"""ssl-params IN {{ {own} ca-file "{chains.ca}"; verify required; }}
        passwd-auth STAFF {{ file "{tmp_path}/passwd"; }}"""
    (tmp_path / "passwd").touch()
    items = f'ssl-params IN; auth passwd STAFF; store "{tmp_path}/logins";'
    with Desk(tmp_path, items, sections=sections) as desk:
        visitor = Visitor(desk.port, tls=client_context(chains.root, chains.clients["good"]))
        assert visitor.log_in("alice", "wonderland") == 403
        assert clean(visitor.page) and clean(str(visitor.headers))
        for name in ("expired", "stranger"):
            refused = Visitor(desk.port, tls=client_context(chains.root, chains.clients[name]))
            with pytest.raises(OSError):
                refused.ask("GET", "/")
        desk.wait_for("AUTH-710")
        assert desk.process is not None
        assert all(LINE.fullmatch(line) for line in desk.process.output.splitlines())
        assert clean(desk.process.output)
