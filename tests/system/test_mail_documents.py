"""html-filter, doctype-identification and the mail pool, through the real program."""

from __future__ import annotations

import base64
from email import message_from_bytes

import pytest

from tests.support.html_items import ITEMS
from tests.support.mail_policies import MailPolicies, Policy, Refused
from tests.support.mail_samples import GIF, mail, mixed, part

FIELDS = (
    b"MIME-Version: 1.0",
    b"Content-Type: text/html; charset=us-ascii",
    b"Content-Transfer-Encoding: binary",
)
HTML = [(f"{item}-{n}", case) for item, cases in ITEMS.items() for n, case in enumerate(cases)]


TYPES = {
    "picture": mixed(part("application/octet-stream", GIF, name="picture.abc")),
    "listed": mixed(part("application/octet-stream", b"text", name="a.abc")),
}
DOCTYPES = [
    # name, items of doctype-identification, the type that is found, of which mail
    ("order", "order { magic, content-type };", "image/gif", "picture"),
    ("order-for", "order for upload { content-type }; order for download { magic };",
     "image/gif", "picture"),
    ("content-type", "order { content-type };", "application/octet-stream", "picture"),
    ("mime-types", 'order { extension }; mime-types "FOLDER/mime.types";', "x-test/abc", "listed"),
    ("magic", "order { magic, content-type }; magic bytes 16;", "image/gif", "picture"),
]  # fmt: skip


def acls(items: str) -> str:
    return f"mail-acl M {{ accept; }} doc-acl A {{ {items} }} doc-acl D {{ accept; }}"


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    rows = [Policy(name, acls(f"html-filter {name}; accept;")) for name, _ in HTML]
    sections = [f"html-filter {name} {{ {case.body} }}" for name, case in HTML]
    mails = {name: mail(*FIELDS, body=case.document) for name, case in HTML}
    folder = tmp_path_factory.mktemp("html")
    with MailPolicies(folder, rows, mails, "\n".join(sections)) as running:
        yield running


@pytest.mark.parametrize("row", HTML, ids=lambda row: row[0])
def test_html(policies, row):
    name, case = row
    if case.excess == "deny":
        with pytest.raises(Refused, match="NOPERM"):
            policies.fetch(name, name)
        return
    octets = message_from_bytes(policies.fetch(name, name)).get_payload(decode=True)
    if case.excess == "remove":
        assert case.document not in octets
    elif case.unchanged:
        assert octets == case.document
    assert not any(word in octets for word in case.gone)
    assert all(word in octets for word in case.there)


@pytest.mark.parametrize("row", DOCTYPES, ids=lambda row: row[0])
def test_doctype(tmp_path, row):
    _, items, found, mail = row
    (tmp_path / "mime.types").write_text("x-test/abc  abc\n")
    items = f"doctype-identification {{ {items.replace('FOLDER', str(tmp_path))} }}"
    rows = [Policy("found", acls(f"mime-type {found}; deny;"))]
    with MailPolicies(tmp_path, rows, TYPES, items=items) as policies:
        with pytest.raises(Refused, match="NOPERM"):
            policies.fetch("found", mail)


# --- the mail pool ----------------------------------------------------------------------------

LARGE = mixed(part("application/octet-stream", bytes(300_000), name="zero"))


def opened(policies: MailPolicies) -> list[str]:
    """Files of the pool that children hold, by their sizes."""
    return [name for name in policies.proxy.descriptors() if "/pool/" in name]


@pytest.mark.parametrize("memory, files", [("1K", True), ("10M", False)])
def test_pool_memory_and_dir(tmp_path, memory, files):
    pool = f"memory {memory};"
    with MailPolicies(tmp_path, [Policy("all")], {"large": LARGE}, pool=pool) as policies:
        with policies.session("all") as client:
            client.select()
            assert client.fetch("1", "(BODY.PEEK[])")[1][0][1] == LARGE
            assert bool(opened(policies)) is files
        assert list((tmp_path / "pool").iterdir()) == []


def test_pool_free(tmp_path):
    """A mail for which there is no room is refused; the session goes on."""
    pool = "memory 0; free 1000G;"
    with MailPolicies(tmp_path, [Policy("all")], {"large": LARGE}, pool=pool) as policies:
        with policies.session("all") as client:
            client.select()
            assert client.fetch("1", "(BODY.PEEK[])")[0] == "NO"
            assert client.append("INBOX", "", "", b"Subject: x\r\n\r\n")[0] == "NO"
            assert client.fetch("1", "(FLAGS)")[0] == "OK"
        policies.proxy.wait_for("IMAP-620", 2)


# --- what is decoded for the engines ----------------------------------------------------------

# A mail in a mail, encoded as a whole: what it may be read as is decoded into the pool.
ENCODED = (b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64")
AMBIGUOUS = mail(*ENCODED, body=base64.b64encode(mail(body=b"hello\r\n" * 1000)))
ENGINE = """antivirus A {{ connection clamav [127.0.0.1] : {port}; }}"""
LET_IN = "mail-acl M { virus-status free; accept; } mail-acl E { virus-status error; deny; }"


def checked_policies(tmp_path, clamd, pool):
    row = Policy("all", LET_IN + " doc-acl D { accept; }", "use-antivirus enable A;")
    mails = {str(number): AMBIGUOUS for number in range(20)}
    engine = ENGINE.format(port=clamd.port)
    return MailPolicies(tmp_path, [row], mails, engine, pool=pool)


def test_what_is_decoded_is_held_for_one_check(tmp_path, clamd):
    with checked_policies(tmp_path, clamd, "memory 10M;") as policies:
        with policies.session("all") as client:
            client.select()
            for number in range(20):
                assert client.fetch(str(number + 1), "(BODY.PEEK[])")[0] == "OK"
                assert opened(policies) == []


def test_no_room_for_what_is_decoded(tmp_path, clamd):
    with checked_policies(tmp_path, clamd, "memory 10M; free 1000G;") as policies:
        with pytest.raises(Refused, match="NOPERM"):
            policies.fetch("all", "0")
        [told] = policies.proxy.wait_for("IMAP-623")
        assert "would stay free" in told
