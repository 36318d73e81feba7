"""Of mails that come together none passes where one is denied; what was filtered once is left."""

from __future__ import annotations

import pytest

from tests.support.dovecot import PASSWORD
from tests.support.html_attacks import attacks
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_samples import TEXT, mail, mixed, part
from tests.support.peers import Peer, connect

ROWS = [
    Policy("deny", "mail-acl M { header X-Deny yes; deny; } mail-acl R { accept; }"
           " doc-acl D { accept; }"),
    Policy("html", "mail-acl M { accept; }"
           " doc-acl A { mime-type text/html; html-filter SAFE; accept; } doc-acl D { accept; }"),
]  # fmt: skip
GOOD, BAD = mixed(TEXT), mail(b"X-Deny: yes")
SECTIONS = "html-filter SAFE { defang; }"


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    with MailPolicies(folder, ROWS, {"good": GOOD}, SECTIONS) as running:
        yield running


def session(port: int, mailbox: bytes) -> Peer:
    client = connect(port)
    client.line()
    client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
    client.command(b"CREATE %b" % mailbox)
    assert b"x OK" in client.command(b"EXAMINE %b" % mailbox)
    return client


def appended(client: Peer, mailbox: bytes, *mails: bytes) -> bytes:
    """The tagged line of one APPEND with all of them."""
    client.send(b"a APPEND %b" % mailbox)
    for octets in mails:
        client.send(b" (\\Flagged) {%d}\r\n" % len(octets))
        assert client.line().startswith(b"+ ")
        client.send(octets)
    client.send(b"\r\n")
    while not (line := client.line()).startswith(b"a "):
        pass
    return line


@pytest.mark.parametrize("denied", [0, 1, 2])
def test_multiappend(policies, denied):
    """One that is denied, wherever it stands."""
    mailbox = b"M%d" % denied
    mails = [GOOD, GOOD, GOOD]
    mails[denied] = BAD
    with session(policies.port("deny"), mailbox) as client:
        assert b"NO [NOPERM]" in appended(client, mailbox, *mails)
        assert b" 0 EXISTS" in client.command(b"EXAMINE %b" % mailbox)
        assert b"OK [APPENDUID" in appended(client, mailbox, GOOD, GOOD)
        assert b" 2 EXISTS" in client.command(b"EXAMINE %b" % mailbox)


def test_html_is_filtered_once(policies):
    """What was uploaded and filtered is not changed any more when it is downloaded."""
    documents = [document for _, document in attacks(lambda name: "//evil.example/x")][::4]
    mails = [
        mixed(TEXT, part("text/html; charset=utf-8", document.encode(), name="a.html"))
        for document in documents
    ]
    whole = b"FETCH 1:* (BODY.PEEK[])"
    with session(policies.port("html"), b"Html") as client:
        for octets in mails:
            assert b"a OK" in appended(client, b"Html", octets)
        shown = client.command(whole)
    with session(policies.server.port, b"Html") as direct:
        held = direct.command(whole)
    assert shown.rpartition(b"\r\nx ")[0] == held.rpartition(b"\r\nx ")[0]
    assert held.count(b"BODY[]") == len(mails)
    assert sum(octets in held for octets in mails) < len(mails) / 2
