"""NIL for a text that is refused: for whom, and what it looks like."""

import pytest

from imap4proxy.engine.refused_text import nil, nil_for
from tests.support.command_reading import read
from tests.support.rehearsal import transcripts

test_transcript = transcripts("refused_text")

COMMANDS = [
    # command, NIL of what
    (b"FETCH 3 BODY[TEXT]", b"BODY[TEXT]"),
    (b"FETCH 3 (body.peek[text])", b"BODY[TEXT]"),
    (b"FETCH 3 RFC822.TEXT", b"RFC822.TEXT"),
    (b"FETCH 3 RFC822", b""),
    (b"FETCH 3 BODY[]", b""),
    (b"FETCH 3 BODY[1.TEXT]", b""),
    (b"FETCH 3 BODY[TEXT]<0.9>", b""),
    (b"FETCH 3 (BODY.PEEK[TEXT] FLAGS)", b""),
    (b"FETCH 3 (RFC822.TEXT UID)", b""),
    (b"FETCH 3,4 BODY[TEXT]", b""),
    (b"FETCH 3:3 BODY[TEXT]", b""),
    (b"FETCH * BODY[TEXT]", b""),
    (b"UID FETCH 3 BODY[TEXT]", b""),
]


@pytest.mark.parametrize("command, name", COMMANDS)
def test_for_whom(command, name):
    [fetch] = read([b"a " + command + b"\r\n"])
    assert nil_for(fetch) == (name and b"* 3 FETCH (" + name + b" NIL)")


def test_by_what_a_server_answers():
    assert nil(3, b"body[text] ") == b"* 3 FETCH (BODY[TEXT] NIL)"
