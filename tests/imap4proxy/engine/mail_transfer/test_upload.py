from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import ACCEPTING, CONNECTED, Stage, configured

test_transcript = transcripts("mail_transfer/upload")


def test_a_client_inside_a_mail_has_to_go_on():
    """recv-timeout holds while its mail is taken, as for any literal."""
    stage = Stage(configured(mail=ACCEPTING))
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    midway = []
    for octets in (b"a APPEND x {4}\r\n", b"A: ", b"b", b"\r\n"):
        stage.arrive(Side.CLIENT, octets)
        midway.append(stage.midway(Side.CLIENT))
    assert midway == [True, True, True, False]
