"""A mail that the policy changed stays one mail in every way a client can ask for it.

Mails of any shape lie before the proxy with policies of several kinds; of each mail, what every
item of FETCH shows is compared with BODY[], read as a server would read it.  Where the mail is
as it was, the server itself is asked for the same, and answers the same.
"""

from __future__ import annotations

from typing import Any, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kernun_common.mail_doc.mime import parse
from kernun_common.mail_doc.structure import Part
from tests.support.dovecot import PASSWORD
from tests.support.fetch_values import items
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_samples import mail
from tests.support.mail_trees import trees
from tests.support.peers import Peer, connect

EXAMPLES = 40
MOST_PARTS = 12  # of a mail that are asked for one by one
META = b"ENVELOPE BODYSTRUCTURE BODY RFC822.SIZE RFC822.HEADER BODY.PEEK[HEADER] BODY.PEEK[TEXT]"

DOC = "doc-acl D { accept; }"
BIG = "download { metadata process; size-preserving no; }"
SAME = "download { metadata process; }"
POLICIES = [
    Policy("headers", "mail-acl M { status-headers yes; accept; }" + DOC, BIG),
    Policy("remove", "mail-acl M { accept; } doc-acl A { size gt 9; remove; accept; }" + DOC, SAME),
    Policy("replace", 'mail-acl M { accept; } doc-acl A { size gt 3; replace "FOLDER/words";'
           " accept; }" + DOC, BIG),
    Policy("subject", 'mail-acl M { subject-text "[X] "; accept; }' + DOC, SAME),
    Policy("body", 'mail-acl M { replace-body "FOLDER/words"; accept; }' + DOC, BIG),
    Policy("none"),
]  # fmt: skip


class Session(Peer):
    """Logged in."""

    def __init__(self, port: int) -> None:
        super().__init__(connect(port).socket)
        self.line()
        self.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))

    def fetch(self, asked: bytes) -> dict[bytes, Any]:
        """The values of the items of the only mail."""
        response = self.command(b"FETCH 1 (%b)" % asked)
        assert b"\r\nx OK" in response, response[-200:]
        _, _, values = response.partition(b" FETCH (")
        return items(values)


@pytest.fixture(scope="module")
def rig(tmp_path_factory):
    folder = tmp_path_factory.mktemp("one")
    (folder / "words").write_text("It is gone.\r\n")
    rows = [row._replace(mail=row.mail.replace("FOLDER", str(folder))) for row in POLICIES]
    with MailPolicies(folder, rows, {"first": mail()}) as policies:
        proxied = {row.name: Session(policies.port(row.name)) for row in rows}
        direct = Session(policies.server.port)
        yield proxied, direct
        for session in (*proxied.values(), direct):
            session.close()


NUMBER = iter(range(1 << 30))


def stored(direct: Session, octets: bytes) -> bytes:
    """The name of a new mailbox with this mail, which is open then."""
    mailbox = b"M%d" % next(NUMBER)
    direct.command(b"CREATE %b" % mailbox)
    direct.send(b"a APPEND %b {%d+}\r\n%b\r\n" % (mailbox, len(octets), octets))
    while not (line := direct.line()).startswith(b"a "):
        pass
    assert line.startswith(b"a OK")
    direct.command(b"EXAMINE %b" % mailbox)
    return mailbox


def slices(octets: bytes, part: Part) -> Iterator[tuple[bytes, bytes]]:
    """Sections that show a part, and what they show."""
    number = b".".join(b"%d" % at for at in part.number)
    if part.is_mail:
        prefix = number + b"." if number else b""
        yield prefix + b"HEADER", part.header.of(octets)
        yield prefix + b"TEXT", part.body.of(octets)
    else:
        yield number + b".MIME", part.header.of(octets)
        yield number, part.body.of(octets)


def partials(octets: bytes, step: int) -> list[bytes]:
    return [b"BODY.PEEK[]<%d.%d>" % (at, step) for at in range(0, len(octets), step)]


def check_one(session: Session, direct: Session) -> None:
    """All that is shown of the mail of the mailbox that is open is of one mail."""
    octets = session.fetch(b"BODY.PEEK[]")[b"BODY[]"]
    shown = session.fetch(META)
    assert shown[b"BODY[HEADER]"] + shown[b"BODY[TEXT]"] == octets
    assert int(shown[b"RFC822.SIZE"]) == len(octets)
    assert shown[b"RFC822.HEADER"] == shown[b"BODY[HEADER]"]
    assert session.fetch(b"RFC822.TEXT")[b"RFC822.TEXT"] == shown[b"BODY[TEXT]"]
    pieces = session.fetch(b" ".join(partials(octets, max(1, len(octets) // 5))))
    assert b"".join(pieces.values()) == octets
    parts = list(parse(octets).parts())[:MOST_PARTS]
    wanted = dict(each for part in parts for each in slices(octets, part))
    asked = b" ".join(b"BODY.PEEK[%b]" % section for section in wanted)
    for section, value in session.fetch(asked).items():
        assert value == wanted[section[5:-1]], section
    stored(direct, octets)  # and the server, asked for such a mail, says the same of it
    assert shown == direct.fetch(META)


def test_one_mail(rig):
    proxied, direct = rig
    changed = []

    @settings(max_examples=EXAMPLES)
    @given(octets=trees(), policy=st.sampled_from([row.name for row in POLICIES]))
    def check(octets, policy):
        mailbox = stored(direct, octets)
        session, whole = proxied[policy], b"BODY.PEEK[] " + META
        session.command(b"EXAMINE %b" % mailbox)
        before, after = direct.fetch(whole), session.fetch(whole)
        assert policy != "none" or after == before
        changed.append(after[b"BODY[]"] != before[b"BODY[]"])
        check_one(session, direct)

    check()
    print(f"{sum(changed)} of {len(changed)} mails were changed")
    assert len(changed) // 3 < sum(changed) < len(changed)
