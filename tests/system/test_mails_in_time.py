"""A mail that is another one the second time, one whose check takes long, one that is denied.

Before a scripted server, with a scripted clamd; what the proxy says of it, in Czech.
"""

from __future__ import annotations

import re
import threading
from contextlib import ExitStack
from types import SimpleNamespace

import pytest

from tests.support.fake_imap import CAPABILITIES, obliging
from tests.support.mail_samples import mail
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy

MANY = 258  # more than a session keeps
ACLS = "mail-acl M { header X-Deny yes; deny; } mail-acl R { accept; } doc-acl D { accept; }"
CHECKED = "use-antivirus enable SLOW;"
SLOW = "antivirus SLOW {{ connection clamav [{host}] : {port}; sock-opt {{ recv-timeout 90; }} }}"
DENIED = b"NO [NOPERM] Dopis je odmitnut pravidly (m1@example.net)\r\n"
UNSTABLE = b"NO [UNAVAILABLE] Dopis nelze znovu zobrazit\r\n"


class Mailbox:
    """What a server gives for a mail, by its number; UIDs are the numbers."""

    def __init__(self, **mails: bytes) -> None:
        self.mails = {int(name[1:]): octets for name, octets in mails.items()}

    def answer(self, command: bytes) -> bytes:
        """The FETCH responses to a command."""
        found = re.search(rb"FETCH ([\d:,]+) \((.*)\)\r\n$", command)
        assert found is not None, command
        return b"".join(self._of(number, found[2]) for number in _numbers(found[1]))

    def _of(self, number: int, items: bytes) -> bytes:
        octets = self.mails.get(number, mail(b"X-Number: %d" % number))
        values = b"UID %d" % number
        if b"FLAGS" in items:
            values += b" FLAGS ()"
        if b"BODY" in items:
            date = b'INTERNALDATE "02-Mar-2026 10:00:00 +0000"'
            values += b" %b BODY[] {%d}\r\n%b" % (date, len(octets), octets)
        return b"* %d FETCH (%b)\r\n" % (number, values)


def _numbers(text: bytes) -> list[int]:
    numbers: list[int] = []
    for piece in text.split(b","):
        first, _, last = piece.partition(b":")
        numbers += range(int(first), int(last or first) + 1)
    return numbers


class Clamd:
    """It finds nothing; a content with `X-Wait: NAME` it answers when NAME is released."""

    def __init__(self) -> None:
        self.waits = {b"one": threading.Event(), b"two": threading.Event()}

    def release(self, name: bytes) -> None:
        self.waits[name].set()

    def script(self, peer: Peer) -> None:
        content = peer.until(b"\0\0\0\0")
        found = re.search(rb"X-Wait: (\w+)", content)
        if found:
            assert self.waits[found[1]].wait(60)
        peer.send(b"stream: OK\0")


@pytest.fixture
def rig(tmp_path):
    """A mailbox, a clamd and the proxy between; `session` opens one."""
    mailbox, clamd = Mailbox(), Clamd()
    with ExitStack() as stack:
        script = obliging(CAPABILITIES, fetch=mailbox.answer)
        server = stack.enter_context(FakeServer(script))
        engine = stack.enter_context(FakeServer(clamd.script))
        proxy = Proxy(
            tmp_path,
            server.port,
            sections=SLOW.format(host=HOST, port=engine.port),
            items=f'mail-pool {{ dir "{tmp_path}"; free 0; }}',
            command=f"language CZ; {CHECKED}",
            mail=ACLS,
            level="normal",
        )
        stack.enter_context(proxy)

        def session() -> Peer:
            client = stack.enter_context(connect(proxy.port))
            client.line()
            client.command(b"LOGIN alice secret")
            client.command(b"SELECT INBOX")
            return client

        yield SimpleNamespace(mailbox=mailbox, clamd=clamd, proxy=proxy, session=session)


def test_another_mail_the_second_time(rig):
    """It is refused, so that no client mixes parts of the one with parts of the other."""
    client = rig.session()
    first = client.command(b"FETCH 1:2 (BODY.PEEK[])")
    assert first.count(b"X-Number") == 2
    assert client.command(b"FETCH 3:%d (BODY.PEEK[])" % MANY).count(b"X-Number") == MANY - 2
    rig.mailbox.mails[1] = mail(b"X-Number: 9")
    assert client.command(b"FETCH 1 (BODY.PEEK[]<0.50>)") == b"x " + UNSTABLE
    again = client.command(b"FETCH 1:2 (BODY.PEEK[])")
    assert again.endswith(b"x " + UNSTABLE) and b"X-Number: 9" not in again
    assert again.count(b" FETCH (") == 1 and b"X-Number: 2" in again
    assert rig.proxy.logged("IMAP-621")


def test_denied(rig):
    octets = mail(b"X-Deny: yes")
    rig.mailbox.mails[1] = octets
    client = rig.session()
    assert client.command(b"FETCH 1 (BODY[])") == b"x " + DENIED
    client.send(b"a APPEND INBOX {%d}\r\n" % len(octets))
    assert client.line().startswith(b"+ ")
    client.send(octets + b"\r\n")
    assert client.line() == b"a " + DENIED


def in_progress(tag: bytes, done: int, goal: int) -> bytes:
    return b'* OK [INPROGRESS ("%b" %d %d)] Dopis se kontroluje\r\n' % (tag, done, goal)


def test_in_progress(rig):
    """A word every ten seconds, to everyone who waits."""
    rig.mailbox.mails = {1: mail(b"X-Wait: one"), 2: mail(b"X-Wait: two")}
    reading, writing = rig.session(), rig.session()
    octets = mail(b"X-Wait: one")
    writing.send(b"w7 APPEND INBOX {%d}\r\n" % len(octets))
    assert writing.line().startswith(b"+ ")
    writing.send(octets + b"\r\n")
    reading.send(b"r7 FETCH 1:2 (BODY.PEEK[])\r\n")
    assert reading.line() == in_progress(b"r7", 0, 2)
    assert writing.line() == in_progress(b"w7", 0, 1)
    rig.clamd.release(b"one")
    assert writing.line().startswith(b"w7 OK")
    answer = reading.until(b"INPROGRESS")
    assert answer.startswith(b"* 1 FETCH (BODY[] {") and b"X-Wait: one" in answer
    assert b"* OK [INPROGRESS" + reading.line() == in_progress(b"r7", 1, 2)
    rig.clamd.release(b"two")
    assert b"X-Wait: two" in reading.until(b"r7 OK")
