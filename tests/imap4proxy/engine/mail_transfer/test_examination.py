from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_transfer/examination")
