"""A server is heard while a client uploads a mail that is scanned, and while that is checked."""

from __future__ import annotations

import time
from contextlib import contextmanager
from pathlib import Path
from threading import Event
from typing import Callable, Iterator

import pytest

from tests.support.fake_imap import read_command
from tests.support.peers import PATIENCE, FakeServer, Peer, connect
from tests.support.proxy import Proxy, looking_at_mails

GREETING = b"* PREAUTH [CAPABILITY IMAP4rev1 LITERAL+] ready\r\n"
HEADER = b"Subject: x\r\n\r\n"
MAIL = HEADER + b"x" * 300_000
HALF = len(MAIL) // 2
PROMPT = 10.0  # seconds; each timeout of the proxy is longer
ENGINE = "antivirus A {{ connection clamav [127.0.0.1] : {port}; }}"


class Stage:
    """A client half-way in its mail, whose NOOP before it the server has not answered yet."""

    def __init__(self, proxy: Proxy, client: Peer, go: Callable[[], None]) -> None:
        self.proxy, self.client = proxy, client
        self.go = go  # let the server play its part

    def rest(self) -> None:
        self.client.send(MAIL[HALF:] + b"\r\n")

    def ended(self, result: str) -> None:
        began = time.monotonic()
        self.client.rest()
        assert time.monotonic() - began < PROMPT
        [line] = self.proxy.wait_for("IMAP-702")
        assert line.endswith(result)


@contextmanager
def staged(folder: Path, part: Callable[[Peer], object], **configured: str) -> Iterator[Stage]:
    go = Event()

    def script(peer: Peer) -> None:
        peer.send(GREETING)
        assert read_command(peer)[1] == b"NOOP"
        assert go.wait(PATIENCE)
        part(peer)

    looking = {**looking_at_mails(folder), **configured}
    with FakeServer(script) as server, Proxy(folder, server.port, **looking) as proxy:
        with connect(proxy.port) as client:
            assert client.line().startswith(b"* PREAUTH")
            client.send(b"n NOOP\r\na APPEND INBOX {%d}\r\n" % len(MAIL))
            assert client.line().startswith(b"+ ")
            client.send(MAIL[:HALF])
            yield Stage(proxy, client, go.set)


def says(octets: bytes) -> Callable[[Peer], object]:
    """Answers the NOOP behind these, and takes the mail."""

    def part(peer: Peer) -> None:
        peer.send(octets + b"p1 OK done\r\n")
        tag, name, command = read_command(peer)
        assert name == b"APPEND" and command.endswith(MAIL + b"\r\n")
        peer.send(tag + b" OK stored\r\n")

    return part


SAID = [
    b"* 5 EXISTS\r\n* 3 FETCH (FLAGS (x))\r\n",
    b"* LIST () \"/\" {3}\r\nabc\r\n",
    b"* 3 FETCH (FLAGS (x) ENVELOPE (NIL {200000}\r\n" + b"y" * 200_000
    + b" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n",
]  # fmt: skip


@pytest.mark.parametrize("octets", SAID, ids=["data", "literal", "large literal"])
def test_what_it_says_goes_on(tmp_path, octets):
    with staged(tmp_path, says(octets)) as stage:
        stage.go()
        assert stage.client.take(len(octets)) == octets
        assert stage.client.line() == b"n OK done\r\n"
        stage.rest()
        assert stage.client.line() == b"a OK stored\r\n"


def test_it_closes(tmp_path):
    with staged(tmp_path, Peer.close) as stage:
        stage.go()
        assert stage.client.line().startswith(b"* BYE ")
        stage.ended("FAILED")


def test_it_says_bye(tmp_path):
    with staged(tmp_path, lambda peer: peer.send(b"* BYE for today\r\n")) as stage:
        stage.go()
        assert stage.client.line() == b"* BYE for today\r\n"
        stage.ended("ACCEPTED")


def test_it_breaks_the_protocol(tmp_path):
    with staged(tmp_path, lambda peer: peer.send(b"+ go on\r\n")) as stage:
        stage.go()
        assert stage.client.line().startswith(b"* BYE ")
        stage.ended("FAILED")
        stage.proxy.wait_for("IMAP-612")


def test_an_answer_waits_for_the_end_of_what_it_says(tmp_path):
    """The mail is denied while the client is within a literal."""
    going = Event()

    def part(peer: Peer) -> None:
        peer.send(b"* LIST () \"/\" {200000}\r\n" + b"y" * 100_000)
        assert going.wait(PATIENCE)
        peer.send(b"y" * 100_000 + b"\r\np1 OK done\r\n")
        peer.rest()

    with staged(tmp_path, part, mail='mail-acl M { deny text "Never"; }') as stage:
        stage.go()
        assert stage.client.line() == b"* LIST () \"/\" {200000}\r\n"
        stage.client.take(100_000)
        stage.rest()
        stage.proxy.wait_for("IMAP-760")
        going.set()
        assert stage.client.take(100_002) == b"y" * 100_000 + b"\r\n"
        assert {stage.client.line()[:4], stage.client.line()[:4]} == {b"a NO", b"n OK"}


def test_it_closes_while_the_mail_is_checked(tmp_path):
    asked = Event()

    def engine(peer: Peer) -> None:
        peer.until(HEADER)
        asked.set()
        peer.rest()

    with FakeServer(engine) as silent:
        items = {"sections": ENGINE.format(port=silent.port), "command": "use-antivirus enable A;"}
        with staged(tmp_path, Peer.close, **items) as stage:
            stage.rest()
            assert asked.wait(PATIENCE)
            stage.go()
            assert stage.client.line().startswith(b"* BYE ")
            stage.ended("FAILED")
