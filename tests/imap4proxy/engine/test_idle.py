"""IDLE from both sides, ended in every way."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("idle")
