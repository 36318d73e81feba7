"""Children in another root, as another user, without capabilities: a session all the same."""

from __future__ import annotations

import grp
import os
import pwd
import re
import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path
from typing import Iterator

import psutil
import pytest

from tests.support.daemons import below, title
from tests.support.fake_imap import obliging
from tests.support.peers import FakeServer, connect
from tests.support.process import Process
from tests.support.proxy import ROOT, Proxy
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its user")

NOBODY = pwd.getpwnam("nobody")
DAEMON = grp.getgrnam("daemon").gr_gid


@pytest.fixture
def jail() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's are for their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def server() -> Iterator[FakeServer]:
    with FakeServer(obliging()) as server:
        yield server


def items(jail: Path) -> str:
    return (
        "tcpserver { init-children 1; min-idle 1; max-idle 2; }"
        f' app-user nobody; chroot-dir "{jail}";'
    )


def status(pid: int) -> dict[str, str]:
    return dict(re.findall(r"(?m)^(\S+):\s*(.*?)\s*$", Path(f"/proc/{pid}/status").read_text()))


def busy(proxy: Proxy) -> list[psutil.Process]:
    return [it for it in below(proxy.pid) if "child: 127.0.0.1" in title(it)]


def test_app_user_and_chroot_dir(tmp_path: Path, jail: Path, server: FakeServer) -> None:
    with Proxy(tmp_path, plug_to=server.port, items=items(jail)) as proxy:
        with connect(proxy.port) as client:
            client.line()
            assert b"x OK" in client.command(b"LOGIN alice secret")
            [child] = [it for it in below(proxy.pid) if "child: 127.0.0.1" in title(it)]
            found = status(child.pid)
            assert found["Uid"].split() == [str(NOBODY.pw_uid)] * 4
            assert {int(found[name], 16) for name in ("CapEff", "CapPrm", "CapInh")} == {0}
            assert found["NoNewPrivs"] == "1"
            assert os.stat(f"/proc/{child.pid}/root").st_ino == jail.stat().st_ino
            assert b"x OK" in client.command(b"LOGOUT")
        assert "USER=alice" in proxy.wait_for("IMAP-702")[0]
    assert proxy.status == 0


GROUPS = [
    # what stands behind app-user nobody, the group, all groups
    ("", NOBODY.pw_gid, os.getgrouplist("nobody", NOBODY.pw_gid)),
    ("group daemon", DAEMON, [DAEMON]),
]


@pytest.mark.parametrize("words, group, groups", GROUPS)
def test_group(
    tmp_path: Path, server: FakeServer, words: str, group: int, groups: list[int]
) -> None:
    with Proxy(tmp_path, plug_to=server.port, items=f"app-user nobody {words};") as proxy:
        with connect(proxy.port) as client:
            client.line()
            [child] = wait_until(lambda: busy(proxy), "the child")
            found = status(child.pid)
    assert found["Gid"].split() == [str(group)] * 4
    assert sorted(map(int, found["Groups"].split())) == sorted(groups)


def test_one_process_gives_up_too(tmp_path: Path, jail: Path, server: FakeServer) -> None:
    with Proxy(tmp_path, plug_to=server.port, items=f"singleproc; {items(jail)}") as proxy:
        with connect(proxy.port) as client:
            client.line()
            assert status(proxy.pid)["Uid"].split() == [str(NOBODY.pw_uid)] * 4
    assert proxy.status == 0


BAD = [
    # items, words of the complaint
    ("app-user no-such-user;", "there is no user no-such-user"),
    ("app-user nobody group no-such-group;", "there is no group no-such-group"),
    ('chroot-dir "/no/such/folder";', "there is no folder /no/such/folder"),
]


@pytest.mark.parametrize("text, words", BAD)
def test_what_cannot_be_had(tmp_path: Path, text: str, words: str) -> None:
    proxy = Proxy(tmp_path, items=text)
    command = [sys.executable, "-m", "imap4proxy.main", "-f", proxy.path]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with Process(command, tmp_path / "log", environment) as process:
        assert process.wait(60) == 1
        assert process.output.startswith(f"{proxy.path}:") and words in process.output


OPENS = "open,openat,openat2,stat,lstat,newfstatat,statx,access,faccessat,faccessat2,readlink"


def test_a_session_opens_nothing_that_fails(
    tmp_path: Path, jail: Path, server: FakeServer
) -> None:
    trace = tmp_path / "trace"
    with ExitStack() as stack:
        proxy = stack.enter_context(Proxy(tmp_path, plug_to=server.port, items=items(jail)))
        [child] = wait_until(
            lambda: [it for it in below(proxy.pid) if "child: idle" in title(it)], "an idle child"
        )
        command = ["strace", "-o", trace, "-e", f"trace={OPENS}", "-p", child.pid]
        strace = stack.enter_context(Process(command, tmp_path / "strace"))
        strace.wait_until(lambda: "attached" in strace.output, "strace is not attached")
        with connect(proxy.port) as client:
            client.line()
            for line in (b"LOGIN alice secret", b"SELECT INBOX", b"DELETE x", b"nonsense"):
                client.command(line)
            assert b"x OK" in client.command(b"LOGOUT")
        assert "USER=alice" in proxy.wait_for("IMAP-702")[0]
    failed = [line for line in trace.read_text().splitlines() if " = -1 " in line]
    assert failed == []
