"""Status responses: what goes through, what is the proxy's own, what is learnt."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("statuses")
