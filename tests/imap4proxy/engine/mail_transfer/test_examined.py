import pytest

from imap4proxy.engine.mail_transfer import examined as module
from imap4proxy.engine.mail_transfer.examined import ExaminedMails
from imap4proxy.engine.mail_transfer.verdict import Verdict
from imap4proxy.engine.view.view import View
from kernun_common.mail_doc.limits import Limits
from kernun_common.mail_doc.mime import parse


class Mail:
    def __init__(self, octets):
        self.octets = octets
        self.digest = octets
        self.released = False

    def __len__(self):
        return len(self.octets)

    def release(self):
        self.released = True


def verdict(octets, **facts):
    return Verdict(Mail(octets), View(octets, parse(octets, Limits())), **facts)


@pytest.fixture
def mails():
    mails = ExaminedMails()
    mails.at(b"INBOX", 1)
    return mails


def test_kept(mails):
    assert not mails
    added = mails.add(7, verdict(b"x"))
    assert mails and list(mails) == [7]
    assert mails.get(7) is added and mails.get(8) is None


@pytest.mark.parametrize("mailbox, uidvalidity", [(b"Other", 1), (b"INBOX", 2), (b"INBOX", None)])
def test_another_mailbox_has_other_mails(mails, mailbox, uidvalidity):
    first = verdict(b"x", changed=True)
    mails.add(7, first)
    mails.at(b"INBOX", 1)
    assert mails.get(7) is not None
    mails.at(mailbox, uidvalidity)
    assert mails.get(7) is None and not mails.changed(7) and first.mail.released


def test_the_least_recently_used_goes_first(mails, monkeypatch):
    monkeypatch.setattr(module, "MOST", 10)
    for uid in (1, 2):
        mails.add(uid, verdict(b"12345"))
    mails.get(1)
    mails.add(3, verdict(b"12345"))
    assert mails.get(2) is None and mails.get(1) is not None and mails.get(3) is not None
    assert list(mails) == [1, 2, 3]


def test_no_more_than_so_many(mails, monkeypatch):
    monkeypatch.setattr(module, "MOST_MAILS", 3)
    for uid in range(5):
        mails.add(uid, verdict(b"x"))
    assert [mails.get(uid) is not None for uid in range(5)] == [False, False, True, True, True]


def test_one_that_is_too_large_is_kept_alone(mails, monkeypatch):
    monkeypatch.setattr(module, "MOST", 3)
    mails.add(1, verdict(b"12345"))
    assert mails.get(1) is not None
    mails.add(2, verdict(b"12345"))
    assert mails.get(1) is None and mails.get(2) is not None


CHANGES = [
    (b"same", {}, True),
    (b"other", {}, False),
    (b"same", {"denied": True}, False),
    (b"same", {"changed": True}, False),
]


@pytest.mark.parametrize("octets, facts, same", CHANGES)
def test_another_result_than_before_is_told(mails, monkeypatch, octets, facts, same):
    monkeypatch.setattr(module, "MOST_MAILS", 1)
    mails.add(1, verdict(b"same"))
    mails.add(2, verdict(b"x"))
    again = verdict(octets, **facts)
    assert (mails.add(1, again) is not None) is same
    assert again.mail.released is not same


def test_changed(mails):
    mails.add(1, verdict(b"x", changed=True))
    mails.add(2, verdict(b"x"))
    assert [mails.changed(uid) for uid in (1, 2, 3)] == [True, False, False]


def test_structures_in_memory_are_bounded(mails, monkeypatch):
    monkeypatch.setattr(module, "MOST_FIELDS", 5)
    for uid in range(1, 4):
        mails.add(uid, verdict(b"A: b\r\nC: d\r\n\r\n"))
    assert [uid for uid in range(1, 4) if mails.get(uid)] == [2, 3]
    assert list(mails) == [1, 2, 3]
