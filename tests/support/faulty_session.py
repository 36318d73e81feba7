"""faulty_session - a session with all that a fault may hit, before a server of a few mails.

    with FaultySessions(folder) as proxy:
        outcome = proxy.play("mails")       in words; `scanned` mails, or one that is relayed
        proxy.children()                    pids of all children

Mails 1 and 2 are scanned: the first passes, the second is forbidden and goes to quarantine.
Mail 3 is large and streams, on a port where nothing is scanned.
"""

from __future__ import annotations

from pathlib import Path
from typing import List, Self, Sequence

from .daemons import below, busy, idle_children, title
from .fake_imap import obliging
from .peers import FakeServer, Peer, connect
from .ports import HOST, free_ports
from .proxy import Proxy
from .waiting import wait_until

GOOD = b"Subject: hello\r\n\r\nbody\r\n"
FORBIDDEN = b"Subject: bad\r\n\r\nforbidden\r\n"
FOLDERS = ("pool", "quarantine", "logs", "cache")
LARGE = 1 << 21  # octets: enough for splice
DATE = b'INTERNALDATE " 2-Mar-2026 10:00:00 +0000"'

USUAL = "as usual"
REFUSED = "mail refused"
ENDED = "session ends"
BYE = "session ends with BYE"

_CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
SECTIONS
imap4-proxy TEST {
    nodaemon;
    log-debug { LOG }
    MORE
    listen-on {
        non-transparent [HOST] port {port};
        non-transparent [HOST] port RELAYED;
    }
    client-conn { recv-timeout 1; send-timeout 1; close-timeout 0.5; }
    server-conn { recv-timeout 0.5; send-timeout 1; conn-timeout 1; close-timeout 0.5; }
    tcpserver { init-children 2; min-idle 1; max-idle 3; max-children 6; parent-cycle 20; ITEMS }
    mail-pool { dir "FOLDER/pool"; free 0; memory 0; }
    session-acl RELAYED { to * port RELAYED; plug-to [HOST] : SERVER; accept; }
    session-acl SCANNED { plug-to [HOST] : SERVER; accept; }
    command-acl RELAYED { session-acl RELAYED; no-mail-scanning; accept; }
    command-acl SCANNED { SCANNING accept; }
    mail-acl BAD { subject bad; quarantine "FOLDER/quarantine"; deny; }
    mail-acl GOOD { KEEP accept; }
    doc-acl ALL { accept; }
}
"""


def fetch(command: bytes) -> bytes:
    """The response to a FETCH of one mail."""
    words = command.upper().split()
    number = int(words[words.index(b"FETCH") + 1])
    if number == 3:
        return b"* 3 FETCH (BODY[] {%d}\r\n" % LARGE + bytes(LARGE) + b")\r\n"
    octets = GOOD if number == 1 else FORBIDDEN
    items = [b"UID %d" % number]
    if b"INTERNALDATE" in command:
        items.append(DATE)
    if b"BODY" in command:
        items.append(b"BODY[] {%d}\r\n%b" % (len(octets), octets))
    return b"* %d FETCH (%b)\r\n" % (number, b" ".join(items))


def patient(peer: Peer) -> None:
    """A session that never goes on is no fault of the server's."""
    try:
        obliging(fetch=fetch)(peer)
    except TimeoutError:
        pass


class FaultySessions(Proxy):
    """See the file's first lines.

    `items` of tcpserver, `more` ones of imap4-proxy; `scanning` belongs to the command-acl of
    mails that are scanned, `keep` to the mail-acl of those that pass.
    """

    def __init__(
        self,
        folder: Path,
        items: str = "",
        log: str = "level warning;",
        sections: str = "",
        more: str = "",
        scanning: str = "",
        keep: str = "",
        prefix: Sequence[object] = (),
    ) -> None:
        self._server = FakeServer(patient)
        [self._relayed] = free_ports(1)
        for name in FOLDERS:
            (folder / name).mkdir(exist_ok=True)
        text = _CONFIGURATION
        for word, value in {
            "SECTIONS": sections,
            "MORE": more,
            "LOG": log,
            "SCANNING": scanning,
            "KEEP": keep,
            "HOST": HOST,
            "FOLDER": folder,
            "ITEMS": items,
            "port RELAYED": f"port {self._relayed}",
            "SERVER": self._server.port,
        }.items():
            text = text.replace(word, str(value))
        super().__init__(folder, configuration=text, prefix=prefix)

    def __enter__(self) -> Self:
        self._server.__enter__()
        return super().__enter__()

    def __exit__(self, *args: object) -> None:
        super().__exit__(*args)
        self._server.__exit__(*args)

    def children(self) -> List[int]:
        """When no session is open."""
        wait_until(lambda: idle_children(self.pid) and not busy(self.pid), "idle children")
        return [it.pid for it in below(self.pid) if ": child: " in title(it)]

    def play(self, kind: str) -> str:
        """One session, and what became of it; nothing forbidden reaches client or server."""
        seen = len(self._server.peers)
        with connect(self._relayed if kind == "relayed" else self.port) as client:
            try:
                outcome = _scanned(client) if kind == "scanned" else _relayed(client)
            except (EOFError, ConnectionError):
                outcome = BYE if b"* BYE" in client.received else ENDED
            assert b"forbidden" not in client.received
        wait_until(lambda: not busy(self.pid), "the end of the session")
        for peer in self._server.peers[seen:]:
            assert FORBIDDEN not in peer.received
        return outcome


def _scanned(client: Peer) -> str:
    client.line()
    answers = [
        client.command(command)
        for command in (
            b"LOGIN alice secret",
            b"SELECT INBOX",
            b"FETCH 1 BODY.PEEK[]",
            b"FETCH 2 BODY.PEEK[]",
        )
    ]
    answers += [_append(client, GOOD), _append(client, FORBIDDEN), client.command(b"LOGOUT")]
    client.rest()
    assert GOOD in answers[2] or b"x NO" in answers[2]
    assert b"\r\nx NO" in b"\r\n" + answers[3] and b"x NO" in answers[5]
    return USUAL if b"x OK" in answers[2] and b"x OK" in answers[4] else REFUSED


def _append(client: Peer, octets: bytes) -> bytes:
    client.send(b"x APPEND INBOX {%d}\r\n" % len(octets))
    answer = client.line()
    if answer.startswith(b"+"):
        client.send(octets + b"\r\n")
        answer = client.line()
    return answer


def _relayed(client: Peer) -> str:
    client.line()
    for command in (b"LOGIN alice secret", b"SELECT INBOX"):
        client.command(command)
    answer = client.command(b"FETCH 3 BODY[]")
    assert len(answer) > LARGE
    client.command(b"LOGOUT")
    client.rest()
    return USUAL
