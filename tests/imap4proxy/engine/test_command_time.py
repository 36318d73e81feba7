"""How long a command may take to arrive."""

from tests.support.rehearsal import transcripts

test_transcript = transcripts("command_time")
