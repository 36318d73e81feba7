"""While one client reads 200 mails that are scanned, another one expunges some of them.

The numbers in the proxy's answers are right at all times: a client that counts as RFC 3501
section 7.4.1 says knows of each number which mail it is, and sees that mail's octets.
"""

from __future__ import annotations

import imaplib
import re
import socket

import pytest

from tests.support.dovecot import PASSWORD
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_samples import TEXT, mixed, part
from tests.support.peers import Peer
from tests.support.ports import HOST

COUNT = 200
CHANGED = Policy(
    "changed",
    "mail-acl M { status-headers yes; accept; } doc-acl D { accept; }",
    "download { size-preserving no; }",
)
FILLING = part("application/octet-stream", bytes(range(250)) * 160, name="filling.bin")
MAILS = {
    f"{uid}": mixed(TEXT, FILLING, head=b"Subject: mail %d\r\n" % uid)
    for uid in range(1, COUNT + 1)
}
ASKED = [b"FETCH 1:* (UID BODY.PEEK[])", b"UID FETCH 1:* (BODY.PEEK[])", b"FETCH 1:* (BODY.PEEK[])"]


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    with MailPolicies(tmp_path_factory.mktemp("expunge"), [CHANGED], MAILS) as running:
        yield running


class Reader:
    """A client that holds the mailbox as the responses tell it: UIDs, by their numbers."""

    def __init__(self, port: int, mailbox: str) -> None:
        sock = socket.socket()
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 16)  # it reads slowly
        sock.connect((HOST, port))
        self.peer = Peer(sock)
        self.peer.line()
        self.peer.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
        self.peer.command(b"SELECT %b" % mailbox.encode())
        self.uids = list(range(1, COUNT + 1))
        self.seen: list[int] = []

    def read(self, tag: bytes, responses: int = 0) -> bytes:
        """Up to the tagged line, or so many responses."""
        while True:
            line = self.peer.line()
            if line.startswith(tag + b" "):
                return line
            self._take(line)
            if responses and len(self.seen) == responses:
                return line

    def _take(self, line: bytes) -> None:
        found = re.match(rb"\* (\d+) (FETCH|EXPUNGE|EXISTS)", line)
        if found is None:
            return
        number, what = int(found[1]), found[2]
        if what == b"EXPUNGE":
            del self.uids[number - 1]
        elif what == b"FETCH":
            uid = self.uids[number - 1]
            told = re.search(rb"UID (\d+)", line)
            assert told is None or int(told[1]) == uid, line
            if literal := re.search(rb"\{(\d+)\}\r\n$", line):
                octets = self.peer.take(int(literal[1]))
                assert octets.startswith(b"Subject: mail %d\r\n" % uid), (number, uid)
                self.seen.append(uid)
                assert self.peer.line() == b")\r\n"
        else:
            assert number == len(self.uids)


@pytest.mark.parametrize("command", ASKED, ids=bytes.decode)
def test_numbers(policies, command):
    mailbox = f"M{ASKED.index(command)}"
    policies.server.fill(USER, list(MAILS.values()), mailbox)
    reader = Reader(policies.port(CHANGED.name), mailbox)
    with reader.peer, imaplib.IMAP4(HOST, policies.server.port) as other:
        other.login(USER, PASSWORD)
        other.select(mailbox)
        reader.peer.send(b"a " + command + b"\r\n")
        reader.read(b"a", responses=5)
        gone = [uid for uid in range(1, COUNT + 1) if uid % 3 == 0]
        other.uid("STORE", ",".join(map(str, gone)), "+FLAGS.SILENT", r"(\Deleted)")
        assert other.expunge()[0] == "OK"
        reader.read(b"a")
        left = [uid for uid in range(1, COUNT + 1) if uid % 3]
        print(f"{len(reader.seen)} mails came, {COUNT - len(reader.uids)} are expunged so far")
        assert set(left) <= set(reader.seen) and len(set(reader.seen)) == len(reader.seen)
        reader.peer.send(b"b NOOP\r\n")
        assert reader.read(b"b").startswith(b"b OK")
        assert reader.uids == left == [int(n) for n in other.uid("SEARCH", "ALL")[1][0].split()]
        reader.seen.clear()
        reader.peer.send(b"c " + command + b"\r\n")
        assert reader.read(b"c").startswith(b"c OK") and reader.seen == left
