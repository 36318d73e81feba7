"""What lanes and phases share: lines that wait, languages, limits, the end."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("conversation")
