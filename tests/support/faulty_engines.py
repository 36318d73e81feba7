"""faulty_engines - engines that fail on purpose: scripts for peers.FakeServer, and their rows.

    for fault in FAULTS:
        with FakeServer(fault.script) as server: ...
        fault.name, fault.section("127.0.0.1", server.port), fault.use, fault.status

`status` is what a mail-acl is to see: a virus-status, or for antispam whether the score is
`unknown`.  A mail that they hear to its end must end with END.
A row without a script stands for a port where nobody listens.
"""

from __future__ import annotations

import threading
from typing import Callable, NamedTuple, Optional

from .peers import Peer

END = b"the last line of the mail\r\n"
SHORT = 0.3  # seconds of recv-timeout, where the fault is silence
LONG = 25.0  # likewise, where anything else must be noticed before that time
SLOW = 0.5  # seconds: an answer that comes late, and in time

Script = Callable[[Peer], object]


class Fault(NamedTuple):
    """`kind` is clamav, icap or spamd; `timeout` the recv-timeout in seconds."""

    kind: str
    what: str
    script: Optional[Script]
    status: str
    timeout: float = LONG

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.what}".replace(" ", "-")

    @property
    def use(self) -> str:
        """The item of a command-acl."""
        layer = "antispam" if self.kind == "spamd" else "antivirus"
        return f"use-{layer} enable {self.name};"

    def section(self, host: str, port: int) -> str:
        layer, kind = ("antispam", "") if self.kind == "spamd" else ("antivirus", self.kind)
        return (
            f"{layer} {self.name} {{ connection {kind} [{host}] : {port};"
            f" sock-opt {{ recv-timeout {self.timeout}; }} }}"
        )


def silent(peer: Peer) -> None:
    peer.rest()


def closing(peer: Peer) -> None:
    """At once; what has come meanwhile is answered by a reset."""


def leaving(peer: Peer) -> None:
    """In the middle of the mail."""
    peer.until(END[:8])


def resetting(peer: Peer) -> None:
    peer.until(END)
    peer.reset()


def talking_at_once(octets: bytes) -> Script:
    """Before it has heard anything."""

    def script(peer: Peer) -> None:
        peer.send(octets)
        peer.rest()

    return script


def saying(octets: bytes, after: float = 0) -> Script:
    """Behind the mail, so many seconds later."""

    def script(peer: Peer) -> None:
        peer.until(END)
        threading.Event().wait(after)
        peer.send(octets)
        peer.rest()

    return script


def breaking_off(octets: bytes) -> Script:
    """It has said so much when it closes."""

    def script(peer: Peer) -> None:
        peer.until(END)
        peer.send(octets)
        peer.end_sending()
        peer.rest()

    return script


def flooding(octets: bytes) -> Script:
    """Without end, as fast as it can."""

    def script(peer: Peer) -> None:
        while True:
            peer.send(octets)

    return script


def dripping(octets: bytes) -> Script:
    """Without end, a little at a time: never silent for long."""

    def script(peer: Peer) -> None:
        peer.until(END)
        while True:
            peer.send(octets)
            threading.Event().wait(SHORT / 6)

    return script


def behind_options(script: Script) -> Script:
    """An ICAP server that is as it should be until it is asked for a mail."""

    def whole(peer: Peer) -> None:
        if peer.until(b"\r\n\r\n").startswith(b"OPTIONS"):
            peer.send(b'ICAP/1.0 200 OK\r\nMethods: RESPMOD\r\nISTag: "a"\r\n\r\n')
            peer.rest()
        else:
            script(peer)

    return whole


_BINARY = bytes(range(255, 0, -1)) * 8
_TERMINATED = b"\0\r\n\r\n"  # whatever ends an answer
_SMTP = b"220 mail.example.org ESMTP\r\n"
_OK, _VIRUS = b"stream: OK\0", b"stream: Worm FOUND\0"
_LIMIT = b"INSTREAM size limit exceeded. ERROR\0"
_NO_CONTENT = b"ICAP/1.0 204 Unmodified\r\n\r\n"
_GO_ON = b"ICAP/1.0 100 Continue\r\n\r\n"
_CHANGED = (
    b"ICAP/1.0 200 OK\r\nEncapsulated: res-hdr=0, res-body=19\r\n\r\n"
    b"HTTP/1.1 200 OK\r\n\r\n2\r\nno\r\n0\r\n\r\n"
)
_SCORE = b"SPAMD/1.1 0 EX_OK\r\nSpam: False ; 1.0 / 5.0\r\n\r\n"

FAULTS = [
    Fault("clamav", "nobody listens", None, "error"),
    Fault("clamav", "silent", silent, "error", SHORT),
    Fault("clamav", "drips without end", dripping(b"x"), "error", SHORT),
    Fault("clamav", "closes at once", closing, "error"),
    Fault("clamav", "closes in the mail", leaving, "error"),
    Fault("clamav", "resets", resetting, "error"),
    Fault("clamav", "closes in the answer", breaking_off(_OK[:-1]), "error"),
    Fault("clamav", "answers binary", saying(_BINARY + _TERMINATED), "error"),
    Fault("clamav", "speaks SMTP", talking_at_once(_SMTP + b"\0"), "error"),
    Fault("clamav", "floods", flooding(b"x" * 65536), "error"),
    Fault("clamav", "says the limit", saying(_LIMIT), "unknown"),
    Fault("clamav", "answers slowly", saying(_OK, SLOW), "free"),
    Fault("clamav", "finds and closes", breaking_off(_VIRUS), "found"),
    Fault("icap", "nobody listens", None, "error"),
    Fault("icap", "silent", silent, "error", SHORT),
    Fault("icap", "silent for a mail", behind_options(silent), "error", SHORT),
    Fault("icap", "closes at once", closing, "error"),
    Fault("icap", "closes in the mail", behind_options(leaving), "error"),
    Fault("icap", "closes in the answer", behind_options(breaking_off(_CHANGED[:30])), "error"),
    Fault("icap", "answers binary", behind_options(saying(_BINARY + _TERMINATED)), "error"),
    Fault("icap", "speaks SMTP", talking_at_once(_SMTP + b"\r\n"), "error"),
    Fault("icap", "overloaded", behind_options(saying(b"ICAP/1.0 503 Busy\r\n\r\n")), "error"),
    Fault("icap", "changes the mail", behind_options(saying(_CHANGED)), "unknown"),
    Fault("icap", "goes on unasked", behind_options(saying(_GO_ON + _NO_CONTENT)), "free"),
    Fault("icap", "answers slowly", behind_options(saying(_NO_CONTENT, SLOW)), "free"),
    Fault("spamd", "nobody listens", None, "unknown"),
    Fault("spamd", "silent", silent, "unknown", SHORT),
    Fault("spamd", "drips without end", dripping(b"x"), "unknown", SHORT),
    Fault("spamd", "closes at once", closing, "unknown"),
    Fault("spamd", "closes in the mail", leaving, "unknown"),
    Fault("spamd", "resets", resetting, "unknown"),
    Fault("spamd", "closes in the answer", breaking_off(_SCORE[:-2]), "unknown"),
    Fault("spamd", "answers binary", saying(_BINARY + _TERMINATED), "unknown"),
    Fault("spamd", "speaks SMTP", talking_at_once(_SMTP + b"\r\n"), "unknown"),
    Fault("spamd", "floods", flooding(b"x" * 65536), "unknown"),
    Fault("spamd", "tells no score", saying(b"SPAMD/1.1 0 EX_OK\r\n\r\n"), "unknown"),
    Fault("spamd", "fails", saying(b"SPAMD/1.1 74 EX_IOERR\r\n\r\n"), "unknown"),
    Fault("spamd", "answers slowly", saying(_SCORE, SLOW), "known"),
]
