"""A mail of 100 MiB that is scanned and changed costs a child less than 32 MiB, both ways.

RssAnon of /proc/PID/status (proc(5)) is what is the child's alone; the mail lies in the mail pool.
`pytest -s` prints how much it grew.
"""

from __future__ import annotations

import os
import re
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.daemons import below, title
from tests.support.mail_policies import MailPolicies, Policy, opened
from tests.support.mail_samples import TEXT, mixed, part
from tests.support.peers import Peer
from tests.support.waiting import wait_until

MIB = 1 << 20
SIZE = 100 * MIB
MOST = 32 * MIB
LARGE = mixed(TEXT, part("application/octet-stream", os.urandom(SIZE * 3 // 4), name="large.bin"))
CHANGED = Policy(  # it is written, read and written anew
    "changed",
    "mail-acl M { status-headers yes; accept; } doc-acl D { accept; }",
    "download { size-preserving no; }",
)


@pytest.fixture(scope="module")
def policies(tmp_path_factory):
    with MailPolicies(tmp_path_factory.mktemp("memory"), [CHANGED], {"large": LARGE}) as running:
        yield running


def anonymous(pid: int) -> int:
    """Octets of memory that no file stands behind."""
    found = re.search(r"RssAnon:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(found[1]) * 1024 if found else 0


class Watch:
    """The most that a process comes to have."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self.before = self.most = anonymous(pid)
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(0.005):
            self.most = max(self.most, anonymous(self._pid))

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *args: object) -> None:
        self._over.set()
        self._thread.join()

    @property
    def growth(self) -> int:
        return self.most - self.before


@contextmanager
def watched(policies: MailPolicies) -> Iterator[tuple[Peer, Watch]]:
    """A session, and its child."""
    with opened(policies.port(CHANGED.name), b"SELECT INBOX") as client:
        wait_until(lambda: len(_busy(policies)) == 1, "the only child with a session")
        with Watch(*_busy(policies)) as watch:
            yield client, watch


def _busy(policies: MailPolicies) -> list[int]:
    titles = {it.pid: title(it) for it in below(policies.proxy.pid)}
    return [pid for pid, words in titles.items() if ": child: " in words and "idle" not in words]


def pooled(policies: MailPolicies) -> list[str]:
    """The files of the mail pool that are open; they have no name."""
    return [link for link in policies.proxy.descriptors() if "/pool/" in link]


def skip(client: Peer, octets: int) -> None:
    """Read and forget them; the test, too, has other uses for its memory."""
    while octets:
        octets -= len(client.take(min(octets, MIB)))


def test_download(policies):
    with watched(policies) as (client, watch):
        client.send(b"a FETCH 1 (BODY.PEEK[])\r\n")
        line = client.line()
        size = int(line[line.index(b"{") + 1 : -3])
        assert size > len(LARGE)
        skip(client, size)
        assert client.line() == b")\r\n" and client.line().startswith(b"a OK")
        assert pooled(policies)
    print(f"download: {watch.growth / MIB:.1f} MiB")
    assert watch.growth < MOST
    wait_until(lambda: not _busy(policies), "the end of the session")
    assert not pooled(policies)  # and so the disk is free again


def test_upload(policies):
    with watched(policies) as (client, watch):
        client.send(b"a APPEND INBOX {%d}\r\n" % len(LARGE))
        assert client.line().startswith(b"+ ")
        client.send(LARGE)
        client.send(b"\r\n")
        client.until(b"\r\na OK")
    print(f"upload: {watch.growth / MIB:.1f} MiB")
    assert watch.growth < MOST
