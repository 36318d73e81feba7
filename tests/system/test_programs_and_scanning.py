"""Mail programs read a mailbox in which mails are changed, and one is denied, and do not complain.

What is denied is refused by itself: every other mail of the mailbox comes.
"""

from __future__ import annotations

import base64
import json
import random
import re
import subprocess
import time
from email import message_from_bytes, policy
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.body_structure import Leaf, Many, Tree, fetch_section, read
from tests.support.dovecot import PASSWORD
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_programs import PLAIN, PROGRAMS, Endpoint, delivered, in_maildir
from tests.support.mail_samples import HEAD, PNG, PROGRAM, TEXT, mail, mixed, part
from tests.support.peers import connect

CHANGED = (
    "mail-acl S { subject mail*; subject-text \"[X] \"; accept; } mail-acl R { accept; }"
    " doc-acl A { filename *.exe; remove; accept; } doc-acl D { accept; }"
)
DENYING = "mail-acl M { header X-Deny yes; deny; } " + CHANGED
REPLACING = 'mail-acl M { header X-Deny yes; replace-body "FOLDER/words"; accept; } ' + CHANGED
WHOLE = "download { metadata process; }"  # for fetchmail, which asks for the header first
ROWS = [
    Policy("changed", CHANGED),
    Policy("denied", DENYING),
    Policy("changed-whole", CHANGED, WHOLE),
    Policy("denied-whole", DENYING, WHOLE),
    Policy("replaced-whole", REPLACING, WHOLE),
]
LARGE = part("application/octet-stream", random.Random(1).randbytes(150_000), name="large.bin")


def head(number: int, words: bytes) -> bytes:
    return HEAD.replace(b"m1@", b"m%d@" % number).replace(b"Subject:", b"Subject: " + words)


MAILS = {
    "all of it": mixed(TEXT, PROGRAM, PNG, head=head(1, b"mail")),
    "attachment": mixed(TEXT, PROGRAM, LARGE, head=head(2, b"x")),
    "unchanged": mixed(TEXT, LARGE, head=head(3, b"x")),
    "denied": mail(b"X-Deny: yes", head=head(4, b"x")),
    "subject": mail(head=head(5, b"mail")),
    "unchanged, too": mail(head=head(6, b"x")),
}
DENIED = list(MAILS).index("denied")


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("programs")
    (folder / "words").write_text("It is not shown.\r\n")
    rows = [row._replace(mail=row.mail.replace("FOLDER", str(folder))) for row in ROWS]
    with MailPolicies(folder, rows, MAILS) as running:
        yield running


def endpoint(policies: MailPolicies, name: str) -> Endpoint:
    return Endpoint(policies.port(name), PLAIN, "/etc/ssl/certs/ca-certificates.crt")


@pytest.fixture(scope="module")
def shown(policies):
    """The mails as the proxy shows them, one by one."""
    mails = [policies.fetch("changed", name) for name in MAILS]
    assert [octets == before for octets, before in zip(mails, MAILS.values())] == [
        name.startswith(("unchanged", "denied")) for name in MAILS
    ]
    return mails


@pytest.mark.parametrize("program", ["mbsync", "offlineimap3", "curl", "mutt"])
def test_changed(tmp_path, policies, shown, program):
    assert PROGRAMS[program](tmp_path, endpoint(policies, "changed")) == shown


@pytest.mark.parametrize("program", ["mbsync", "offlineimap3", "curl", "mutt"])
def test_denied(tmp_path, policies, shown, program):
    others = shown[:DENIED] + shown[DENIED + 1:]
    try:
        mails = PROGRAMS[program](tmp_path, endpoint(policies, "denied"))
    except AssertionError as error:  # some say what they did not get
        assert re.search(rf"UID '{DENIED + 1}'|UID FETCH {DENIED + 1} ", str(error))
        mails = in_maildir(tmp_path / "mail")
    assert [octets for octets in mails if octets] == others  # mutt shows an empty mail


def test_changed_for_fetchmail(tmp_path, policies, shown):
    assert PROGRAMS["fetchmail"](tmp_path, endpoint(policies, "changed-whole")) == shown


def test_denied_to_fetchmail(tmp_path, policies, shown):
    """It heeds no NO to the text of a mail; it ends, and at once: imap4-proxy(8)."""
    began = time.monotonic()
    with pytest.raises(AssertionError, match="synchronization error"):
        PROGRAMS["fetchmail"](tmp_path, endpoint(policies, "denied-whole"))
    assert time.monotonic() - began < 60
    mails = delivered(tmp_path)
    assert mails[:DENIED] == shown[:DENIED]
    assert b"hello" not in b"".join(mails[DENIED:])


def test_replaced_for_fetchmail(tmp_path, policies, shown):
    mails = PROGRAMS["fetchmail"](tmp_path, endpoint(policies, "replaced-whole"))
    assert b"It is not shown." in mails[DENIED]
    assert mails[:DENIED] + mails[DENIED + 1:] == shown[:DENIED] + shown[DENIED + 1:]


def test_all_at_once(policies, shown):
    """The mails that may pass come, and then the command is refused for the other's sake."""
    with connect(policies.port("denied")) as client:
        client.line()
        client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
        client.command(b"EXAMINE INBOX")
        answer = client.command(b"FETCH 1:* (BODY.PEEK[])")
    assert [octets in answer for octets in shown] == [name != "denied" for name in MAILS]
    assert answer.count(b" FETCH (") == len(MAILS) - 1
    assert b"\r\nx NO [NOPERM] " in answer and b"(m4@example.net)\r\n" in answer


# --- part by part ------------------------------------------------------------------------------


def leaves(tree: Tree, number: str = "") -> Iterator[tuple[str, Leaf]]:
    if isinstance(tree, Many):
        for at, child in enumerate(tree.parts, 1):
            yield from leaves(child, f"{number}.{at}".lstrip("."))
    else:
        assert isinstance(tree, Leaf)
        yield number or "1", tree


def in_pieces(client, number, section, size=1 << 16):
    """As Thunderbird reads what is long."""
    pieces: list[bytes] = []
    while not pieces or len(pieces[-1]) == size:
        asked = f"(BODY.PEEK[{section}]<{size * len(pieces)}.{size}>)"
        status, data = client.fetch(str(number), asked)
        assert status == "OK"
        pieces.append(data[0][1])
    return b"".join(pieces)


@pytest.mark.parametrize("number", range(1, len(MAILS) + 1))
def test_part_by_part(policies, shown, number):
    with policies.session("changed") as client:
        client.select(readonly=True)
        assert client.fetch(str(number), "(BODYSTRUCTURE)")[0] == "OK"
        fetch_section(client, number, "")  # metadata are those of the changed mail from here on
        told = read(client, number)
        assert told.octets == shown[number - 1]
        for section, leaf in leaves(told.tree):
            octets = in_pieces(client, number, section)
            assert octets in told.octets and len(octets) == leaf.octets


# --- imapflow ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def imapflow(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("imapflow")
    command = ["npm", "install", "--no-audit", "--no-fund", "--prefix", folder, "imapflow@1.0.150"]
    subprocess.run(command, check=True, capture_output=True)
    return folder


def documents(octets: bytes) -> list[bytes]:
    parts = message_from_bytes(octets, policy=policy.default).walk()
    return [each.get_payload(decode=True) for each in parts if not each.is_multipart()]


@pytest.mark.parametrize("name", ["changed", "denied"])
def test_imapflow(policies, shown, imapflow, name):
    script = Path(__file__).parent.parent / "support" / "imapflow.js"
    command = ["node", script, str(policies.port(name)), USER, PASSWORD, imapflow]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    refused = [DENIED + 1] if name == "denied" else []
    assert told["refused"] == refused and len(told["warnings"]) == len(refused)
    for each in told["mails"]:
        if each["uid"] not in refused:
            octets = base64.b64decode(each["source"])
            assert octets == shown[each["uid"] - 1]
            assert list(map(base64.b64decode, each["parts"])) == documents(octets)
