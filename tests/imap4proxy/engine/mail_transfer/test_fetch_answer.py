"""What the client is told of mails that are fetched and examined."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_transfer/fetch_answer")
