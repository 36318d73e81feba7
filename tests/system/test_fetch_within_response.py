"""A client asks for mails that are scanned while a response of the server is half-way through."""

from tests.support.fake_imap import read_command
from tests.support.peers import FakeServer, Peer, connect
from tests.support.proxy import Proxy, looking_at_mails

HALVES = b"* 1 FETCH (BODY[HEADER] {6}\r\nA:", b" 1\r\n FLAGS ())\r\n"
MAIL = b"Subject: x\r\n\r\nhello\r\n"


def script(peer: Peer) -> None:
    peer.send(b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    tag, name, _ = read_command(peer)
    assert name == b"SELECT"
    peer.send(tag + b" OK done\r\n" + HALVES[0])
    tag, name, _ = read_command(peer)
    assert name == b"FETCH"
    answer = b"* 2 FETCH (UID 8 INTERNALDATE \"17-Jul-1996 02:44:25 -0700\" BODY[] {%d}\r\n%b)\r\n"
    peer.send(HALVES[1] + answer % (len(MAIL), MAIL) + tag + b" OK done\r\n")
    peer.rest()


def test_both_arrive(tmp_path):
    with FakeServer(script) as server:
        with Proxy(tmp_path, server.port, **looking_at_mails(tmp_path)) as proxy:
            with connect(proxy.port) as client:
                client.line()
                client.command(b"SELECT INBOX")
                client.until(HALVES[0])
                answer = client.command(b"FETCH 2 BODY.PEEK[]")
    assert answer.startswith(HALVES[1])
    assert b"* 2 FETCH (BODY[] {%d}\r\n%b)\r\nx OK done\r\n" % (len(MAIL), MAIL) in answer
