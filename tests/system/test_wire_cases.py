"""Octets of a client that break other proxies, through the real program, cut in many ways.

The cases are those of the engine's tests, where they are cut at every place; here
whole, at a few places and, where they are not too many, octet by octet; and whole in
TLS and where mails are scanned.  After each case a new session works; at the end no
child has died and memory is flat.
"""

from __future__ import annotations

import re
import threading
from pathlib import Path
from typing import Iterator, Sequence

import pytest

from tests.support.client_cases import CASES, WITHOUT_BINARY, Case
from tests.support.dovecot import Dovecot
from tests.support.obliging import Obliging, script
from tests.support.outcomes import Outcomes, healthy, ways
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy
from tests.support.responses import begin_so, told
from tests.support.ways_in import WAYS, Way, WaysIn

LOGIN = (b"LOGIN alice secret", b"SELECT INBOX")

LOG_LINE = re.compile(  # logging(7)
    r"[A-Z][a-z]{2} [ 0-9]{2} [0-9:]{8} .* [a-z0-9-]+\[[0-9]+\]: [A-Z]{4}-[0-9]{3}-[A-Z] [ -~]*\Z"
)

outcomes = Outcomes("octets of a client")


@pytest.fixture(scope="module", autouse=True)
def report() -> Iterator[None]:
    """The outcome; pytest -s shows it."""
    yield
    print(outcomes)


@pytest.fixture(scope="module")
def servers() -> list[Obliging]:
    """The server's side of every session so far."""
    return []


@pytest.fixture(scope="module")
def ways_in(
    tmp_path_factory: pytest.TempPathFactory, servers: list[Obliging]
) -> Iterator[WaysIn]:
    """The proxy before an obliging server."""

    def play(peer: Peer) -> None:
        servers.append(Obliging())
        script(servers[-1], peer)

    with WaysIn(tmp_path_factory.mktemp("ways"), play) as ways_in:
        yield ways_in
        healthy(ways_in.proxy)
        assert all(LOG_LINE.match(line) for line in ways_in.proxy.log.splitlines())


def entered(client: Peer, logged_in: bool) -> Peer:
    """A client who has got the greeting, and perhaps logged in and selected a mailbox."""
    assert client.line().startswith(b"* OK")
    if logged_in:
        for command in LOGIN:
            client.command(command)
    return client


def answered(client: Peer, case: Case, parts: Sequence[bytes]) -> list[bytes]:
    """What the client is told for the octets of the case."""
    for part in parts:
        client.send(part)
    if case.ends:
        return told(client.rest())
    client.send(b"" if case.sent.endswith(b"\r\n") else b"\r\n")
    answer = told(client.command(b"NOOP", tag=b"zz"))
    assert answer.pop().startswith(b"zz OK")
    return answer


def still_works(ways_in: WaysIn, way: Way) -> None:
    with entered(ways_in.connect(way), logged_in=True) as client:
        assert client.command(b"LOGOUT").endswith(b"\r\n")


@pytest.mark.parametrize("case", CASES, ids=str)
def test_client(ways_in: WaysIn, servers: list[Obliging], case: Case) -> None:
    for parts in ways(case.sent):
        play(ways_in, servers, Way(), case, parts)
        outcomes.add(case.kind)
    still_works(ways_in, Way())


@pytest.mark.parametrize("way", WAYS[1:], ids=str)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_client_of_other_ways(
    ways_in: WaysIn, servers: list[Obliging], way: Way, case: Case
) -> None:
    """In TLS, and where mails are scanned."""
    play(ways_in, servers, way, case, [case.sent])
    outcomes.add(f"{case.kind} ({way})")
    still_works(ways_in, way)


def play(
    ways_in: WaysIn, servers: list[Obliging], way: Way, case: Case, parts: Sequence[bytes]
) -> None:
    with entered(ways_in.connect(way), case.logged_in) as client:
        commands = servers[-1].commands
        commands.clear()
        answers = answered(client, case, parts)
        assert begin_so(answers, case.answers), answers
    reached = commands if case.ends else commands[:-1]
    assert begin_so(reached, case.reached), reached


# --- the same before Dovecot -----------------------------------------------------------------


@pytest.fixture(scope="module")
def dovecot_proxy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxy]:
    with Dovecot() as server:
        server.fill("alice", [b"From: a\r\n\r\nhello\r\n"])
        with Proxy(tmp_path_factory.mktemp("dovecot"), server.port, level="normal") as proxy:
            yield proxy
            healthy(proxy)


def alike(answers: Sequence[bytes], expected: Sequence[bytes]) -> bool:
    """As `begin_so`; but what is OK at an obliging server may be NO at a real one."""
    other = [beginning.replace(b" OK", b" NO") for beginning in expected]
    return len(answers) == len(expected) and all(
        answer.startswith(pair) for answer, pair in zip(answers, zip(expected, other))
    )


OF_DOVECOT = [case for case in CASES if case not in WITHOUT_BINARY]


@pytest.mark.parametrize("case", OF_DOVECOT, ids=str)
def test_client_of_dovecot(dovecot_proxy: Proxy, case: Case) -> None:
    with entered(connect(dovecot_proxy.port), case.logged_in) as client:
        answers = answered(client, case, [case.sent])
    assert alike(answers, case.answers), answers
    outcomes.add(f"{case.kind} (Dovecot)")


# --- many, and for the log ----------------------------------------------------------------


def test_one_tag_twice_in_flight(tmp_path: Path) -> None:
    """The second is refused, and the server does not see it; the first is answered."""
    told = threading.Event()

    def slow(peer: Peer) -> None:
        peer.send(b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
        tag = peer.line().partition(b" ")[0]
        assert told.wait(30)
        peer.send(tag + b" OK done\r\n")
        peer.rest()

    with FakeServer(slow) as server, Proxy(tmp_path, server.port, level="normal") as proxy:
        with connect(proxy.port) as client:
            client.line()
            client.send(b"a NOOP\r\na CAPABILITY\r\n")
            assert client.line().startswith(b"a BAD")
            told.set()
            assert client.line() == b"a OK done\r\n"
        assert server.received.count(b"\r\n") == 1
    outcomes.add("tags")


def refusing(peer: Peer) -> None:
    """A server with which no password is right."""
    peer.send(Obliging().greeting)
    while True:
        tag = peer.line().partition(b" ")[0]
        peer.send(tag + b" NO [AUTHENTICATIONFAILED] no\r\n")


def test_login_refused(tmp_path: Path) -> None:
    """A thousand times: NO each, as long as the server wants to."""
    with FakeServer(refusing) as server, Proxy(tmp_path, server.port, level="normal") as proxy:
        with entered(connect(proxy.port), logged_in=False) as client:
            for number in range(1000):
                answer = client.command(LOGIN[0], tag=b"a%d" % number)
                assert answer == b"a%d NO [AUTHENTICATIONFAILED] no\r\n" % number
        proxy.wait_for("IMAP-702")
        healthy(proxy)
        assert "secret" not in proxy.log
    outcomes.add("LOGIN refused")


NAMES = (b'alice" USER=root', b"alice\x1b[2J", b"alice\r\nJan  1 IMAP-702-I SESSION-END", b"a\\x0a")


@pytest.mark.parametrize("name", NAMES, ids=repr)
def test_log(ways_in: WaysIn, name: bytes) -> None:
    """Whatever a user or a mailbox is called, a line of the log is one, and a field is one."""
    proxy = ways_in.proxy
    before = len(proxy.logged("IMAP-712"))
    with entered(ways_in.connect(Way()), logged_in=False) as client:
        client.command(b"LOGIN {%d+}\r\n%b secret" % (len(name), name))
        client.command(b"CREATE {%d+}\r\n%b" % (len(name), name))
    [line] = proxy.wait_for("IMAP-712", before + 1)[before:]
    fields = re.findall(r'([A-Z]+)=("[^"]*"|[^ "]*)', line)
    assert [key for key, _ in fields] == ["USER", "MECHANISM"]
    assert all(LOG_LINE.match(line) for line in proxy.log.splitlines())
    outcomes.add("logs")
