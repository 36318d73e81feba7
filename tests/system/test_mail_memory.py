"""A mail of 100 MiB that is scanned and changed costs a child less than 32 MiB, both ways.

RssAnon of /proc/PID/status (proc(5)) is what is the child's alone; the mail lies in the mail pool.
`pytest -s` prints how much it grew.
"""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import Iterator

import pytest

from tests.support.daemons import busy
from tests.support.mail_policies import MailPolicies, Policy, opened
from tests.support.mail_samples import TEXT, mixed, part
from tests.support.memory import MIB, Watch
from tests.support.peers import Peer
from tests.support.waiting import wait_until

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


@contextmanager
def watched(policies: MailPolicies) -> Iterator[tuple[Peer, Watch]]:
    """A session, and its child."""
    with opened(policies.port(CHANGED.name), b"SELECT INBOX") as client:
        wait_until(lambda: len(busy(policies.proxy.pid)) == 1, "the only child with a session")
        with Watch(*busy(policies.proxy.pid)) as watch:
            yield client, watch


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
    wait_until(lambda: not busy(policies.proxy.pid), "the end of the session")
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
