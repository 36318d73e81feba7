"""Both phases of access control: what they know, choose and log; where the server is looked for."""

from datetime import datetime
from typing import List

import pytest

from imap4proxy.engine import actions, phases
from imap4proxy.engine.conversation import Conversation
from imap4proxy.engine.events import Accepted
from imap4proxy.texts import Text
from kernun_common.netio.sources import ANY
from kernun_common.sockaddr import address
from kernun_common.tls.certificate import Certificate
from tests.support.configurations import proxy
from tests.support.rehearsal import transcripts
from tests.support.stage import CLIENT, PROXY, texts

test_transcript = transcripts("phases")

ELSEWHERE = "session-acl A { from [10.0.0.0/8]; plug-to [192.0.2.7] : 143; accept; }\n"
PLUGGED = "session-acl B { plug-to [192.0.2.7] : 143; plug-to mail.example.org : 993; accept; }\n"
TRANSPARENT = "session-acl C { accept; }\n"
DENYING = "session-acl D { deny; }\n"
ALICE = Certificate(("CN=Alice",), ("CN=CA",), (), "00" * 32)


def conversation(acls: str) -> Conversation:
    return Conversation(proxy(acls), texts())


def accepted(transparent: bool = False) -> Accepted:
    return Accepted(CLIENT, PROXY, transparent, datetime(2026, 3, 2, 10))


def logged(conversation: Conversation) -> List[str]:
    """The messages since the last call, without those about acls that were passed by."""
    logs = [it for it in conversation.outbox.drain() if isinstance(it, actions.Log)]
    lines = [f"{log.message.identification} {log.message.render(log.fields)}" for log in logs]
    return [line for line in lines if line.startswith("IMAP-")]


START = "IMAP-720 ACL PHASE=1 FROM=[198.51.100.1]:1025 TO=[192.0.2.1]:143 TRANSP="
NO_SERVER = (
    "IMAP-601 Session-acl C names no server: plug-to is needed for a non-transparent session"
)
PHASE_1 = [
    # acls, is the session transparent, is the client admitted, what is logged
    (ELSEWHERE + PLUGGED, False, True, [START + "NO USER=<NULL> NAME=B ACCEPTED"]),
    (ELSEWHERE, False, False, [START + "NO USER=<NULL> NAME=<NULL> REJECTED"]),
    (ELSEWHERE + DENYING + PLUGGED, False, False, [START + "NO USER=<NULL> NAME=D REJECTED"]),
    (TRANSPARENT, True, True, [START + "YES USER=<NULL> NAME=C ACCEPTED"]),
    (TRANSPARENT, False, False, [START + "NO USER=<NULL> NAME=C ACCEPTED", NO_SERVER]),
]


@pytest.mark.parametrize("acls, transparent, admitted, lines", PHASE_1)
def test_admit(acls: str, transparent: bool, admitted: bool, lines: List[str]) -> None:
    made = conversation(acls)
    assert phases.admit(made, accepted(transparent)) is admitted
    assert logged(made) == lines


@pytest.mark.parametrize(
    "acls, transparent, servers",
    [
        (PLUGGED, False, ["[192.0.2.7] : 143", "mail.example.org : 993"]),
        (PLUGGED, True, ["[192.0.2.7] : 143", "mail.example.org : 993"]),
        (TRANSPARENT, True, ["[192.0.2.1] : 143"]),
    ],
)
def test_candidates(acls: str, transparent: bool, servers: List[str]) -> None:
    made = conversation(acls)
    phases.admit(made, accepted(transparent))
    assert [str(one) for one in phases.candidates(made)] == servers


OWN = PLUGGED.replace("accept", "source-address addr4 [192.0.2.2]; accept")


@pytest.mark.parametrize(
    "acls, towards",
    [
        (PLUGGED, None),
        ("source-address addr4 [192.0.2.1];" + PLUGGED, "192.0.2.1"),
        ("source-address addr4 [192.0.2.1];" + OWN, "192.0.2.2"),
        (OWN, "192.0.2.2"),
    ],
)
def test_sources(acls: str, towards: str | None) -> None:
    made = conversation(acls)
    phases.admit(made, accepted())
    assert phases.sources(made).towards(PROXY.address) == (towards and address(towards))
    assert (phases.sources(made) == ANY) is (towards is None)


ADMINS = 'command-acl ADMINS { client-cert subject { "CN=Alice" }; no-mail-scanning; accept; }\n'
OF_B = "command-acl OF-B { session-acl B; server [192.0.2.7] port 143; no-mail-scanning; accept; }"
NOBODY = "command-acl NOBODY { server mail.example.org; no-mail-scanning; accept; }"
DENIED = "command-acl DENIED { deny; }"
PHASE_2 = [
    # command-acls, the client's certificate, may the session go on, what is logged
    (ADMINS + OF_B, ALICE, True, "CERT=CN=Alice PARENT=B NAME=ADMINS ACCEPTED"),
    (ADMINS + OF_B, None, True, "CERT=<NULL> PARENT=B NAME=OF-B ACCEPTED"),
    (ADMINS + NOBODY, None, False, "CERT=<NULL> PARENT=B NAME=<NULL> REJECTED"),
    (NOBODY + DENIED, None, False, "CERT=<NULL> PARENT=B NAME=DENIED REJECTED"),
]


@pytest.mark.parametrize("acls, certificate, goes_on, end", PHASE_2)
def test_command(acls: str, certificate: Certificate | None, goes_on: bool, end: str) -> None:
    made = conversation(PLUGGED + acls)
    phases.admit(made, accepted())
    logged(made)
    assert phases.command(made, certificate) is goes_on
    assert logged(made) == [f"IMAP-730 ACL PHASE=2 SERVER=[192.0.2.7]:143 {end}"]


LANGUAGES = [
    # of the session-acl, of the command-acl, what is spoken then
    ("", "", b"Access denied"),
    ("language CZ;", "", b"Pristup odepren"),
    ("", "language CZ;", b"Pristup odepren"),
    ("language CZ;", "language EN;", b"Access denied"),
]


@pytest.mark.parametrize("session, command, words", LANGUAGES)
def test_language(session: str, command: str, words: bytes) -> None:
    acls = PLUGGED.replace("accept", f"{session} accept")
    made = conversation(acls + f"command-acl D {{ {command} deny; }}")
    phases.admit(made, accepted())
    phases.command(made, None)
    assert made.text(Text.DENIED) == words
