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
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Iterator, NamedTuple

import psutil
import pytest

from tests.support.daemons import below, title
from tests.support.dns_server import DnsServer, failing, honest
from tests.support.obliging import CAPABILITIES, Obliging, script
from tests.support.peers import FakeServer, Peer, connect
from tests.support.ports import HOST
from tests.support.proxy import Proxy
from tests.support.tls import client_context, server_context
from tests.support.waiting import wait_until
from tests.support.world import NAME, World, own

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root can change its root")

NOBODY = pwd.getpwnam("nobody")
GROUPS = os.getgrouplist("nobody", NOBODY.pw_gid)
LARGE = 700_000  # octets of a literal; more than the queues of the sockets hold
SERVER = "imap.example.org"
CLIENT = "pc7.example.org"
NOBODY_LISTENS = "127.0.0.2"
ZONE = "Asia/Kathmandu"  # no other country has its time

CONFIGURATION = """
version IMAP4-PROXY-1_0-RELEASE;
resolver NAMES {{ server [{host}] port {dns}; }}
ssl-params CLIENTS {{ {own} ca-file "{ca}"; crl-file "{crl}"; verify required; }}
ssl-params SERVERS {{ ca-file "{ca}"; verify required; match-name yes; }}
imap4-proxy TEST {{
    nodaemon;
    log-debug {{ level {level}; file "{folder}/debug"; }}
    log-stats {{ level full; file "{folder}/stats"; {format} }}
    use-resolver NAMES;
    monitoring {{ comm-dir "{jail}/run"; interval 1; }}
    tcpserver {{ init-children 1; min-idle 1; max-idle 2; {processes} }}
    app-user nobody;
    chroot-dir "{jail}";
    listen-on {{ non-transparent [{host}] port {{port}}; }}
    session-acl ALL {{
        from pc*.example.org;
        language CZ;
        {clients}
        plug-to {server} : {port};
        accept;
    }}
    command-acl ALL {{
        commands ! DELETE;
        {servers}
        no-mail-scanning;
        accept;
    }}
}}
"""


TLS = (
    'client-ssl-params CLIENTS session; client-cert-match subject { "OU=admins" };',
    "server-ssl-params SERVERS session;",
)
PLAIN = ("", "")


class Stage(NamedTuple):
    """The program, and all it needs around it."""

    proxy: Proxy
    folder: Path
    jail: Path
    traces: Path
    world: World
    tls: bool

    def connect(self, name: str = "alice") -> Peer:
        client = connect(self.proxy.port)
        if self.tls:
            context = client_context(self.world.root, self.world.clients[name])
            client.start_tls(context, NAME)
        return client

    def session(self) -> None:
        """Everything that a mail program does, and something that it may not."""
        with self.connect() as client:
            assert client.line().startswith(b"* OK")
            assert b"x OK" in client.command(b"LOGIN alice secret")
            assert b"x OK" in client.command(b"SELECT INBOX")
            assert len(client.command(b"FETCH 1 BODY[]")) > LARGE
            client.send(b"i IDLE\r\n")
            assert client.line().startswith(b"+")
            client.send(b"DONE\r\n")
            assert client.line().startswith(b"i OK")
            assert b"neni povolen" in client.command(b"DELETE Trash")
            client.command(b"nonsense")
            assert b"x OK" in client.command(b"APPEND x {5+}\r\nhello")
            assert b"x OK" in client.command(b"LOGOUT")
            client.rest()

    def log(self, name: str) -> str:
        path = self.folder / name
        return path.read_text() if path.exists() else ""

    def children(self) -> list[psutil.Process]:
        return [it for it in below(self.proxy.pid) if ": child: " in title(it)]


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


@contextmanager
def stage(
    folder: Path,
    jail: Path,
    names: DnsServer,
    policy: tuple[str, str] = TLS,
    level: str = "full",
    format: str = "",
    processes: str = "",
) -> Iterator[Stage]:
    tls = policy is TLS
    world = World(folder)
    certificate = world.write(world.root.issue(SERVER, dns=[SERVER]))
    literal = b"* 1 FETCH (BODY[] {%d}\r\n%b)\r\n" % (LARGE, b"x" * LARGE)

    def serve(peer: Peer) -> None:
        if tls:
            peer.start_tls(server_context(certificate))
        script(Obliging(CAPABILITIES, {b"FETCH": literal}), peer)

    traces = folder / "traces"
    traces.mkdir()
    strace = ("strace", "-D", "-ff", "-o", traces / "of", "-e", "trace=%file,execve", "-qq")
    with FakeServer(serve) as server:
        text = CONFIGURATION.format(
            host=HOST,
            dns=names.port,
            own=own(world.proxy),
            ca=world.ca,
            crl=world.crl,
            folder=folder,
            jail=jail,
            clients=policy[0],
            servers=policy[1],
            level=level,
            format=format,
            processes=processes,
            server=SERVER,
            port=server.port,
        )
        with Proxy(folder, configuration=text, prefix=strace) as proxy:
            yield Stage(proxy, folder, jail, traces, world, tls)
    assert proxy.status == 0


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
        wait_until(lambda: "TCPS-701" in it.log("debug"), "the reload")
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
    inside = traces_inside(it.traces, it.jail)
    assert len(inside) >= processes
    assert [line for lines in inside for line in lines if " = -1 " in line] == []


def traces_inside(folder: Path, jail: Path) -> list[list[str]]:
    """Of each process that has another root: its calls since then."""
    found = []
    for path in folder.iterdir():
        lines = path.read_text(errors="replace").splitlines()
        roots = [number for number, line in enumerate(lines) if line.startswith(f'chroot("{jail}')]
        if roots:
            found.append(lines[roots[0] :])
    return found


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
