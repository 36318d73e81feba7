"""What the view answers for a mail that nobody changed is what Dovecot answers for it.

Each mail lies in a mailbox of Dovecot.  Its octets are what Dovecot gives for BODY[], as the
proxy would get them; every other item is then asked of both, and the values compared.
"""

from __future__ import annotations

import re

import pytest

from imap4proxy.engine.view.pieces import chunks
from imap4proxy.engine.view.view import View
from imap4proxy.wire.fetch_items import items
from imap4proxy.wire.fragments import Line
from imap4proxy.wire.limits import Limits
from imap4proxy.wire.scanner import Scanner
from kernun_common.mail_doc.mime import parse

from ..support.dovecot import PASSWORD, Dovecot
from ..support.fetch_values import fetched
from ..support.fetch_values import items as values_of
from ..support.peers import connect
from ..support.shown_mails import SHOWN_MAILS, numbers

NAMES = [name for name, _ in SHOWN_MAILS]
PLAIN = b"ENVELOPE BODY BODYSTRUCTURE RFC822.SIZE RFC822.HEADER RFC822.TEXT RFC822"
OF_A_MAIL = (
    b"HEADER", b"TEXT", b"HEADER.FIELDS (From date X-Last)", b"HEADER.FIELDS (X-None)",
    b"HEADER.FIELDS.NOT (Subject Content-Type x-last)", b'HEADER.FIELDS (to "odd name")',
)  # fmt: skip
PARTIALS = (b"<0.10>", b"<7.20>", b"<60.100000>", b"<1000000.5>")


HUNG_UP = "hung up"  # Dovecot's answer to encodings that end in their midst

# Where Dovecot's answers are none: mail and item, as expressions.
NOT_COMPARED = (
    # A header in a message/rfc822 that ends at a boundary: fields are taken from behind that.
    ("type 30 in a part|.*forward of (a header|nothing)|empty forward",
     rb"BODY\[1\.HEADER\.FIELDS.*\].*|BINARY.*"),
    # An encoding that is declared, and nothing to decode: Dovecot gives a size that is none.
    ("encoded forward|quoted-printable 6", rb"BINARY.*\[1?\].*"),
    ("LF alone", rb"BINARY.SIZE.*"),  # 18446744073709551547 octets
    # Of single fields the line ends are written anew.
    ("CR at the end of a header", rb"BODY\[HEADER\.FIELDS .*"),
)  # fmt: skip


class Mailbox:
    """A session with Dovecot, and another one when that has ended."""

    def __init__(self, server):
        self.server = server
        self.open()

    def open(self):
        self.client = connect(self.server.port)
        self.client.line()
        self.client.command(b"LOGIN alice %b" % PASSWORD.encode())
        self.client.command(b"EXAMINE INBOX")

    def told(self, number, asked):
        """The values of these items; the code of the refusal where there is one."""
        try:
            response = self.client.command(b"FETCH %d (%b)" % (number, asked))
        except EOFError:
            self.client.close()
            self.open()
            return HUNG_UP
        refused = re.search(rb"^x NO \[([A-Z-]+)\]", response, re.MULTILINE)
        return refused[1] if refused else fetched(response)


@pytest.fixture(scope="module")
def mailbox():
    with Dovecot() as server:
        server.fill("alice", [octets for _, octets in SHOWN_MAILS])
        mailbox = Mailbox(server)
        yield mailbox
        mailbox.client.close()


def asked(structure):
    """The items to ask for, as octets: first what cannot fail, then one by one what can."""
    parts = [b".".join(b"%d" % at for at in number) for number in numbers(structure)]
    sections = [b"", *OF_A_MAIL]
    for part in parts:
        sections += [part, part + b".MIME", *(part + b"." + text for text in OF_A_MAIL)]
    bodies = [b"BODY.PEEK[%b]" % section for section in sections]
    partials = [body + partial for body in bodies[:2] + bodies[7:10] for partial in PARTIALS]
    binaries = [
        b"BINARY%b[%b]%b" % (name, part, partial)
        for part in [b"", *parts]
        for name, partial in ((b".PEEK", b""), (b".SIZE", b""), (b".PEEK", b"<3.7>"))
    ]
    return [b" ".join((PLAIN, *bodies, *partials)), *binaries]


def answered(view, asked):
    """What the view answers, as values; the code of the refusal where there is one."""
    line = b"(" + asked + b")"
    scan = Scanner((Line(line),), (), Limits(section_depth=100))
    answer = view.answer(items(scan))
    if answer.refusals:
        return answer.refusals[0].encode()
    return values_of(b"".join(chunks(view.octets, answer.pieces)))


def is_compared(mail, item):
    return not any(
        re.fullmatch(mails, mail) and re.fullmatch(items, item) for mails, items in NOT_COMPARED
    )


@pytest.mark.parametrize("number, mail", list(enumerate(NAMES, 1)), ids=NAMES)
def test_equals_dovecot(mailbox, number, mail):
    octets = mailbox.told(number, b"BODY.PEEK[]")[b"BODY[]"]
    view = View(octets, parse(octets))
    for asking in filter(lambda asking: is_compared(mail, asking), asked(view.structure)):
        ours, theirs = answered(view, asking), mailbox.told(number, asking)
        if theirs is HUNG_UP:
            continue
        if isinstance(theirs, dict) and isinstance(ours, dict):
            assert ours.keys() == theirs.keys()
            for name in theirs:
                assert ours[name] == theirs[name] or not is_compared(mail, name), name
        elif not asking.startswith(b"BINARY.SIZE"):  # Dovecot decodes other parts for it, too
            assert ours == theirs, asking
