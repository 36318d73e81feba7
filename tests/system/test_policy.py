"""What the policy says about commands, capabilities and texts, through the real program."""

from __future__ import annotations

from typing import Iterator, NamedTuple

import pytest

from tests.support.obliging import Obliging, script
from tests.support.peers import FakeServer, Peer
from tests.support.policies import Policies, Policy
from tests.support.responses import begin_so, told

OFFERED = (
    b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE CONDSTORE MOVE NAMESPACE STARTTLS XYZZY "
    b"COMPRESS=DEFLATE AUTH=PLAIN AUTH=CRAM-MD5 AUTH=GSSAPI"
)
# Capabilities also stand in tagged and untagged responses that are not about them.
CODES = {
    b"NOOP": b"* OK [CAPABILITY " + OFFERED + b"] changed\r\n",
    b"ENABLE": b"* ENABLED CONDSTORE\r\n",
}

POLICIES = {
    "default": Policy(),
    "no DELETE": Policy(command="commands ! { DELETE, UNKNOWN };"),
    "reading only": Policy(
        command="commands { CAPABILITY, NOOP, LOGOUT, LOGIN, EXAMINE, FETCH, UID-FETCH };"
    ),
    "every command": Policy(command="commands *; capabilities *;"),
    "no IDLE": Policy(command="capabilities ! { IDLE, UNKNOWN };"),
    "few capabilities": Policy(command="capabilities { IMAP4rev1, LITERAL+, AUTH=* };"),
    "GSSAPI": Policy(command="capabilities { IMAP4rev1, AUTH=GSSAPI };"),
    "greeting": Policy(command='greeting "Mail gateway ready";'),
    "session-acl CZ": Policy(session="language CZ;", command="commands ! { DELETE, UNKNOWN };"),
    "command-acl CZ": Policy(command="language CZ-ASCII; commands ! { DELETE, UNKNOWN };"),
    "command-acl EN": Policy(
        session="language CZ;", command="language EN; commands ! { DELETE, UNKNOWN };"
    ),
    "denied at once": Policy(admit="deny;"),
    "denied": Policy(permit="deny;"),
    "denied CZ": Policy(session="language CZ;", permit="deny;"),
    "denied with a text": Policy(permit='deny text "Come to the help desk";'),
}


@pytest.fixture(scope="module")
def servers() -> list[Obliging]:
    """The server's side of every session so far."""
    return []


@pytest.fixture(scope="module")
def server(servers: list[Obliging]) -> Iterator[FakeServer]:
    def play(peer: Peer) -> None:
        servers.append(Obliging(OFFERED, CODES))
        script(servers[-1], peer)

    with FakeServer(play) as server:
        yield server


@pytest.fixture(scope="module")
def policies(tmp_path_factory: pytest.TempPathFactory, server: FakeServer) -> Iterator[Policies]:
    with Policies(tmp_path_factory.mktemp("policies"), POLICIES, server.port) as policies:
        yield policies


class Row(NamedTuple):
    """What a client sends, what it is told and what reaches the server, by their beginnings."""

    policy: str
    sent: bytes
    answers: tuple[bytes, ...]
    reached: tuple[bytes, ...]


COMMANDS = (
    Row("default", b"a DELETE x\r\n", (b"a OK",), (b"DELETE x",)),
    Row("default", b"a XYZZY\r\n", (b"a BAD Unknown command",), ()),
    Row("no DELETE", b"a DELETE x\r\n", (b"a NO Command not permitted",), ()),
    Row("no DELETE", b"a delete {1+}\r\nx\r\n", (b"a NO",), ()),
    Row("no DELETE", b"a DELETE x\r\nb NOOP\r\nc CREATE x\r\n",
        (b"a NO", b"b OK", b"c OK"), (b"NOOP", b"CREATE x")),
    Row("no DELETE", b"a DELETE\r\n", (b"a BAD",), ()),
    Row("reading only", b"a SELECT INBOX\r\n", (b"a NO",), ()),
    Row("reading only", b"a EXAMINE INBOX\r\nb FETCH 1 FLAGS\r\nc STORE 1 FLAGS (x)\r\n",
        (b"a OK", b"b OK", b"c NO"), (b"EXAMINE INBOX", b"FETCH 1")),
    Row("reading only", b"a EXAMINE INBOX\r\nb UID FETCH 1 FLAGS\r\nc UID COPY 1 x\r\n",
        (b"a OK", b"b OK", b"c NO"), (b"EXAMINE INBOX", b"UID FETCH 1")),
    Row("reading only", b"a APPEND x {5+}\r\nhello\r\nb NOOP\r\n", (b"a NO", b"b OK"), (b"NOOP",)),
    Row("every command", b"a XYZZY plugh\r\n", (b"a OK",), (b"XYZZY plugh",)),
    Row("no IDLE", b"a IDLE\r\n", (b"a NO",), ()),
    Row("few capabilities", b"a MOVE 1 x\r\n", (b"a BAD",), ()),
    Row("few capabilities", b"a SELECT x\r\nb MOVE 1 x\r\n", (b"a OK", b"b NO"), (b"SELECT x",)),
    Row("few capabilities", b"a NAMESPACE\r\n", (b"a NO",), ()),
    Row("session-acl CZ", b"a DELETE x\r\n", (b"a NO Prikaz neni povolen",), ()),
    Row("command-acl CZ", b"a DELETE x\r\n", (b"a NO Prikaz neni povolen",), ()),
    Row("command-acl EN", b"a DELETE x\r\n", (b"a NO Command not permitted",), ()),
)  # fmt: skip


@pytest.mark.parametrize("row", COMMANDS, ids=lambda row: f"{row.policy}: {row.sent!r}")
def test_commands(policies: Policies, servers: list[Obliging], row: Row) -> None:
    with policies.connect(row.policy) as client:
        client.line()
        client.command(b"LOGIN alice secret")
        client.command(b"NOOP")  # behind it the proxy has asked what it wants to know
        servers[-1].commands.clear()
        client.send(row.sent)
        answer = told(client.command(b"LOGOUT", tag=b"zz"))[:-2]
    assert begin_so(sorted(answer), row.answers), answer  # a refusal may overtake an answer
    assert begin_so(servers[-1].commands, (*row.reached, b"LOGOUT"))


# The words that a client may see, in every place where they stand.
CAPABILITIES = {
    "default": b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE CONDSTORE MOVE NAMESPACE "
    b"AUTH=PLAIN AUTH=CRAM-MD5",
    "no IDLE": b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE CONDSTORE MOVE NAMESPACE "
    b"AUTH=PLAIN AUTH=CRAM-MD5",
    "few capabilities": b"IMAP4rev1 LITERAL+ AUTH=PLAIN AUTH=CRAM-MD5",
    "GSSAPI": b"IMAP4rev1 AUTH=GSSAPI",
    "every command": b"IMAP4rev1 SASL-IR LITERAL+ ID ENABLE IDLE CONDSTORE MOVE NAMESPACE XYZZY "
    b"AUTH=PLAIN AUTH=CRAM-MD5",
}


@pytest.mark.parametrize("policy", CAPABILITIES)
def test_capabilities(policies: Policies, policy: str) -> None:
    words = CAPABILITIES[policy]
    session = b"a CAPABILITY\r\nb LOGIN alice secret\r\nc CAPABILITY\r\nd NOOP\r\n"
    with policies.connect(policy) as client:
        client.send(session + b"e LOGOUT\r\n")
        said = client.rest()
    assert said.count(b"CAPABILITY " + words) == 4  # greeting, two answers, the code behind NOOP
    for removed in set(OFFERED.split()) - set(words.split()):
        assert removed not in said


def test_removed_capabilities_are_logged_once_a_session(policies: Policies) -> None:
    before = len(policies.logged("IMAP-822"))
    with policies.connect("few capabilities") as client:
        client.send(b"a CAPABILITY\r\nb LOGIN alice secret\r\nc CAPABILITY\r\nd LOGOUT\r\n")
        client.rest()
        policies.session_end(client.socket.getsockname()[1])
    [line] = policies.logged("IMAP-822")[before:]
    kept = CAPABILITIES["few capabilities"].split()
    removed = [word.decode() for word in OFFERED.split() if word not in kept]
    assert " ".join(removed).replace("=", r"\x3d") in line  # no peer can forge a field


def test_no_idle_in_any_answer(policies: Policies) -> None:
    """... of a whole session, whatever the client asks for."""
    with policies.connect("no IDLE") as client:
        client.send(
            b"a CAPABILITY\r\nb LOGIN alice secret\r\nc ENABLE CONDSTORE\r\nd NOOP\r\n"
            b"e SELECT INBOX\r\nf IDLE\r\ng ID NIL\r\nh CAPABILITY\r\ni LOGOUT\r\n"
        )
        said = client.rest()
    assert b"h OK" in said
    assert b"IDLE" not in said.upper()


@pytest.mark.parametrize(
    "policy, mechanism, condition",
    [
        ("default", b"PLAIN", b"OK"),
        ("default", b"GSSAPI", b"NO"),
        ("default", b"EXTERNAL", b"NO"),
        ("few capabilities", b"GSSAPI", b"NO"),
        ("GSSAPI", b"GSSAPI", b"OK"),
        ("GSSAPI", b"PLAIN", b"NO"),
    ],
)
def test_mechanisms(policies: Policies, policy: str, mechanism: bytes, condition: bytes) -> None:
    with policies.connect(policy) as client:
        client.line()
        client.send(b"a AUTHENTICATE " + mechanism + b"\r\n")
        if condition == b"OK":
            assert client.line() == b"+ \r\n"
            client.send(b"AGFsaWNlAHNlY3JldA==\r\n")
        assert client.line().startswith(b"a " + condition)


def test_greeting(policies: Policies) -> None:
    with policies.connect("greeting") as client:
        assert client.line().endswith(b"] Mail gateway ready\r\n")
    with policies.connect("default") as client:
        assert client.line().endswith(b"] ready\r\n")


@pytest.mark.parametrize(
    "policy, said",
    [
        ("denied at once", b""),
        ("denied", b"* BYE Access denied\r\n"),
        ("denied CZ", b"* BYE Pristup odepren\r\n"),
        ("denied with a text", b"* BYE Come to the help desk\r\n"),
    ],
)
def test_denied(policies: Policies, server: FakeServer, policy: str, said: bytes) -> None:
    connections = len(server.peers)
    with policies.connect(policy) as client:
        port = client.socket.getsockname()[1]
        assert client.rest() == said
    assert policies.session_end(port).endswith(" REJECTED")
    assert len(server.peers) == connections
