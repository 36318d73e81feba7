from imap4proxy.engine.mail_transfer import fetch_job
from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import ACCEPTING, CONNECTED, Stage, configured

test_transcript = transcripts("mail_transfer/fetch_job")


def test_a_server_that_goes_on_for_ever(monkeypatch):
    monkeypatch.setattr(fetch_job, "MOST_MAILS", 2)
    stage = Stage(configured(mail=ACCEPTING))
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    stage.arrive(Side.CLIENT, b"s SELECT INBOX\r\na UID FETCH 1:* BODY.PEEK[]\r\n")
    stage.arrive(Side.SERVER, b"p1 OK done\r\n")
    for uid in (7, 8, 9):
        assert not stage.over
        said = b'* %d FETCH (UID %d INTERNALDATE " 2-Mar-2026 10:00:00 +0000" BODY[] NIL)\r\n'
        stage.arrive(Side.SERVER, said % (uid, uid))
    assert stage.over
    assert stage.sent[Side.CLIENT].endswith(b"* BYE The mail server broke the protocol\r\n")
