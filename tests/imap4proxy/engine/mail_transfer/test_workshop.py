from types import SimpleNamespace

from imap4proxy.engine.actions import Save, SendToClient
from imap4proxy.engine.mail_transfer.outcomes import Outcomes
from imap4proxy.engine.mail_transfer.workshop import IN_MEMORY, Workshop
from imap4proxy.engine.outbox import Outbox
from imap4proxy.engine.view.pieces import Stream
from tests.support.rehearsal import transcripts

test_transcript = transcripts("mail_transfer/workshop")


def test_only_so_much_of_an_answer_is_made_in_memory():
    """However many items a client asks for."""
    outbox = Outbox()
    server = SimpleNamespace(intake=None, outcomes=Outcomes(outbox))
    workshop = Workshop(SimpleNamespace(outbox=outbox), server, None)
    size = IN_MEMORY * 3 // 4
    pieces = [Stream(size, lambda offset: iter([b"x" * size])) for _ in range(2)]
    workshop.send(None, pieces, lambda: None)
    sent, saved = outbox.drain()
    assert isinstance(sent, SendToClient) and len(sent.octets) == size
    assert isinstance(saved, Save) and saved.length == size and saved.passing
