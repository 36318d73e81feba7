"""Whole sessions in another root, as another user: TLS on both sides, names, logs, monitoring.

Whatever a session needs is there before the child gives up its root; strace tells
whether it looked for anything afterwards.
"""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Iterator

import pytest

from tests.support.dns_server import DnsServer, failing, honest
from tests.support.jail import CLIENT, PLAIN, SERVER, TLS, Stage, stage
from tests.support.peers import connect
from tests.support.ports import HOST
from tests.support.waiting import wait_until

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root")

NOBODY = pwd.getpwnam("nobody")
GROUPS = os.getgrouplist("nobody", NOBODY.pw_gid)
NOBODY_LISTENS = "127.0.0.2"
ZONE = "Asia/Kathmandu"  # no other country has its time


@pytest.fixture
def jail() -> Iterator[Path]:
    """A folder that everybody may enter; pytest's are for their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def names() -> Iterator[DnsServer]:
    with DnsServer() as names:
        names.add(SERVER, HOST)
        names.add(CLIENT, HOST)
        names.add_reverse(HOST, CLIENT)
        yield names


def status(pid: int) -> dict[str, str]:
    return dict(re.findall(r"(?m)^(\S+):\s*(.*?)\s*$", Path(f"/proc/{pid}/status").read_text()))


def assert_without_privileges(pid: int, jail: Path) -> None:
    found = status(pid)
    assert found["Uid"].split() == [str(NOBODY.pw_uid)] * 4
    assert found["Gid"].split() == [str(NOBODY.pw_gid)] * 4
    assert sorted(map(int, found["Groups"].split())) == sorted(GROUPS)
    sets = {name: int(found[name], 16) for name in found if name.startswith("Cap")}
    assert sets == dict.fromkeys(("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"), 0)
    assert found["NoNewPrivs"] == "1"
    assert os.stat(f"/proc/{pid}/root").st_ino == jail.stat().st_ino


KINDS = [
    # both policies, further items of tcpserver and of log-stats
    (TLS, "", ""),
    (PLAIN, "listener yes;", "format json;"),
]


@pytest.mark.parametrize("policy, processes, format", KINDS)
def test_sessions_look_for_nothing(
    tmp_path: Path,
    jail: Path,
    names: DnsServer,
    policy: tuple[str, str],
    processes: str,
    format: str,
) -> None:
    with stage(tmp_path, jail, names, policy, processes=processes, format=format) as it:
        for _ in range(3):
            it.session()
        wait_until(lambda: it.log("debug").count("IMAP-702") == 3, "three sessions")
        before = {child.pid for child in it.children()}
        it.proxy.process.signal(signal.SIGHUP)
        wait_until(
            lambda: (now := {child.pid for child in it.children()}) and not now & before,
            "other children",
        )
        it.session()
        it.proxy.process.signal(signal.SIGUSR2)
        wait_until(lambda: "TCPS-705" in it.log("debug"), "the other level")
        it.session()
        wait_until(lambda: it.log("stats").count("alice") >= 5, "five records")
    assert_nothing_failed(it, 3)  # two generations of children, and the helper of monitoring
    assert (CLIENT, "A") in names.asked and (SERVER, "A") in names.asked
    assert it.log("debug").count("IMAP-701") == 5


BAD_CLIENTS = ["nobody", "bob", "stranger", "expired"]  # no certificate, revoked, ...


def test_sessions_that_fail_look_for_nothing(
    tmp_path: Path, jail: Path, names: DnsServer
) -> None:
    with stage(tmp_path, jail, names) as it:
        for name in BAD_CLIENTS:
            with suppress(OSError, EOFError), it.connect(name) as client:
                client.rest()
        with connect(it.proxy.port) as client:
            client.send(b"a LOGIN alice secret\r\n")
            client.rest()
        with connect(it.proxy.port) as client:
            client.reset()
        ended = len(BAD_CLIENTS) + 2
        wait_until(lambda: it.log("debug").count("IMAP-702") == ended, "the ends of all")
    assert_nothing_failed(it, 2)


def test_server_that_is_not_there(tmp_path: Path, jail: Path, names: DnsServer) -> None:
    names.add(SERVER, NOBODY_LISTENS)
    with stage(tmp_path, jail, names) as it:
        with it.connect() as client:
            assert b"* BYE" in client.rest()
        wait_until(lambda: "IMAP-702" in it.log("debug"), "the end")
    assert_nothing_failed(it, 2)


def test_client_without_a_name(tmp_path: Path, jail: Path, names: DnsServer) -> None:
    names.behave(failing)
    names.behave(honest, SERVER)
    with stage(tmp_path, jail, names, PLAIN) as it:
        with it.connect() as client:
            assert client.rest() == b""  # no session-acl is selected
        wait_until(lambda: "RESL-813" in it.log("debug"), "the complaint")
    assert_nothing_failed(it, 2)


def test_time_is_local_where_the_parent_logs_nothing(
    tmp_path: Path, jail: Path, names: DnsServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", ZONE)
    with stage(tmp_path, jail, names, level="error", format="format json;") as it:
        it.session()
        wait_until(lambda: "alice" in it.log("stats"), "the record")
    assert_nothing_failed(it, 2)
    assert json.loads(it.log("stats").splitlines()[0])["time"].endswith("+05:45")


def assert_nothing_failed(it: Stage, processes: int) -> None:
    inside = it.calls_inside()
    assert len(inside) >= processes
    assert [line for lines in inside for line in lines if " = -1 " in line] == []


def test_what_is_seen_of_a_session(tmp_path: Path, jail: Path, names: DnsServer) -> None:
    with stage(tmp_path, jail, names) as it:
        with it.connect() as client:
            client.line()
            assert b"x OK" in client.command(b"LOGIN alice secret")
            for child in it.children():
                assert_without_privileges(child.pid, jail)
            [record] = wait_until(
                lambda: [
                    path
                    for path in (jail / "run").glob("monitor.TEST.*")
                    if "alice" in path.read_text()
                ],
                "the record of the session",
            )
            assert record.stat().st_uid == NOBODY.pw_uid
    assert not list((jail / "run").iterdir())
