"""Both phases of access control; where the server is looked for."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("phases")
