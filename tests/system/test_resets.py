"""Did a peer close its connection, or did the connection break?  The log and the record tell."""

from __future__ import annotations

from typing import Callable, Iterator, NamedTuple

import pytest

from tests.support.certificates import Authority, Files
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.tls import client_context, server_context

End = Callable[[Peer], object]

RESET = "connection broke: Connection reset by peer"
LARGE = 2_000_000  # octets of a literal


class Server:
    """PREAUTH, SELECT, and `end` where a FETCH is due an answer; with `tls` it all is in it."""

    def __init__(self, files: Files) -> None:
        self.end: End = Peer.rest
        self.tls = False
        self._context = server_context(files)

    def play(self, peer: Peer) -> None:
        if self.tls:
            peer.start_tls(self._context)
        peer.send(b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
        tag, _ = peer.line().split(maxsplit=1)
        peer.send(b"* 1 EXISTS\r\n* OK [UIDVALIDITY 1] .\r\n%b OK done\r\n" % tag)
        peer.until(b"FETCH")
        peer.line()
        self.end(peer)


def reset_within_a_literal(peer: Peer) -> None:
    peer.send(b"* 1 FETCH (BODY[] {%d}\r\n" % LARGE)
    peer.send(bytes(LARGE // 2))
    peer.reset()


class Case(NamedTuple):
    side: str
    end: End
    reason: str
    tls: bool = False
    result: str = "FAILED"
    outcome: str = "FAILED"

    def __str__(self) -> str:
        return f"{self.side} {self.end.__name__}{' in TLS' if self.tls else ''}"


def of_client(end: End, reason: str, tls: bool = False) -> Case:
    return Case("client", end, reason, tls, "ACCEPTED", "OK")


CASES = [
    of_client(Peer.close, "the client closed the connection"),
    of_client(Peer.end_sending, "the client closed the connection"),
    of_client(Peer.end_sending, "the client closed the connection", tls=True),
    of_client(Peer.reset, f"the client's {RESET}"),
    of_client(Peer.reset, f"the client's {RESET}", tls=True),
    Case("server", Peer.close, "the server closed the connection"),
    Case("server", Peer.end_sending, "the server closed the connection", tls=True),
    Case("server", Peer.reset, f"the server's {RESET}"),
    Case("server", Peer.reset, f"the server's {RESET}", tls=True),
    Case("server", reset_within_a_literal, f"the server's {RESET}"),
]


class Running(NamedTuple):
    server: Server
    authority: Authority
    proxies: dict[bool, Proxy]  # with TLS on both sides, and without


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    plain, secure = tmp_path_factory.mktemp("plain"), tmp_path_factory.mktemp("tls")
    authority = Authority("Example CA")
    files = authority.issue(HOST, ips=[HOST]).write(secure)
    tls = {
        "sections": f"""ssl-params IN {{ cert-file "{files.cert}"; key-file "{files.key}"; }}
            ssl-params OUT {{ verify none; }}""",
        "session": "client-ssl-params IN session;",
        "command": "server-ssl-params OUT session;",
    }
    server = Server(files)
    with FakeServer(server.play) as fake:
        with Proxy(plain, fake.port) as without, Proxy(secure, fake.port, **tls) as within:
            yield Running(server, authority, {False: without, True: within})


@pytest.mark.parametrize("case", CASES, ids=str)
def test_how_it_ended(running: Running, case: Case) -> None:
    proxy, server = running.proxies[case.tls], running.server
    by_client = case.side == "client"
    server.tls, server.end = case.tls, Peer.rest if by_client else case.end
    before = len(proxy.logged("IMAP-888"))
    with connect(proxy.port) as client:
        if case.tls:
            client.start_tls(client_context(running.authority), HOST)
        client.line()
        if by_client:
            case.end(client)
        else:
            client.command(b"SELECT INBOX")
            client.send(b"a FETCH 1 BODY[]\r\n")
            client.rest()
    record = proxy.wait_for("IMAP-888", before + 1)[-1]
    assert proxy.logged("IMAP-716")[-1] == f'IMAP-716-K Session finished: "{case.reason}"'
    assert proxy.logged("IMAP-702")[-1].endswith(f" {case.result}")
    assert f" STATUS=ACCEPTED RESULT={case.outcome} " in record
