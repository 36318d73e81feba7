"""The way to the server: greeting, STARTTLS, what fails on it."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("opening")
