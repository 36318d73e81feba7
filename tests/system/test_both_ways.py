"""Mails of all sizes both ways at once arrive octet for octet; a client that never reads."""

from __future__ import annotations

import select
import socket
import ssl
import time
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Iterator, NamedTuple

import pytest

from tests.support.certificates import Authority, Files, write
from tests.support.obliging import Obliging, script
from tests.support.outcomes import healthy
from tests.support.peers import PATIENCE, FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.tls import client_context, server_context

GREETING = b"* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+ MULTIAPPEND] ready\r\n"
# Around the sizes of records, buffers, pipes, and of what is spliced.
SIZES = (0, 1, 100, 16383, 16385, 65536, 100000, 262143, 262144, 262145, 524287, 524288, 1200000)
SEGMENTS = (1, 1000, 20000, 65536, 300000, 1000000)
PAUSES = (0, 0, 0, 0, 0.003)  # seconds
NOT_NOW = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
REFUSED = b"".join(b"a%d NOOP\r\n" % number for number in range(5000))


class Pki(NamedTuple):
    authority: Authority
    files: Files
    ca_file: str


@pytest.fixture(scope="module")
def pki(tmp_path_factory: pytest.TempPathFactory) -> Pki:
    folder = tmp_path_factory.mktemp("pki")
    authority = Authority("Example CA")
    files = authority.issue("server", ips=[HOST]).write(folder)
    return Pki(authority, files, write(folder / "ca.pem", authority.pem))


def mails(chance: Random) -> Iterator[bytes]:
    for _ in range(20):
        yield chance.randbytes(chance.choice((chance.choice(SIZES), chance.randrange(3000))))


def responses(chance: Random) -> bytes:
    """Several literals in one, and none between them, too."""
    return b"".join(
        b"* %d FETCH (BODY[1] {%d}\r\n%b BODY[2] {0}\r\n UID 5)\r\n" % (number, len(mail), mail)
        + b"* 5 EXISTS\r\n" * chance.choice((0, 0, 3))
        for number, mail in enumerate(mails(chance), 1)
    )


def exchange(peer: Peer, octets: bytes, count: int, chance: Random) -> bytes:
    """Send in segments of any size, and take so many octets, both at once and with pauses.

    By turns in one thread: see peers.py.  What TLS refuses is sent again as it is.
    """
    taken, rest, size = bytearray(), memoryview(octets), chance.choice(SEGMENTS)
    peer.socket.setblocking(False)
    while rest or len(taken) < count:
        before = len(rest), len(taken)
        with suppress(*NOT_NOW):
            rest = rest[peer.socket.send(rest[:size]) if rest else 0:]
            size = chance.choice(SEGMENTS)
        with suppress(*NOT_NOW):
            taken += peer.some()
        if (len(rest), len(taken)) != before:
            time.sleep(chance.choice(PAUSES))
        else:
            ready = select.select([peer.socket], [peer.socket] if rest else [], [], PATIENCE)
            assert any(ready), "nothing moves any more"
    peer.socket.settimeout(PATIENCE)
    return bytes(taken)


@pytest.mark.parametrize("tls", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_both_ways_at_once(tmp_path: Path, pki: Pki, tls: bool, seed: int) -> None:
    chance = Random(seed)
    download = responses(chance)
    upload = b"".join(b" {%d+}\r\n%b" % (len(mail), mail) for mail in mails(chance)) + b"\r\n"
    came: list[bytes] = []

    def play(peer: Peer) -> None:
        if tls:
            peer.start_tls(server_context(pki.files))
        peer.send(GREETING)
        for tag in (b"p1", b"p2"):
            assert peer.line().startswith(tag)
            peer.send(b"p1 OK done\r\n" if tag == b"p1" else b"")
        count = len(b"p3 APPEND Sent" + upload)
        came.append(exchange(peer, download + b"p2 OK done\r\n", count, Random(seed)))
        peer.send(b"p3 OK done\r\n")
        peer.rest()

    files = f'cert-file "{pki.files.cert}"; key-file "{pki.files.key}";'
    sections = f'ssl-params IN {{ {files} }} ssl-params OUT {{ ca-file "{pki.ca_file}"; }}'
    session, command = ("client-ssl-params IN;", "server-ssl-params OUT;") if tls else ("", "")
    with FakeServer(play) as server, Proxy(
        tmp_path, server.port, sections=sections, session=session, command=command, level="normal"
    ) as proxy, connect(proxy.port) as client:
        if tls:
            client.start_tls(client_context(pki.authority), HOST)
        assert client.line() == GREETING
        assert client.command(b"SELECT INBOX") == b"x OK done\r\n"
        client.send(b"a FETCH 1:* BODY[]\r\n")
        expected = download + b"a OK done\r\nb OK done\r\n"
        got = exchange(client, b"b APPEND Sent" + upload, len(expected), Random(seed))
        assert got == expected
        assert came == [b"p3 APPEND Sent" + upload]
        healthy(proxy)


def test_a_client_that_never_reads(tmp_path: Path) -> None:
    """What it is refused waits for it, but not without bound: it is heard no more."""
    with FakeServer(lambda peer: script(Obliging(), peer)) as server, Proxy(
        tmp_path, server.port, command="commands ! { NOOP };", level="error"
    ) as proxy, connect(proxy.port) as client:
        client.line()
        client.socket.settimeout(1.0)
        with pytest.raises(socket.timeout):
            while True:
                client.send(REFUSED)
        healthy(proxy)
