"""Mails are scanned in another root, as another user: nothing is looked for that is not there."""

from __future__ import annotations

import imaplib
import os
import shutil
import tempfile
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.dovecot import PASSWORD, Dovecot
from tests.support.engines import EICAR
from tests.support.mail_samples import ARCHIVE, HEAD, PNG, PROGRAM, TEXT, gzipped, mail, mixed, part
from tests.support.ports import HOST
from tests.support.proxy import Proxy

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root")

CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
antivirus CLAMAV {{ connection clamav [{host}] : {clamd}; }}
html-filter SAFE {{ defang; }}
imap4-proxy TEST {{
    nodaemon;
    log-debug {{ level full; file "{folder}/debug"; }}
    monitoring {{ disabled; }}
    tcpserver {{ init-children 1; min-idle 1; max-idle 2; }}
    app-user nobody;
    chroot-dir "{jail}";
    listen-on {{ non-transparent [{host}] port {{port}}; }}
    mail-pool {{ dir "{jail}/pool"; memory 100; free 0; }}
    verdict-cache {{ path "{jail}/pool/verdicts.sqlite"; }}
    doctype-identification {{ order {{ magic, extension, content-type }};
                              mime-types "{folder}/mime.types"; }}
    session-acl ALL {{ plug-to [{host}] : {server}; accept; }}
    command-acl ALL {{ use-antivirus enable CLAMAV; accept; }}
    mail-acl VIRUS {{ virus-status found; quarantine "{jail}/kept";
                      replace-body "{folder}/gone.txt"; accept; }}
    mail-acl ALL {{ subject-text "[X] "; status-headers yes; accept; }}
    doc-acl GONE {{ filename {{ *.exe }}; replace "{folder}/gone.txt"; accept; }}
    doc-acl ARCHIVE {{ archive-member {{ *.js }}; remove; accept; }}
    doc-acl HTML {{ mime-type text/html; html-filter SAFE; accept; }}
    doc-acl ALL {{ force-doctype-ident; accept; }}
}}
"""
SQLITE = ("/dev/urandom", "verdicts.sqlite")
CHARSETS = ("shift_jis", "koi8-r", "gb18030", "windows-1255", "iso-8859-8-i", "utf-16le", "big5")


def html(charset: str) -> bytes:
    page = "<p onclick='x()'>Hello \u0436</p>".encode(charset.removesuffix("-i"), "replace")
    return part(f"text/html; charset={charset}", page)


def subject(charset: str) -> bytes:
    return HEAD.replace(b"=?utf-8?q?Caf=C3=A9?=", b"=?%b?q?=C6?=" % charset.encode())


MAILS = [
    mixed(TEXT, PROGRAM, ARCHIVE, PNG, part("application/gzip", gzipped(b"x"), name="a.gz")),
    mixed(part("application/octet-stream", EICAR, name="x.com")),
    *(mixed(html(charset), head=subject(charset)) for charset in CHARSETS),
    mail(body=b"one\rtwo\0\r\n"),
]


@pytest.fixture
def jail() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    for name in ("pool", "kept"):
        (folder / name).mkdir()
        shutil.chown(folder / name, "nobody")
    yield folder
    shutil.rmtree(folder)


def calls_inside(traces: Path, jail: Path) -> list[str]:
    """Calls on files of children since they have another root, but for what SQLite tries."""
    found = []
    for path in traces.iterdir():
        _, root, calls = path.read_text(errors="replace").partition(f'chroot("{jail}"')
        found += calls.splitlines()[1:] if root else []
    return [line for line in found if not any(word in line for word in SQLITE)]


def test_nothing_is_looked_for(tmp_path: Path, jail: Path, clamd) -> None:
    (tmp_path / "gone.txt").write_text("It is gone: %(filename)s %(virus-name)s\n")
    (tmp_path / "mime.types").write_text("text/x-test  test\n")
    traces = tmp_path / "traces"
    traces.mkdir()
    strace = ("strace", "-D", "-ff", "-o", traces / "of", "-e", "trace=%file,execve", "-qq")
    with Dovecot() as server:
        server.fill("alice", MAILS)
        text = CONFIGURATION.format(
            host=HOST, clamd=clamd.port, folder=tmp_path, jail=jail, server=server.port
        )
        with Proxy(tmp_path, configuration=text, prefix=strace) as proxy:
            with imaplib.IMAP4(HOST, proxy.port) as client:
                client.login("alice", PASSWORD)
                client.select()
                for number in range(1, len(MAILS) + 1):
                    status, data = client.fetch(str(number), "(BODY.PEEK[] BODYSTRUCTURE)")
                    assert status == "OK" and b"onclick" not in data[0][1]
                assert client.append("INBOX", "", "", MAILS[0])[0] == "OK"
        assert proxy.status == 0
    calls = calls_inside(traces, jail)
    assert any("O_TMPFILE" in line for line in calls)
    assert [line for line in calls if " = -1 " in line] == []
    assert [path.suffix for path in sorted((jail / "kept").iterdir())] == [".eml", ".json"]
