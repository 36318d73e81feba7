"""The client told to the server: PROXY header, ID."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("client_address")
