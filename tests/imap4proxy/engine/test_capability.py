"""Which capabilities a client may see: all of a server's, one by one, under many policies."""

import pytest

from imap4proxy.engine.capability import Offer
from tests.support.rehearsal import transcripts
from tests.support.stage import configured

test_transcript = transcripts("capability")

SERVER = (
    b"IMAP4rev1 idle STARTTLS LOGINDISABLED COMPRESS=DEFLATE LOGIN-REFERRALS MAILBOX-REFERRALS "
    b"XYZZY "
    b"AUTH=PLAIN AUTH=EXTERNAL AUTH=SCRAM-SHA-1-PLUS AUTH=GSSAPI AUTH=GS2-KRB5 AUTH=DIGEST-MD5"
)
ROWS = [
    # capabilities, does the proxy end TLS, what is left
    ("", False, b"IMAP4rev1 idle LOGINDISABLED AUTH=PLAIN AUTH=EXTERNAL AUTH=SCRAM-SHA-1-PLUS"),
    ("", True, b"IMAP4rev1 idle LOGINDISABLED AUTH=PLAIN"),
    ("*", True, b"IMAP4rev1 idle LOGINDISABLED XYZZY AUTH=PLAIN"),
    ("! { IDLE, UNKNOWN }", True, b"IMAP4rev1 LOGINDISABLED AUTH=PLAIN"),
    ("! { IDLE }", True, b"IMAP4rev1 LOGINDISABLED XYZZY AUTH=PLAIN"),
    ("{ imap4rev1 }", True, b"IMAP4rev1 LOGINDISABLED"),
    ("{}", True, b"LOGINDISABLED"),
    ("{ UNKNOWN }", True, b"LOGINDISABLED XYZZY"),
    ("{ XYZZY }", True, b"LOGINDISABLED XYZZY"),
    ("{ AUTH=* }", True, b"LOGINDISABLED AUTH=PLAIN"),
    ("{ AUTH=GSSAPI }", True, b"LOGINDISABLED AUTH=GSSAPI"),
    ("{ STARTTLS, COMPRESS=DEFLATE, LOGIN-REFERRALS }", False, b"LOGINDISABLED"),
    ("! { AUTH=PLAIN }", True, b"IMAP4rev1 idle LOGINDISABLED XYZZY"),
]


def offer(capabilities: str, tls_ended: bool) -> Offer:
    items = f"capabilities {capabilities};" if capabilities else ""
    [acl] = configured(command_acl=items).command_acl
    made = Offer()
    made.restrict(acl.capabilities, tls_ended)
    return made


@pytest.mark.parametrize("capabilities, tls_ended, left", ROWS)
def test_what_is_left(capabilities: str, tls_ended: bool, left: bytes) -> None:
    assert b" ".join(offer(capabilities, tls_ended).learn(tuple(SERVER.split()))) == left


def test_what_is_implied() -> None:
    """A capability that another one implies is offered with it."""
    made = offer("", False)
    made.learn((b"IMAP4rev2",))
    assert made.has(b"IDLE") and made.has(b"MOVE") and made.server_has(b"LITERAL-")
    assert made.covers([frozenset({b"IDLE"}), frozenset({b"XYZZY", b"MOVE"})])
    assert not made.covers([frozenset({b"XYZZY"})])


def test_what_is_forgotten() -> None:
    made = offer("", False)
    made.learn((b"IMAP4rev1", b"IDLE"))
    made.forget()
    assert not made.has(b"IDLE") and not made.server_has(b"IDLE")
