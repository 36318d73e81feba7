"""Every file of clamav-testfiles, attached in every way, is handled as the ACL says, both ways."""

from __future__ import annotations

import imaplib
from contextlib import ExitStack
from email import message_from_bytes, policy
from types import SimpleNamespace

import pytest

from tests.support.dovecot import PASSWORD
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.ports import HOST
from tests.support.virus_mails import FILES, clean_mails, virus_mails

VIRUSES = dict(virus_mails())
CLEAN = dict(clean_mails())
MAILS = {**VIRUSES, **CLEAN}
WORDS = b"It was a virus."
ITEMS = ("BODY.PEEK[]", "BODY.PEEK[2]", "BODY.PEEK[]<100.700>", "RFC822")

DENY = "mail-acl M { virus-status found; deny; } mail-acl R { accept; } doc-acl D { accept; }"
REPLACE = (
    "mail-acl R { accept; }"
    ' doc-acl A { virus-status found; filename *; replace "FOLDER/words"; accept; }'
    " doc-acl D { accept; }"
)


@pytest.fixture(scope="module")
def sessions(tmp_path_factory, clamd):
    """One with each policy, and one with the server itself.  No mail is checked twice."""
    folder = tmp_path_factory.mktemp("viruses")
    (folder / "words").write_bytes(WORDS)
    use = "use-antivirus enable CLAMAV; download { size-preserving no; }"
    replace = REPLACE.replace("FOLDER", str(folder))
    rows = [Policy("deny", DENY, use), Policy("replace", replace, use)]
    sections = f"antivirus CLAMAV {{ connection clamav [{HOST}] : {clamd.port}; }}"
    cache = f'verdict-cache {{ path "{folder}/verdicts"; }}'
    with ExitStack() as stack:
        policies = stack.enter_context(MailPolicies(folder, rows, MAILS, sections, cache))
        direct = stack.enter_context(imaplib.IMAP4(HOST, policies.server.port))
        direct.login(USER, PASSWORD)
        direct.create("Sent")
        found = SimpleNamespace(direct=direct)
        for row in rows:
            client = stack.enter_context(policies.session(row.name))
            client.select(readonly=True)
            setattr(found, row.name, client)
        yield found


def number_of(name):
    return str(list(MAILS).index(name) + 1)


def fetched(client, name, item):
    """The value; None where it is refused, and nothing of it came."""
    status, data = client.fetch(number_of(name), f"({item})")
    if status == "NO":
        assert b"NOPERM" in data[-1] and not any(isinstance(each, tuple) for each in data)
        return None
    assert status == "OK"
    return data[0][1]


def document(octets):
    """The last one, decoded: what the mail was made for; without blanks around it."""
    *_, last = message_from_bytes(octets, policy=policy.default).walk()
    return last.get_payload(decode=True).strip()


def appended(sessions, client, octets):
    """What the server then holds; None where it was refused, and nothing is stored."""
    direct = sessions.direct
    before = direct.select("Sent")[1][0]
    status, data = client.append("Sent", "", "", octets)
    after = direct.select("Sent")[1][0]
    if status == "NO":
        assert b"NOPERM" in data[-1] and after == before
        return None
    assert status == "OK" and int(after) == int(before) + 1
    return direct.fetch(after, "(BODY.PEEK[])")[1][0][1]


def test_all_files_are_there():
    assert len(FILES) == 44


@pytest.mark.parametrize("name", VIRUSES)
def test_denied(sessions, name):
    assert [fetched(sessions.deny, name, item) for item in ITEMS] == [None] * len(ITEMS)
    assert sessions.deny.fetch(number_of(name), "(ENVELOPE BODYSTRUCTURE)")[0] == "OK"
    assert appended(sessions, sessions.deny, VIRUSES[name]) is None


@pytest.mark.parametrize("name", VIRUSES)
def test_replaced(sessions, name):
    whole, second, part, same = (fetched(sessions.replace, name, item) for item in ITEMS)
    assert document(whole) == WORDS
    assert second in whole and WORDS in second
    assert part == whole[100:800] and same == whole
    assert document(appended(sessions, sessions.replace, VIRUSES[name])) == WORDS


@pytest.mark.parametrize("name", CLEAN)
@pytest.mark.parametrize("policy_", ["deny", "replace"])
def test_clean(sessions, policy_, name):
    client, octets = getattr(sessions, policy_), CLEAN[name]
    whole, second, part, same = (fetched(client, name, item) for item in ITEMS)
    assert whole == octets and second in octets and part == octets[100:800] and same == octets
    assert appended(sessions, client, octets) == octets
