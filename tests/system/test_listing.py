"""Listings of a mailbox whose mails are scanned: what the server tells of headers, to the octet.

Whatever senders have written into them: names of items that show a mail's content, too.
"""

import pytest

from tests.support.fake_imap import obliging
from tests.support.mail_policies import MailPolicies, Policy, opened
from tests.support.mail_samples import HEAD
from tests.support.peers import FakeServer, connect
from tests.support.proxy import Proxy, looking_at_mails

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


# --- a server that answers something else --------------------------------------------------------

SECRET = b"this was not checked"
HEADER = b"* %d FETCH (UID %d BODY[HEADER.FIELDS (SUBJECT)] {14}\r\nSubject: %03d\r\n)\r\n"
EVIL = (
    b"* 2 FETCH (UID 2 BODY[] {%d}\r\n%b)\r\n",
    b"* 2 FETCH (BODY[HEADER] {2}\r\nab BODY[TEXT] {%d}\r\n%b UID 2)\r\n",
    b"* 2 FETCH (BODY[1.HEADER] {%d}\r\n%b UID 2)\r\n",
    b"* 2 FETCH (UID 2 rfc822.text {%d}\r\n%b BODY[HEADER.FIELDS (SUBJECT)] NIL)\r\n",
    b"* 2 FETCH (UID 2 BINARY[1] ~{%d}\r\n%b)\r\n",
)


@pytest.mark.parametrize("evil", EVIL)
def test_content_in_a_row_of_headers(tmp_path, evil):
    headers = [HEADER % (number, number, number) for number in range(1, 500)]
    headers[1] = headers[300] = evil % (len(SECRET), SECRET)
    script = obliging(
        b"IMAP4rev1", b"* PREAUTH [CAPABILITY %b] ready\r\n", lambda command: b"".join(headers)
    )
    with FakeServer(script) as server:
        with Proxy(tmp_path, server.port, **looking_at_mails(tmp_path)) as proxy:
            with connect(proxy.port) as client:
                client.line()
                client.command(b"SELECT INBOX")
                answer = client.command(b"FETCH 1:* (UID BODY.PEEK[HEADER.FIELDS (SUBJECT)])")
    assert SECRET not in answer and answer.endswith(b"x OK FETCH completed\r\n")
    assert [header in answer for header in headers] == [header != headers[1] for header in headers]
    assert proxy.logged("IMAP-812")
