"""Mails that cost much to read: bounded memory and time, and the next mail is served as ever.

Those over a limit have `mail-structure invalid`, and are denied here; the others arrive as they
are.  `pytest -s` prints what each took.  That time is linear is shown in
tests/kernun_common/mail_doc.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import NamedTuple

import psutil
import pytest

from tests.support.daemons import busy
from tests.support.dovecot import PASSWORD
from tests.support.mail_policies import USER, MailPolicies, Policy
from tests.support.mail_samples import TEXT, gzipped, mail, mixed, part, zipped
from tests.support.memory import MIB, Watch
from tests.support.peers import Peer, connect
from tests.support.waiting import wait_until

MOST = 32 * MIB  # that a child may grow
CPU = 60.0  # seconds of a child for one mail; what is quadratic takes hours

INVALID = Policy(
    "invalid",
    'mail-acl M { mail-structure invalid; deny text "invalid"; } mail-acl R { accept; }'
    ' doc-acl A { archive-member *.exe; deny text "program"; } doc-acl D { accept; }',
)
HTML = Policy("html", "mail-acl M { accept; } doc-acl H { html-filter SAFE; accept; }")
SECTIONS = "html-filter SAFE { defang; }"
ATTRIBUTES = b"".join(b" a%d=1" % number for number in range(380_000))


def zip_in_zip(levels: int) -> bytes:
    octets = zipped("setup.exe")
    for _ in range(levels):
        octets = _stored("inner.zip", octets)
    return octets


def _stored(name: str, octets: bytes) -> bytes:
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, octets)
    return archive.getvalue()


def levels(count: int) -> bytes:
    heads = (
        b'Content-Type: multipart/mixed; boundary="b%d"\r\n\r\n--b%d\r\n' % (number, number)
        for number in range(count)
    )
    return b"Subject: deep\r\nMIME-Version: 1.0\r\n" + b"".join(heads) + b"\r\nhello\r\n"


BOMB = part("application/gzip", gzipped(bytes(63 * MIB)), name="zeros.gz")
PIECES = b"".join(b';\r\n name*%d="x"' % number for number in range(100_000))
MAILS = {
    "500,000 addresses": mail(b"Cc: " + b"a@example.org,\r\n " * 500_000 + b"b@example.org"),
    "100,000 parts": mixed(*[b"\r\n"] * 100_000),
    "300 levels": levels(300),
    "100,000 pieces of a file name": mail(b"Content-Type: text/plain" + PIECES),
    "a line of 64 MiB": mail(body=b"x" * (64 * MIB) + b"\r\n"),
    "a zip bomb": mixed(part("application/zip", _stored("zeros", bytes(200 * MIB)), name="b.zip")),
    "400 bombs": mixed(*[BOMB] * 400),
    "zip in zip": mixed(TEXT, part("application/zip", zip_in_zip(8), name="a.zip")),
    "gzip without end": mixed(part("application/gzip", zlib.compress(b"x" * MIB)[:-9])),
    "380,000 attributes of an end tag": mixed(
        part("text/html", b"<p onclick=x>harmless</p" + ATTRIBUTES + b">")
    ),
    "the next one": mixed(TEXT),
}
DENIED = {
    "500,000 addresses": b"invalid",
    "100,000 parts": b"invalid",
    "300 levels": b"invalid",
    "100,000 pieces of a file name": b"invalid",
}


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    folder = tmp_path_factory.mktemp("expensive")
    with MailPolicies(folder, [INVALID, HTML], MAILS, SECTIONS) as running:
        yield running


def session(port: int) -> Peer:
    client = connect(port)
    client.socket.settimeout(240)
    client.line()
    client.command(b"LOGIN %b %b" % (USER.encode(), PASSWORD.encode()))
    assert b"x OK" in client.command(b"EXAMINE INBOX")
    return client


class Fetched(NamedTuple):
    """The answer to FETCH, by how much the child has grown, and its CPU so far in seconds."""

    answer: bytes
    growth: int
    seconds: float


def fetched(policies, policy, name) -> Fetched:
    number = list(MAILS).index(name) + 1
    with session(policies.port(policy.name)) as client:
        wait_until(lambda: len(busy(policies.proxy.pid)) == 1, "the only child with a session")
        with Watch(*busy(policies.proxy.pid)) as watch:
            answer = client.command(b"FETCH %d (BODY.PEEK[])" % number)
            seconds = sum(psutil.Process(watch.pid).cpu_times()[:2])
        client.command(b"LOGOUT")
    print(f"{name}: {len(MAILS[name]) / MIB:.1f} MiB, {watch.growth / MIB:.1f} MiB more,"
          f" CPU of the child so far {seconds:.2f} s")
    wait_until(lambda: not busy(policies.proxy.pid), "the end of the session")
    return Fetched(answer, watch.growth, seconds)


@pytest.mark.parametrize("name", MAILS)
def test_mail(policies, name):
    answer, growth, seconds = fetched(policies, INVALID, name)
    if name in DENIED:
        assert answer.splitlines()[-1].startswith(b"x NO [NOPERM]") and b"BODY[]" not in answer
        assert DENIED[name] in answer
    else:
        assert MAILS[name] in answer and b"\r\nx OK" in answer
    assert growth < MOST and seconds < CPU


def test_html_with_many_attributes_of_an_end_tag(policies):
    """An end tag has none, so browsers pass over them; html5lib reads them all."""
    answer, _, seconds = fetched(policies, HTML, "380,000 attributes of an end tag")
    assert b"<p>harmless</p>" in answer and b"\r\nx OK" in answer and b" a1" not in answer
    assert seconds < CPU
