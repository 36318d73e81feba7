"""FETCH with CHANGEDSINCE (RFC 7162 section 3.1.4.1) of scanned mails answers as the server does.

Of some of the mails this session has seen the content before, of others it has not; the answers
for both are those of the server, which is asked the same directly.
"""

from __future__ import annotations

import re
from itertools import count
from typing import Any

import pytest

from tests.support.fetch_values import items
from tests.support.mail_policies import MailPolicies, Policy, opened
from tests.support.mail_samples import HEAD, TEXT, mixed
from tests.support.peers import Peer

NUMBER = count()  # of flags that no mail has yet
MAILS = {str(at): mixed(TEXT, head=HEAD.replace(b"m1@", b"m%d@" % at)) for at in range(6)}
OPENING = b"SELECT INBOX (CONDSTORE)"
ASKED = [
    b"FETCH 1:* (BODY.PEEK[])",
    b"UID FETCH 1:* (BODY.PEEK[])",
    b"UID FETCH 1:* (FLAGS BODY.PEEK[TEXT])",
    b"UID FETCH 2:5 (MODSEQ BODY.PEEK[1])",
    b"FETCH 1:* (UID FLAGS)",
]  # fmt: skip


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    with MailPolicies(tmp_path_factory.mktemp("since"), [Policy("all")], MAILS) as running:
        yield running


def told(client: Peer, command: bytes) -> list[tuple[bytes, dict[bytes, Any]]]:
    """Each response, by its number, as values by item."""
    answer = client.command(command)
    assert b"\r\nx OK" in b"\r\n" + answer, answer
    responses = re.split(rb"^\* (\d+) FETCH \(", answer, flags=re.M)
    return [(number, items(values)) for number, values in zip(responses[1::2], responses[2::2])]


@pytest.mark.parametrize("asked", ASKED, ids=bytes.decode)
@pytest.mark.parametrize("known", [b"", b"1:3", b"1:*"], ids=["none", "some", "all"])
def test_as_the_server_does(policies, known, asked):
    ports = policies.port("all"), policies.server.port
    with opened(ports[0], OPENING) as proxied, opened(ports[1], OPENING) as direct:
        if known:
            proxied.command(b"FETCH %b (BODY.PEEK[])" % known)
        status = direct.command(b"STATUS INBOX (HIGHESTMODSEQ)")
        before = int(re.findall(rb"HIGHESTMODSEQ (\d+)", status)[0])
        direct.command(b"STORE 2,4:5 FLAGS.SILENT (x%d)" % next(NUMBER))
        for client in (proxied, direct):
            client.command(b"NOOP")
        since = b"%b (CHANGEDSINCE %d)" % (asked, before)
        expected = told(direct, since)
        assert told(proxied, since) == expected
        assert len(expected) == 3 and all(b"MODSEQ" in values for _, values in expected)
