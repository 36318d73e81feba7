import pytest

from imap4proxy.engine.mail_transfer.plan import Plan
from imap4proxy.wire.commands import Fetch
from tests.support.command_reading import read

# items, of the server, from the mail, examines (pass), examines (process), body, seen
PLANS = [
    ("FLAGS", "FLAGS", "", False, False, False, False),
    ("(UID INTERNALDATE MODSEQ)", "UID INTERNALDATE MODSEQ", "", False, False, False, False),
    ("RFC822.SIZE", "", "RFC822.SIZE", False, True, False, False),
    ("ENVELOPE", "", "ENVELOPE", False, True, False, False),
    ("RFC822.HEADER", "", "RFC822.HEADER", False, True, False, False),
    ("BODY.PEEK[HEADER]", "", "BODY.PEEK", False, True, False, False),
    ("BODY[HEADER.FIELDS (Date)]", "", "BODY", False, True, False, True),
    ("BODY.PEEK[HEADER.FIELDS.NOT (Date)]", "", "BODY.PEEK", False, True, False, False),
    ("BODYSTRUCTURE", "", "BODYSTRUCTURE", True, True, False, False),
    ("BODY", "", "BODY", True, True, False, False),
    ("BODY[]", "", "BODY", True, True, True, True),
    ("BODY.PEEK[]<0.10>", "", "BODY.PEEK", True, True, True, False),
    ("BODY[1.HEADER]", "", "BODY", True, True, True, True),
    ("BODY[1.MIME]", "", "BODY", True, True, True, True),
    ("BODY[TEXT]", "", "BODY", True, True, True, True),
    ("RFC822", "", "RFC822", True, True, True, True),
    ("RFC822.TEXT", "", "RFC822.TEXT", True, True, True, True),
    ("BINARY[1]", "", "BINARY", True, True, True, True),
    ("BINARY.PEEK[1]", "", "BINARY.PEEK", True, True, True, False),
    ("BINARY.SIZE[1]", "", "BINARY.SIZE", True, True, False, False),
    ("FULL", "FLAGS INTERNALDATE", "RFC822.SIZE ENVELOPE BODY", True, True, False, False),
    ("BODY.PEEK[TEXT]", "", "BODY.PEEK", True, True, True, False),
    ("BODY.PEEK[TEXT]<0.9>", "", "BODY.PEEK", True, True, True, False),
    ("(RFC822.TEXT FLAGS)", "FLAGS", "RFC822.TEXT", True, True, True, True),
    ("(UID BODY.PEEK[HEADER] FLAGS)", "UID FLAGS", "BODY.PEEK", False, True, False, False),
]


@pytest.mark.parametrize("items, server, mail, by_pass, by_process, body, seen", PLANS)
def test_plan(items, server, mail, by_pass, by_process, body, seen):
    [command] = read([b"a FETCH 1 %b\r\n" % items.encode()])
    assert isinstance(command, Fetch)
    for process, examines in ((False, by_pass), (True, by_process)):
        plan = Plan.of(command.what, process)
        assert " ".join(item.name for item in plan.of_server) == server
        assert " ".join(item.name for item in plan.from_mail) == mail
        assert (plan.examines, plan.shows_body, plan.marks_seen) == (examines, body, seen)
