"""Untagged data: what goes through, what is dropped, what is rewritten."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("download")
