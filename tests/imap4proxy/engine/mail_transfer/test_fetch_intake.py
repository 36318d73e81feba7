"""FETCH responses where mails are scanned: what goes on, and what is taken out of it."""

from typing import Any, cast

from imap4proxy.engine.mail_transfer.fetch_intake import FetchIntake, Job
from imap4proxy.wire.fetch_run import STILL, Flow
from tests.support.reading import make
from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_transfer/fetch_intake")


def test_literals_flow_but_in_a_job():
    reader, nothing = make(), cast(Any, None)
    reader.flow = Flow(5, headers=True)
    intake = FetchIntake(nothing, reader, nothing)
    intake.open(cast(Job, object()))
    assert reader.flow == STILL
    intake.close()
    assert reader.flow == Flow(5, headers=True) and intake.job is None
