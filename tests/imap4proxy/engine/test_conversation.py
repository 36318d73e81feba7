"""What lanes and phases share: lines that wait, languages, limits, the end."""

from __future__ import annotations

from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import CONNECTED, Stage, configured

test_transcript = transcripts("conversation")


def test_lines_that_wait_are_not_many() -> None:
    """While a mail is on its way to the client, the proxy does not answer it for ever."""
    stage = Stage(configured(command_acl="commands ! { NOOP };"))
    stage.happen(CONNECTED)
    stage.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1] ready\r\n")
    stage.arrive(Side.SERVER, b"* 1 FETCH (BODY[] {5}\r\nab")
    for _ in range(5000):
        stage.arrive(Side.CLIENT, b"x NOOP\r\n")
    assert len(stage.waiting[Side.CLIENT]) > 4000
    stage.arrive(Side.SERVER, b"cde)\r\n")
    assert stage.sent[Side.CLIENT].count(b"x NO ") == 5000
