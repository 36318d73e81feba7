"""Literals that a client announces: kept, streamed, refused."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("literals")
