"""Which capabilities a client may see: all of a server's, one by one, under many policies."""

import pytest

from imap4proxy.engine.capability import Offer, words_of
from imap4proxy.wire.status import Code
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


IMPLIED = [
    # capabilities, what the server offers, what the client has by that, what it has not
    ("", b"IMAP4rev2", b"IDLE MOVE NAMESPACE UIDPLUS LITERAL- SASL-IR", b"BINARY LITERAL+"),
    ("", b"QRESYNC", b"CONDSTORE ENABLE", b"IDLE"),
    ("", b"UTF8=ONLY", b"UTF8=ACCEPT", b"IMAP4REV2"),
    ("", b"METADATA", b"METADATA-SERVER", b"ACL"),
    ("", b"METADATA-SERVER", b"METADATA-SERVER", b"METADATA"),
    ("", b"APPENDLIMIT=500", b"APPENDLIMIT APPENDLIMIT=500", b"APPENDLIMIT=5"),
    ("! { IMAP4rev2, UNKNOWN }", b"IMAP4rev2 IDLE", b"IDLE", b"MOVE IMAP4REV2"),
    ("! { MOVE, UNKNOWN }", b"IMAP4rev2", b"IMAP4REV2 MOVE", b"XYZZY"),
]


@pytest.mark.parametrize("capabilities, words, has, has_not", IMPLIED)
def test_what_is_implied(capabilities: str, words: bytes, has: bytes, has_not: bytes) -> None:
    """A capability that another one implies is offered with it."""
    made = offer(capabilities, False)
    made.learn(tuple(words.split()))
    assert [word for word in has.split() if not made.has(word)] == []
    assert [word for word in has_not.split() if made.has(word)] == []


def test_what_the_server_offers_to_the_proxy_itself() -> None:
    """Not a matter of policy."""
    made = offer("{ IMAP4rev1 }", True)
    made.learn((b"IMAP4rev2", b"LITERAL+", b"STARTTLS"))
    assert made.server_has(b"LITERAL+") and made.server_has(b"LITERAL-")
    assert made.server_has(b"STARTTLS") and not made.has(b"LITERAL+")


def test_covers() -> None:
    """Of each set one word; nothing where the list is not known."""
    made = offer("", False)
    assert made.covers([]) and not made.covers([frozenset({b"IDLE"})])
    made.learn((b"IMAP4rev2",))
    assert made.covers([frozenset({b"IDLE"}), frozenset({b"XYZZY", b"MOVE"})])
    assert not made.covers([frozenset({b"IDLE"}), frozenset({b"XYZZY"})])


def test_what_is_forgotten() -> None:
    made = offer("", False)
    made.learn((b"IMAP4rev1", b"IDLE"))
    made.forget()
    assert not made.has(b"IDLE") and not made.server_has(b"IDLE")
    assert made.client_words == ()


@pytest.mark.parametrize(
    "code, words",
    [
        (Code(b"CAPABILITY", b"IMAP4rev1 idle"), (b"IMAP4rev1", b"idle")),
        (Code(b"ALERT"), None),
        (None, None),
    ],
)
def test_words_of(code: Code | None, words: tuple[bytes, ...] | None) -> None:
    assert words_of(code) == words
