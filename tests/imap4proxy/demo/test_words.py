"""words: the commands that the reader is given are whole and hold this run's port."""

import shlex

import pytest

from imap4proxy.demo.words import how_to_connect


@pytest.mark.parametrize("embedded", [True, False])
def test_commands(embedded):
    text = how_to_connect(4143, embedded)
    commands = [line.split(maxsplit=1)[1] for line in text.splitlines() if "  curl " in line]
    (fetch,) = (shlex.split(command) for command in commands if "UID" in command)
    assert fetch[0] == "curl" and fetch[-1].startswith("imap://127.0.0.1:4143/INBOX;UID=")
    assert "mutt -f imap://" in text and "port 4143" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_mailbox_has_this_login():
    assert "curl -u demouser:demopass 'imap://127.0.0.1:4143/INBOX;UID=101'" in how_to_connect(
        4143, embedded=True
    )
