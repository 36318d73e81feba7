from imap4proxy.messages import MAIL_NOT_DECODED
from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import ACCEPTING, CONNECTED, Stage, configured

test_transcript = transcripts("mail_transfer/examination")


def test_why_no_engine_was_asked_is_logged():
    stage = Stage(configured(mail=ACCEPTING))
    stage.unchecked = "no room"
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    stage.arrive(Side.CLIENT, b"a APPEND INBOX {0+}\r\n\r\n")
    [told] = [each for each in stage.done if getattr(each, "message", None) is MAIL_NOT_DECODED]
    assert told.fields == {"reason": "no room"}
