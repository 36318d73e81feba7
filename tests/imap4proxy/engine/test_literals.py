"""Literals that a client announces: kept, streamed, refused; and in which form they go on."""

import pytest

from kernun_common.errors import Side
from tests.support.rehearsal import transcripts
from tests.support.stage import CONNECTED, Stage, configured

test_transcript = transcripts("literals")

FORMS = [
    # what the server offers, the client's form, octets, the form towards the server
    (b"", b"{%d}", 5, b"{%d}"),
    (b"", b"{%d+}", 5, b"{%d}"),
    (b"LITERAL+", b"{%d}", 5, b"{%d}"),  # so that the server can still refuse
    (b"LITERAL+", b"{%d+}", 5, b"{%d+}"),
    (b"LITERAL+", b"{%d+}", 4097, b"{%d+}"),
    (b"LITERAL-", b"{%d+}", 4096, b"{%d+}"),
    (b"LITERAL-", b"{%d+}", 4097, b"{%d}"),
    (b"IMAP4rev2", b"{%d+}", 4096, b"{%d+}"),
    (b"IMAP4rev2", b"{%d+}", 4097, b"{%d}"),
    (b"LITERAL+", b"{%d+}", 0, b"{%d+}"),
    (b"", b"{%d}", 0, b"{%d}"),
]


def stage(offered: bytes) -> Stage:
    """A session that is authenticated; nothing has been sent yet."""
    made = Stage(configured())
    made.happen(CONNECTED)
    made.arrive(Side.SERVER, b"* PREAUTH [CAPABILITY IMAP4rev1 " + offered + b"] ready\r\n")
    made.sent[Side.CLIENT].clear()
    return made


@pytest.mark.parametrize("offered, form, size, towards", FORMS)
def test_form_of_a_mail(offered: bytes, form: bytes, size: int, towards: bytes) -> None:
    """The client waits where its form says so, the proxy where the server's does."""
    made, mail = stage(offered), b"x" * size
    made.arrive(Side.CLIENT, b"a APPEND Sent " + form % size + b"\r\n")
    asked = b"p1 APPEND Sent " + towards % size + b"\r\n"
    assert made.sent[Side.SERVER] == asked
    waits = b"+" not in form
    if not waits:
        made.arrive(Side.CLIENT, mail + b"\r\n")
    if b"+" not in towards:
        assert made.sent == {Side.SERVER: asked, Side.CLIENT: b""}
        made.arrive(Side.SERVER, b"+ go on\r\n")
    assert made.sent[Side.CLIENT] == (b"+ Ready for the literal\r\n" if waits else b"")
    if waits:
        made.arrive(Side.CLIENT, mail + b"\r\n")
    assert made.sent[Side.SERVER] == asked + mail + b"\r\n"


ARGUMENTS = [
    # what the server offers, the client's form, the form towards the server
    (b"QUOTA", b"{2+}", b"{2}"),
    (b"QUOTA LITERAL+", b"{2}", b"{2+}"),
    (b"QUOTA LITERAL-", b"{2}", b"{2+}"),
    (b"QUOTA IMAP4rev2", b"{2+}", b"{2+}"),
]


@pytest.mark.parametrize("offered, form, towards", ARGUMENTS)
def test_form_of_an_argument(offered: bytes, form: bytes, towards: bytes) -> None:
    """One that no quoted string can hold.  Its command is kept until it is complete."""
    made = stage(offered)
    made.arrive(Side.CLIENT, b"a GETQUOTA " + form + b"\r\n")
    assert made.sent == {
        Side.SERVER: b"",
        Side.CLIENT: b"" if b"+" in form else b"+ Ready for the literal\r\n",
    }
    made.arrive(Side.CLIENT, b'"\n\r\n')
    asked = b"p1 GETQUOTA " + towards + b"\r\n"
    if b"+" not in towards:
        assert made.sent[Side.SERVER] == asked
        made.arrive(Side.SERVER, b"+ go on\r\n")
    assert made.sent[Side.SERVER] == asked + b'"\n\r\n'
