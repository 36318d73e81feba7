"""TLS towards clients: every item of ssl-params and every condition on client certificates.

Through the real program, tried by Python's own TLS client; each row is one policy
and one client, who gets in or does not.
"""

from __future__ import annotations

import re
import ssl
from pathlib import Path
from typing import Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer
from tests.support.policies import Policies, Policy
from tests.support.tls import client_context
from tests.support.world import NAME, World, own

PATIENCE = 0.4  # seconds


def towards_clients(world: World) -> dict[str, str]:
    """Items of ssl-params, by the name of the policy."""
    usual = own(world.proxy)
    trusting = f'{usual} ca-file "{world.ca}";'
    return {
        "usual": usual,
        "password-file": own(world.locked, f' password-file "{world.password}"'),
        "chain-file": f'{own(world.chained)} chain-file "{world.users_ca}";',
        "no chain": own(world.chained),
        "verify none": f"{trusting} verify none;",
        "verify optional": f"{trusting} verify optional;",
        "verify required": f"{trusting} verify required;",
        "ca-dir": f'{usual} ca-dir "{world.ca_dir}"; verify required;',
        "depth 0": f"{trusting} verify required depth 0;",
        "depth 1": f"{trusting} verify required depth 1;",
        "crl-file": f'{trusting} crl-file "{world.crl}"; verify required;',
        "old": f"{usual} versions TLSv1-2 to TLSv1-2;",
        "new": f"{usual} versions TLSv1-3 to TLSv1-3;",
        "ciphers": f"{usual} versions TLSv1-2 to TLSv1-2; ciphers ECDHE-ECDSA-AES128-GCM-SHA256;",
        "ciphersuites": f"{usual} ciphersuites TLS_CHACHA20_POLY1305_SHA256;",
        "no tickets": f"{usual} tickets no;",
        "subject": f"{trusting} verify optional;",
        "issuer": f"{trusting} verify optional;",
        "san": f"{trusting} verify optional;",
        "client-cert": f"{trusting} verify optional;",
        "client-cert none": f"{trusting} verify optional;",
    }


CERTIFICATE_MATCH = {
    "subject": 'client-cert-match subject { "OU=admins" };',
    "issuer": 'client-cert-match issuer { "CN=Example CA" };',
    "san": 'client-cert-match san { "alice@example.org" };',
}
CLIENT_CERT = {
    "client-cert": 'client-cert subject { "OU=admins" };',
    "client-cert none": "client-cert none;",
}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> World:
    return World(tmp_path_factory.mktemp("world"))


@pytest.fixture(scope="module")
def inbound(tmp_path_factory: pytest.TempPathFactory, world: World) -> Iterator[Policies]:
    """The proxy with TLS towards clients, one policy for each of `towards_clients`."""
    items = towards_clients(world)
    names = {name: name.replace(" ", "-") for name in items}
    sections = "".join(f"ssl-params {names[name]} {{ {items[name]} }}\n" for name in items)
    policies = {
        name: Policy(
            session=f"client-ssl-params {names[name]}; {CERTIFICATE_MATCH.get(name, '')}",
            command=CLIENT_CERT.get(name, ""),
        )
        for name in items
    }
    policies["impatient"] = Policy(session=f"client-ssl-params usual; idle-timeout {PATIENCE};")
    with FakeServer(lambda peer: script(Obliging(), peer)) as server:
        folder = tmp_path_factory.mktemp("inbound")
        with Policies(folder, policies, server.port, sections) as proxy:
            yield proxy


class Entered(NamedTuple):
    """What is spoken with a client who was let in."""

    version: str | None
    cipher: str


def enter(
    world: World, proxy: Policies, policy: str, client: str = "nobody", **options: object
) -> Entered | None:
    """Connect, and read the greeting; None where the proxy does not let the client in."""
    context = client_context(world.root, world.clients[client])
    for name, value in options.items():
        setattr(context, name, value)
    with proxy.connect(policy) as peer:
        try:
            peer.start_tls(context, NAME)
            greeting = peer.line()
        except (OSError, EOFError):
            return None
        if greeting.startswith(b"* BYE"):
            return None
        assert isinstance(peer.socket, ssl.SSLSocket)
        cipher = peer.socket.cipher()
        return Entered(peer.socket.version(), cipher[0] if cipher else "")


CLIENTS = [
    # policy, client, does it get in
    ("usual", "nobody", True),
    ("password-file", "nobody", True),
    ("chain-file", "nobody", True),
    ("no chain", "nobody", False),  # the client's own refusal
    ("verify none", "stranger", True),
    ("verify optional", "nobody", True),
    ("verify optional", "alice", True),
    ("verify optional", "stranger", False),
    ("verify optional", "expired", False),
    ("verify required", "nobody", False),
    ("verify required", "alice", True),
    ("verify required", "stranger", False),
    ("ca-dir", "alice", True),
    ("ca-dir", "stranger", False),
    ("depth 0", "alice", True),
    ("depth 0", "carol", False),
    ("depth 1", "carol", True),
    ("crl-file", "alice", True),
    ("crl-file", "bob", False),
    ("verify required", "bob", True),
    ("subject", "alice", True),
    ("subject", "bob", False),
    ("subject", "nobody", False),
    ("issuer", "bob", True),
    ("issuer", "carol", False),
    ("san", "alice", True),
    ("san", "bob", False),
    ("client-cert", "alice", True),
    ("client-cert", "bob", False),
    ("client-cert", "nobody", False),
    ("client-cert none", "nobody", True),
    ("client-cert none", "alice", False),
]


@pytest.mark.parametrize("policy, client, admitted", CLIENTS)
def test_client(
    world: World, inbound: Policies, policy: str, client: str, admitted: bool
) -> None:
    assert (enter(world, inbound, policy, client) is not None) is admitted


OLD, NEW = ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3
VERSIONS = [
    # policy, the client's highest version, its lowest, what is spoken
    ("usual", NEW, OLD, "TLSv1.3"),
    ("usual", OLD, OLD, "TLSv1.2"),
    ("old", NEW, OLD, "TLSv1.2"),
    ("old", NEW, NEW, None),
    ("new", NEW, OLD, "TLSv1.3"),
    ("new", OLD, OLD, None),
]


@pytest.mark.parametrize("policy, high, low, spoken", VERSIONS)
def test_versions(
    world: World,
    inbound: Policies,
    policy: str,
    high: ssl.TLSVersion,
    low: ssl.TLSVersion,
    spoken: str | None,
) -> None:
    entered = enter(world, inbound, policy, maximum_version=high, minimum_version=low)
    assert (entered and entered.version) == spoken


@pytest.mark.parametrize(
    "policy, cipher",
    [
        ("ciphers", "ECDHE-ECDSA-AES128-GCM-SHA256"),
        ("ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"),
    ],
)
def test_ciphers(world: World, inbound: Policies, policy: str, cipher: str) -> None:
    entered = enter(world, inbound, policy)
    assert entered is not None
    assert entered.cipher == cipher


@pytest.mark.parametrize("policy, resumed", [("usual", True), ("no tickets", False)])
@pytest.mark.parametrize("version", [OLD, NEW], ids=["1.2", "1.3"])
def test_tickets(
    world: World, inbound: Policies, policy: str, resumed: bool, version: ssl.TLSVersion
) -> None:
    """A second session goes on with the first one's keys; whichever child it comes to."""
    context = client_context(world.root)
    context.maximum_version = version
    session = None
    reused = []
    for _ in range(4):
        with inbound.connect(policy) as peer:
            peer.socket = context.wrap_socket(peer.socket, server_hostname=NAME, session=session)
            peer.line()
            reused.append(peer.socket.session_reused)
            session = peer.socket.session
    assert reused == [False, resumed, resumed, resumed]


def test_handshake_that_does_not_come(inbound: Policies) -> None:
    """A client who says nothing has idle-timeout for it."""
    with inbound.connect("impatient") as client:
        port = client.socket.getsockname()[1]
        assert client.rest() == b""
    end = inbound.session_end(port)
    [time] = re.findall(r"TIME=([0-9.]+)", end)
    assert float(time) >= PATIENCE
    assert end.endswith(" FAILED")


FORGED = 'x"\r\nJan  1 00:00:00 fw imap4-proxy[1]: IMAP-702-I USER=root \x1b[2J'


def test_a_certificate_forges_nothing(tmp_path: Path, world: World) -> None:
    """Whatever its subject is, it makes neither lines nor fields of the log."""
    items = f'{own(world.proxy)} ca-file "{world.ca}"; verify required;'
    policies = {"IN": Policy(session="client-ssl-params IN session;")}
    files = world.write(world.root.issue(FORGED))
    with FakeServer(lambda peer: script(Obliging(), peer)) as server:
        with Policies(tmp_path, policies, server.port, f"ssl-params IN {{ {items} }}") as proxy:
            with proxy.connect("IN") as client:
                client.start_tls(client_context(world.root, files), NAME)
                assert client.line().startswith(b"* OK")
            proxy.wait_for("IMAP-702")
            lines = proxy.log.splitlines()
    assert any(r"\x0d\x0aJan" in line for line in lines)
    assert all(re.fullmatch(r"\w{3} [ \d]\d [\d:]{8} \S+ \S+\[\d+\]: [ -~]*", it) for it in lines)
    assert not [line for line in lines if " USER=root" in re.sub('"[^"]*"', "", line)]
