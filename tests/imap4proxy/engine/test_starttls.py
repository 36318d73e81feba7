"""The talk before STARTTLS, and what must not cross the handshake."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("starttls")
