"""Antivirus and antispam through the real program and real engines, on both ways."""

from __future__ import annotations

from base64 import encodebytes
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.engines import EICAR, GTUBE
from tests.support.mail_policies import MailPolicies, Policy, Refused
from tests.support.mail_samples import TEXT, mail, mixed, part
from tests.support.ports import HOST, free_ports
from tests.support.virus_mails import FOLDER as VIRUS_FILES

VIRUS = mixed(TEXT, part("application/octet-stream", EICAR, name="eicar.com"))
SHORT = b"Subject: x\r\n\r\n" + EICAR  # clamd takes it for no mail
TWO_WAYS = mail(
    b"MIME-Version: 1.0",
    b"Content-Transfer-Encoding: 7bit",
    b"Content-Transfer-Encoding: base64",
    body=encodebytes(EICAR).replace(b"\n", b"\r\n"),
)


def base64_lines(octets: bytes) -> bytes:
    return encodebytes(octets).replace(b"\n", b"\r\n")


def encoded(octets: bytes) -> bytes:
    """A mail in a message/rfc822 that is encoded, which it may not be."""
    fields = (b"Content-Type: message/rfc822", b"Content-Transfer-Encoding: base64")
    return mail(b"MIME-Version: 1.0", *fields, body=base64_lines(octets))


def often_encoded(times: int) -> bytes:
    octets = mixed(TEXT)
    for _ in range(times):
        octets = encoded(octets)
    return octets


# In a text, where nothing declares it.
PROGRAM = base64_lines((VIRUS_FILES / "clam.exe").read_bytes())
DATA = base64_lines(bytes(57 * 4)) + b"\r\n"
MAILS = {
    "clean": mixed(TEXT),
    "virus": VIRUS,
    "spam": GTUBE,
    "short": SHORT,
    "two ways": TWO_WAYS,
    "in armour without end": mail(body=b"-----BEGIN X-----\r\n" + PROGRAM),
    "in armour with another end": mail(
        body=b"-----BEGIN X-----\r\n" + PROGRAM + b"-----END Y-----\r\n"
    ),
    "after much encoded data": mail(body=DATA * 49 + PROGRAM),
    "after too much encoded data": mail(body=DATA * 50 + PROGRAM),
    "over a limit where it is encoded": encoded(mixed(*[TEXT] * 1001)),
    "encoded too often": often_encoded(7),
}

# The status that antivirus tells, as the mail-acl that is chosen.
BY_STATUS = "".join(
    f'mail-acl {status} {{ virus-status {status}; deny text "{status}"; }} '
    for status in ("found", "free", "skipped", "unknown", "error")
)
BY_SCORE = (
    'mail-acl M { spam-score unknown; deny text "unknown"; } '
    'mail-acl N { spam-score ge 5000; deny text "spam"; } '
    'mail-acl O { deny text "ham"; }'
)
DOC_BY_STATUS = (
    'mail-acl M { accept; } doc-acl A { virus-status found; deny text "found"; } '
    'doc-acl B { spam-score ge 5000; deny text "spam"; } doc-acl C { accept; }'
)

SECTIONS = """
antivirus CLAMAV {{ connection clamav [{host}] : {clamd}; }}
antivirus LOCAL {{ connection clamav "{path}"; }}
antivirus FILE {{ connection clamav-file [{host}] : {clamd}; comm-dir "{comm}"; }}
antivirus FILDES {{ connection clamav-file "{path}"; }}
antivirus ICAP {{ connection icap [{host}] : {icap} service avscan; }}
antivirus SMALL {{ connection clamav [{host}] : {clamd}; max-checked-size 100; }}
antivirus NOBODY {{ connection clamav [{host}] : {nobody}; }}
antivirus SILENT {{ connection clamav [{host}] : {silent}; sock-opt {{ recv-timeout 0.5; }} }}
antispam SPAMD {{ connection [{host}] : {spamd}; user "alice"; }}
antispam NOBODY {{ connection [{host}] : {nobody}; }}
antispam SILENT {{ connection [{host}] : {silent}; sock-opt {{ recv-timeout 0.5; }} }}
"""

ENGINES = ("CLAMAV", "LOCAL", "FILE", "FILDES", "ICAP")
STATUSES = [
    # name, items of the command-acl, status of a clean mail, of one with a virus
    ("none", "", "skipped", "skipped"),
    *((name.lower(), f"use-antivirus enable {name};", "free", "found") for name in ENGINES),
    ("small", "use-antivirus enable SMALL;", "skipped", "skipped"),
    ("size", "use-antivirus enable CLAMAV 100;", "skipped", "skipped"),
    ("nobody", "use-antivirus enable NOBODY;", "error", "error"),
    ("silent", "use-antivirus enable SILENT;", "error", "error"),
    ("lenient", "use-antivirus enable CLAMAV; use-antivirus enable NOBODY;", "free", "found"),
    ("strict", "antivirus-mode strict; use-antivirus enable CLAMAV; use-antivirus enable NOBODY;",
     "error", "found"),
    ("disabled", "use-antivirus enable CLAMAV; download { use-antivirus disable; }",
     "skipped", "skipped"),
    ("other", "use-antivirus enable NOBODY; download { use-antivirus enable CLAMAV; }",
     "free", "found"),
    ("upload-only", "upload { use-antivirus enable CLAMAV; }", "skipped", "skipped"),
]  # fmt: skip
SCORES = [
    # name, items of the command-acl, what becomes of a clean mail, of spam
    ("spamd", "use-antispam enable SPAMD;", "ham", "spam"),
    ("spam-size", "use-antispam enable SPAMD 100;", "unknown", "unknown"),
    ("spam-nobody", "use-antispam enable NOBODY;", "unknown", "unknown"),
    ("spam-silent", "use-antispam enable SILENT;", "unknown", "unknown"),
    ("spam-disabled", "use-antispam enable SPAMD; download { use-antispam disable; }",
     "unknown", "unknown"),
    ("spam-upload", "upload { use-antispam enable SPAMD; }", "unknown", "unknown"),
]  # fmt: skip


def policies_of() -> Iterator[Policy]:
    for name, command, _, _ in STATUSES:
        yield Policy(name, BY_STATUS, command)
    for name, command, _, _ in SCORES:
        yield Policy(name, BY_SCORE, command)
    engines = "use-antivirus enable CLAMAV; use-antispam enable SPAMD;"
    yield Policy("documents", DOC_BY_STATUS, engines)
    told = "mail-acl M { status-headers yes; accept; } doc-acl D { accept; }"
    yield Policy("headers", told, engines)


@contextmanager
def silent_port() -> Iterator[int]:
    """Somebody who accepts and says nothing."""
    import socket

    with socket.create_server((HOST, 0)) as listening:
        yield listening.getsockname()[1]


@pytest.fixture(scope="module")
def policies(tmp_path_factory, clamd, c_icap, spamd):
    folder: Path = tmp_path_factory.mktemp("checks")
    (folder / "comm").mkdir()
    folder.chmod(0o755)
    with silent_port() as silent:
        sections = SECTIONS.format(
            host=HOST,
            clamd=clamd.port,
            path=clamd.path,
            icap=c_icap.port,
            spamd=spamd.port,
            silent=silent,
            nobody=free_ports(1)[0],
            comm=folder / "comm",
        )
        with MailPolicies(folder, list(policies_of()), MAILS, sections) as running:
            yield running


def refusal(policies: MailPolicies, name: str, mail: str) -> str:
    with pytest.raises(Refused) as caught:
        policies.fetch(name, mail)
    return str(caught.value).split()[1]


@pytest.mark.parametrize("name, clean, virus", [(row[0], *row[2:]) for row in STATUSES])
def test_status(policies, name, clean, virus):
    assert refusal(policies, name, "clean") == clean
    assert refusal(policies, name, "virus") == virus


HIDDEN = [
    *("short", "two ways", "in armour without end", "in armour with another end"),
    "after much encoded data",
]


@pytest.mark.parametrize("hidden", HIDDEN)
@pytest.mark.parametrize("name", ["clamav", "icap"])
def test_what_is_hidden(policies, name, hidden):
    assert refusal(policies, name, hidden) == "found"


UNREAD = {  # and the reason that is logged
    "after too much encoded data": "more than 50 pieces of encoded data",
    "over a limit where it is encoded": "it exceeds the limit of parts",
    "encoded too often": "more than 5 mails encoded in one another",
}


@pytest.mark.parametrize("unread", UNREAD)
@pytest.mark.parametrize("name", ["clamav", "local", "file", "fildes", "icap"])
def test_what_is_not_read_is_not_free_of_viruses(policies, name, unread):
    assert refusal(policies, name, unread) == "error"
    assert UNREAD[unread] in policies.proxy.logged("MAVC-810")[-1]


@pytest.mark.parametrize("name, clean, spam", [(row[0], *row[2:]) for row in SCORES])
def test_score(policies, name, clean, spam):
    assert refusal(policies, name, "clean") == clean
    assert refusal(policies, name, "spam") == spam


UPLOADS = [
    ("upload-only", "clean", "free"),
    ("upload-only", "virus", "found"),
    ("disabled", "virus", "found"),
    ("spam-upload", "spam", "spam"),
    ("spam-disabled", "spam", "spam"),
]


@pytest.mark.parametrize("name, mail, told", UPLOADS)
def test_upload(policies, name, mail, told):
    with pytest.raises(Refused) as caught:
        policies.append(name, MAILS[mail])
    assert str(caught.value).split()[1] == told


def test_documents(policies):
    assert refusal(policies, "documents", "virus") == "found"
    assert refusal(policies, "documents", "spam") == "spam"
    assert policies.fetch("documents", "clean") == MAILS["clean"]


def test_status_headers(policies):
    octets = policies.fetch("headers", "virus")
    assert b"X-Kernun-Virus-Status: found\r\n" in octets
    assert b"X-Kernun-Virus-Name: Eicar-Test-Signature" in octets
    assert b"X-Kernun-Spam-Score: " in octets


# --- the verdict-cache ------------------------------------------------------------------------

CACHES = {
    # name: items, how often an engine is asked of three downloads in three sessions
    "path": ('path "FOLDER/verdicts.sqlite";', 1),
    "redis": ("redis [127.0.0.1] : REDIS prefix test;", 1),
    "max-age": ('path "FOLDER/verdicts.sqlite"; max-age 0.001;', 3),
    "max-entries": ('path "FOLDER/verdicts.sqlite"; max-entries 1;', 3),
}


@pytest.mark.parametrize("name", CACHES)
def test_verdict_cache(tmp_path, clamd, redis_server, name):
    """With room for one entry, that of the other mail is gone when the first comes again."""
    items, asked = CACHES[name]
    items = items.replace("FOLDER", str(tmp_path)).replace("REDIS", str(redis_server.port))
    rows = [Policy("cached", BY_STATUS, "use-antivirus enable A;")]
    sections = f"antivirus A {{ connection clamav [{HOST}] : {clamd.port}; }}"
    mails = {"virus": VIRUS, "clean": MAILS["clean"]}
    items = f"verdict-cache {{ {items} }} log-debug {{ level debug; }}"
    with MailPolicies(tmp_path, rows, mails, sections, items, log="") as policies:
        for _ in range(3):
            assert refusal(policies, "cached", "virus") == "found"
            if name == "max-entries":
                assert refusal(policies, "cached", "clean") == "free"
        policies.proxy.wait_for("IMAP-702", 3)
        cached = [line.split("CACHED=")[1][:3] for line in policies.proxy.logged("MAVC-730")
                  if "STATUS=found" in line]
    assert cached == ["NO ", "YES", "YES"] if asked == 1 else ["NO "] * 3
