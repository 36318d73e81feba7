"""Listings of a mailbox whose mails are scanned: what the server tells of headers, to the octet.

Whatever senders have written into them: names of items that show a mail's content, too.
"""

import pytest

from tests.support.mail_policies import MailPolicies, Policy, opened
from tests.support.mail_samples import HEAD

SUBJECTS = (
    b"x", b"BODY[1]", b"x RFC822", b"BODY[1] RFC822 ", b'a \\" BODY[] {5}', b"BINARY[1] \xc3\xa9",
    b") PREVIEW " * 200,
)  # fmt: skip
FROM = b'From: "RFC822 BODY[TEXT] " <a@example.net>\r\n'
MAILS = {
    str(number): HEAD.replace(b"Subject:", b"Subject: " + subject).replace(b"From:", FROM + b"X:")
    + b"\r\nhello\r\n"
    for number, subject in enumerate(SUBJECTS * 20)
}
LISTINGS = (
    b"FETCH 1:* (UID FLAGS ENVELOPE)",
    b"FETCH 1:* (UID FLAGS BODY.PEEK[HEADER.FIELDS (FROM TO SUBJECT DATE)])",
    b"FETCH 1:* (ENVELOPE BODY.PEEK[HEADER.FIELDS (FROM SUBJECT)] UID BODY.PEEK[HEADER])",
    b"UID FETCH 1:* (RFC822.SIZE RFC822.HEADER)",
)


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    with MailPolicies(tmp_path_factory.mktemp("listing"), [Policy("plain")], MAILS) as running:
        yield running


def told(port: int, listing: bytes) -> bytes:
    with opened(port, b"EXAMINE INBOX") as client:
        answer = client.command(listing)
    responses, _, tagged = answer.rpartition(b"x OK ")
    assert tagged and responses.count(b" FETCH (") == len(MAILS)
    return responses


@pytest.mark.parametrize("listing", LISTINGS)
def test_listing(policies, listing):
    assert told(policies.port("plain"), listing) == told(policies.server.port, listing)
