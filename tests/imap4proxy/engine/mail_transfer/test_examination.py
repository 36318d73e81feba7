import pytest

from imap4proxy.engine.actions import Log
from imap4proxy.engine.mail_transfer import examination
from imap4proxy.messages import MAIL_NOT_DECODED, MEMORY_SHORT
from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import ACCEPTING, CONNECTED, Pooled, Stage, configured

test_transcript = transcripts("mail_transfer/examination")

CHANGING = 'mail-acl A { subject-text "x"; accept; } doc-acl D { accept; }'
MAIL = b"Subject: a\r\n\r\n"
NO_ROOM = b"NO [LIMIT] There is no room to check the mail\r\n"


@pytest.fixture(params=["parse 1", "process 1", "parse 2"])
def short(request, monkeypatch):
    """Memory is short when this is done for the n-th time."""
    name, _, number = request.param.partition(" ")
    work, done = getattr(examination, name), []

    def fail(*args):
        done.append(name)
        if len(done) == int(number):
            raise MemoryError
        return work(*args)

    monkeypatch.setattr(examination, name, fail)


@pytest.fixture
def released(monkeypatch):
    """The mails of which the pool is rid."""
    mails = []
    monkeypatch.setattr(Pooled, "release", lambda mail: mails.append(bytes(mail.octets)))
    return mails


def stage():
    stage = Stage(configured(mail=CHANGING))
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    return stage


def logged(stage):
    return [it.fields for it in stage.done if isinstance(it, Log) and it.message is MEMORY_SHORT]


def test_memory_is_short_for_a_download(short, released):
    session = stage()
    session.arrive(Side.CLIENT, b"s SELECT INBOX\r\n")
    session.arrive(Side.SERVER, b"p1 OK done\r\n")
    session.arrive(Side.CLIENT, b"a UID FETCH 7:8 BODY.PEEK[]\r\n")
    for uid in (7, 8):
        said = b'* %d FETCH (UID %d INTERNALDATE " 2-Mar-2026 10:00:00 +0000" BODY[] {14}\r\n'
        session.arrive(Side.SERVER, said % (uid, uid) + MAIL + b")\r\n")
    session.arrive(Side.SERVER, b"p2 OK done\r\n")
    sent = bytes(session.sent[Side.CLIENT])
    assert b"UID 7" not in sent and sent.count(b"UID 8 BODY[] {15}\r\nSubject: xa") == 1
    assert sent.endswith(b"a " + NO_ROOM)
    assert logged(session) == [{"direction": "IN", "size": 14}]
    assert MAIL in released and not session.over


def test_memory_is_short_for_an_upload(short, released):
    session = stage()
    session.arrive(Side.CLIENT, b"a APPEND x {14}\r\n")
    session.arrive(Side.CLIENT, MAIL + b"\r\n")
    assert bytes(session.sent[Side.CLIENT]).endswith(b"a " + NO_ROOM)
    assert b"APPEND" not in session.sent[Side.SERVER]
    assert logged(session) == [{"direction": "OUT", "size": 14}]
    assert MAIL in released
    session.arrive(Side.CLIENT, b"b NOOP\r\n")
    assert b"NOOP" in session.sent[Side.SERVER] and not session.over


def test_with_memory_enough_it_passes(released):
    session = stage()
    session.arrive(Side.CLIENT, b"a APPEND x {14}\r\n")
    session.arrive(Side.CLIENT, MAIL + b"\r\n")
    assert b"APPEND" in session.sent[Side.SERVER]


def test_why_no_engine_was_asked_is_logged():
    stage = Stage(configured(mail=ACCEPTING))
    stage.unchecked = "no room"
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    stage.arrive(Side.CLIENT, b"a APPEND INBOX {0+}\r\n\r\n")
    [told] = [each for each in stage.done if getattr(each, "message", None) is MAIL_NOT_DECODED]
    assert told.fields == {"reason": "no room"}
