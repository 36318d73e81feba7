"""words: the commands that the reader is given are whole and hold this run's port."""

import shlex

import pytest

from imap4proxy.demo.words import how_to_connect

UIDS = {"virus": 105, "spam": 106}


@pytest.mark.parametrize("uids", [UIDS, None])
def test_commands(uids):
    text = how_to_connect(4143, uids)
    commands = [line.split(maxsplit=1)[1] for line in text.splitlines() if "  curl " in line]
    fetches = [shlex.split(command) for command in commands if "UID" in command]
    assert fetches[0][0] == "curl"
    for fetch in fetches:
        assert any(it.startswith("imap://127.0.0.1:4143/INBOX;UID=") for it in fetch)
    assert "mutt -f imap://" in text and "port 4143" in text
    assert all(len(line) <= 100 for line in text.splitlines())


def test_the_mailbox_has_this_login():
    assert "curl -u demouser:demopass 'imap://127.0.0.1:4143/INBOX;UID=101'" in how_to_connect(
        4143, UIDS
    )


def test_the_two_mails():
    text = how_to_connect(4143, UIDS)
    assert "INBOX;UID=105'         had a virus" in text and "INBOX;UID=106'         is spam" in text
