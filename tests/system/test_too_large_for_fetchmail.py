"""fetchmail and a mail over max-mail-in: it heeds no NO to the text of a mail, and must not wait.

It ends with an error, at once, whether mails are scanned or not: imap4-proxy(8).
"""

from __future__ import annotations

import re
import time

import pytest

from tests.support.mail_policies import MailPolicies, Policy
from tests.support.mail_programs import PLAIN, PROGRAMS, Endpoint, delivered
from tests.support.mail_samples import HEAD, mail

LIMIT = "max-mail-in 10K refuse;"
ROWS = [
    Policy("relayed", mail="", command=f"no-mail-scanning; {LIMIT}"),
    Policy("scanned", command=LIMIT),
]
LARGE = b"It is too large.\r\n" * 1000
MAILS = {"first": mail(), "large": HEAD + b"\r\n" + LARGE, "last": mail()}
PROMPT = 60.0  # seconds; fetchmail's own timeout has 300


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    with MailPolicies(tmp_path_factory.mktemp("large"), ROWS, MAILS) as running:
        yield running


@pytest.mark.parametrize("name", [row.name for row in ROWS])
def test_it_ends_at_once(tmp_path, policies, name):
    endpoint = Endpoint(policies.port(name), PLAIN, "/etc/ssl/certs/ca-certificates.crt")
    began = time.monotonic()
    with pytest.raises(AssertionError, match="synchronization error"):
        PROGRAMS["fetchmail"](tmp_path, endpoint)
    assert time.monotonic() - began < PROMPT
    mails = delivered(tmp_path)
    assert mails[0] == MAILS["first"]
    assert not re.search(b"too large", b"".join(mails))
    assert policies.proxy.logged("IMAP-714")
