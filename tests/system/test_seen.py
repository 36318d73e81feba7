r"""\Seen is set, and told, as the server does it by itself: for each item, and each right.

The same mails lie in two mailboxes of one server.  What one session does to the one through the
proxy, another does to the other directly; then both have the same flags, and the client of each
was told the same.
"""

from __future__ import annotations

import re

import pytest

from tests.support.mail_policies import USER, MailPolicies, Policy, Refused, opened
from tests.support.mail_samples import TEXT, mail, mixed
from tests.support.peers import Peer

ITEMS = [
    b"BODY[]", b"BODY[TEXT]", b"BODY[HEADER]", b"BODY[1]", b"BODY[1.MIME]", b"BODY[9]",
    b"BODY[HEADER.FIELDS (Date)]", b"BODY[]<0.10>", b"RFC822", b"RFC822.TEXT", b"RFC822.HEADER",
    b"RFC822.SIZE", b"BODY.PEEK[]", b"BODY.PEEK[1]", b"BODY.PEEK[HEADER]", b"BODY", b"ENVELOPE",
    b"BODYSTRUCTURE", b"FLAGS", b"BODY[TEXT] FLAGS", b"BODY.PEEK[] RFC822",
]  # fmt: skip
MACROS = [b"FAST", b"ALL", b"FULL"]
ASKED = [b"(%b)" % item for item in ITEMS] + MACROS
DENIED = b"X-Deny: yes"
POLICY = Policy(
    "scanned",
    "mail-acl M { header X-Deny yes; deny; }"
    " mail-acl R { status-headers yes; accept; } doc-acl D { accept; }",
)
ACL = """
mail_plugins = acl
protocol imap {
  mail_plugins = acl imap_acl
}
plugin {
  acl = vfile
}
"""
RIGHTS = {"select": "", "examine": "", "not s": "owner lrwtipekxa"}
COMMANDS = (b"FETCH", b"UID FETCH")


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("seen")
    with MailPolicies(folder, [POLICY], {"denied": mail(DENIED)}, settings=ACL) as running:
        yield running


def prepared(policies: MailPolicies, mailbox: str, rights: str) -> bytes:
    """A mailbox with a mail for each item."""
    server = policies.server
    server.fill(USER, [mixed(TEXT)] * len(ASKED), mailbox)
    if rights:
        path = server.folder / "home" / USER / "mail" / f".{mailbox}" / "dovecot-acl"
        path.write_text(rights + "\n")
        path.chmod(0o644)
    return mailbox.encode()


def told(client: Peer, command: bytes) -> dict[int, bool]:
    r"""Of which mails the client heard of flags, and whether \Seen was the last of them."""
    answer = client.command(command)
    assert b"\r\nx OK" in b"\r\n" + answer, answer
    lines = re.findall(rb"\* (\d+) FETCH \((?:[^\r]*?[ ])?FLAGS \(([^)]*)\)", unfolded(answer))
    return {int(number): b"\\Seen" in flags for number, flags in lines}


def unfolded(answer: bytes) -> bytes:
    """Each response in one line, without its literals."""
    while found := re.search(rb"\{(\d+)\}\r\n", answer):
        answer = answer[: found.start()] + b'""' + answer[found.end() + int(found[1]):]
    return answer


def seen(policies: MailPolicies, mailbox: bytes) -> list[bytes]:
    with opened(policies.server.port, b"EXAMINE %b" % mailbox) as client:
        return re.findall(rb"FLAGS \(.*?\)\)", client.command(b"FETCH 1:* (FLAGS)"))


@pytest.mark.parametrize("command", COMMANDS, ids=bytes.decode)
@pytest.mark.parametrize("mode", RIGHTS)
def test_as_the_server_does(policies, mode, command):
    name = f"{mode}{COMMANDS.index(command)}".replace(" ", "")
    ours = prepared(policies, f"{name}ours", RIGHTS[mode])
    theirs = prepared(policies, f"{name}theirs", RIGHTS[mode])
    opening = b"EXAMINE" if mode == "examine" else b"SELECT"
    with opened(policies.port("scanned"), b"%b %b" % (opening, ours)) as proxied:
        with opened(policies.server.port, b"%b %b" % (opening, theirs)) as direct:
            for number, item in enumerate(ASKED, 1):
                asked = b"%b %d %b" % (command, number, item)
                assert told(proxied, asked) == told(direct, asked), item
    flags = seen(policies, theirs)
    assert seen(policies, ours) == flags
    assert any(b"Seen" in each for each in flags) is (mode == "select")


def test_a_denied_mail_is_not_seen(policies):
    with pytest.raises(Refused, match="NOPERM"):
        policies.fetch("scanned", "denied", "BODY[]")
    assert seen(policies, b"INBOX") == [b"FLAGS ())"]
