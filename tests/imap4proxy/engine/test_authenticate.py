"""AUTHENTICATE: challenges, answers, cancellation, initial responses."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("authenticate")
